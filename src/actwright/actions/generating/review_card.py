"""The review card: all a person needs to decide about generated code, as data for a terminal and for a page.

What the code does is told from its recipe and its capabilities. A model's own words stand apart, marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from actwright.actions.generated.action import GeneratedAction, Maker
from actwright.actions.generated.capability import FieldsOf
from actwright.actions.generated.difference import line_of_code
from actwright.actions.generated.trial import ExpectedEffect
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.recipe_words import sentences
from actwright.inert import inert
from actwright.org.query import JsonScalar

_LONGEST = 300
_LONGEST_VALUE = 120
_MOST_ROWS = 10
"""Sample records of one object in one test that are shown."""
_VERBS = {"CREATE": "creates", "UPDATE": "changes"}


@dataclass(frozen=True, slots=True)
class CardTest:
    """One test on the card: its name, whether it passed, what it says where not, and what it holds, a line each."""

    name: str
    passed: bool
    message: str = ""
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """What a person sees before they approve generated code. Every text on it is inert.

    Attributes:
        name: What the action is called.
        title: What people call it.
        id: Its id, made of what it does.
        digest: What an approval is bound to.
        origin: Who wrote it.
        made_by: Who exactly, in words.
        does: What it does, a sentence each, in our words.
        said: What a model was told to write, and what it took for granted, a line each; nobody checked these words.
        inputs: What it takes: name and type, and whether the code never sees it.
        reads: What it reads: object and fields, and which of them the code never sees.
        writes: What it writes: what it does, object and fields.
        calls: The services it calls.
        code: Its lines.
        tests: Its tests, and how they went.
        came: What came out of the dry run, a line each.
        faults: Why it cannot be approved; empty where it can.
    """

    name: str
    title: str
    id: str
    digest: str
    origin: Literal["template", "model"]
    made_by: str
    does: tuple[str, ...]
    said: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]
    reads: tuple[tuple[str, tuple[str, ...]], ...]
    writes: tuple[tuple[str, str, tuple[str, ...]], ...]
    calls: tuple[str, ...]
    code: tuple[str, ...]
    tests: tuple[CardTest, ...]
    came: tuple[str, ...]
    faults: tuple[str, ...]


def review_card(action: GeneratedAction) -> ReviewCard:
    """Return the card of a generated action."""
    blueprint, review = action.blueprint, action.review
    written = action.origin == "model" and blueprint.recipe is None
    return ReviewCard(
        name=action.name,
        title=inert(blueprint.label, limit=_LONGEST),
        id=action.id,
        digest=action.digest,
        origin=action.origin,
        made_by=_maker(action.made_by),
        does=_does(action),
        said=tuple(_said(action)) if written else (),
        inputs=tuple(_input(action, each) for each in blueprint.inputs),
        reads=tuple((each.object, tuple(_read(each))) for each in action.reads),
        writes=tuple((_VERBS[each.operation], each.object, each.fields) for each in action.writes),
        calls=action.calls,
        code=tuple(line_of_code(each) for each in action.code.rstrip("\n").split("\n")),
        tests=tuple(
            CardTest(
                inert(each.name),
                each.passed,
                inert(each.message, limit=_LONGEST),
                tuple(_holds(action, each.name)),
            )
            for each in review.tests
        ),
        came=tuple(map(_came, review.dry_run.effects)) if review.dry_run else (),
        faults=tuple(inert(each, limit=_LONGEST) for each in review.faults),
    )


def _maker(made_by: Maker) -> str:
    if made_by.template:
        return f"the template {made_by.template}, without a model"
    prompt = f"{made_by.prompt_name} {made_by.prompt_version}"
    mark = (made_by.prompt_hash or "")[:12]
    return f"the model {inert(made_by.model or 'unknown', limit=80)}, asked with the prompt {prompt} ({mark})"


def _input(action: GeneratedAction, given: ActionInput) -> tuple[str, str]:
    unseen = given.api_name in action.opaque_inputs
    return given.api_name, f"{given.data_type}, passed on unseen" if unseen else given.data_type


def _read(given: FieldsOf) -> Iterator[str]:
    """Yield the fields that are read, marked where the code passes them on and never sees them."""
    for each in given.fields:
        yield f"{each} (passed on unseen)" if each in given.opaque else each


def _holds(action: GeneratedAction, name: str) -> Iterator[str]:
    """Yield what a test hands in, the sample records it runs against, and what it expects."""
    for test in (each for each in action.tests if each.name == name):
        if test.arguments:
            yield f"takes {_values(test.arguments)}"
        for kind, rows in test.records.items():
            yield from (f"with {kind}: {_values(each)}" for each in rows[:_MOST_ROWS])
            if len(rows) > _MOST_ROWS:
                yield f"and with {len(rows) - _MOST_ROWS} more {kind} records"
        yield from (f"expects that it {_came(each)}" for each in test.effects)
        if test.fails:
            yield "expects that it breaks off, and writes nothing"


def _values(values: Mapping[str, JsonScalar]) -> str:
    return ", ".join(f"{inert(name)} = {_shown(value)}" for name, value in values.items())


def _said(action: GeneratedAction) -> Iterator[str]:
    yield inert(action.blueprint.summary, limit=500)
    yield from (f"It took for granted: {inert(each)}" for each in action.assumptions)


def _does(action: GeneratedAction) -> tuple[str, ...]:
    """Return what the code does: by its recipe where it has one, else by what it may reach at all."""
    if action.blueprint.recipe is not None and action.origin == "template":
        return sentences(action.blueprint.recipe)
    read = (f"It may read {_fields(each.fields)} of {each.object}." for each in action.reads)
    wrote = (
        f"It {_VERBS[each.operation]} {each.object} records, and may fill {_fields(each.fields)}."
        for each in action.writes
    )
    called = (f"It calls {each}." for each in action.calls)
    return (*read, *wrote, *called)


def _fields(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _came(effect: ExpectedEffect) -> str:
    values = [f"{name} = {_shown(value)}" for name, value in effect.values.items()]
    values += [f"{name} = the id of new record {place}" for name, place in effect.links.items()]
    which = f" {effect.record_id}" if effect.record_id else ""
    return f"{_VERBS[effect.operation]} {effect.object}{which}: {', '.join(values)}"


def _shown(value: JsonScalar) -> str:
    return "nothing" if value is None else inert(str(value), limit=_LONGEST_VALUE)
