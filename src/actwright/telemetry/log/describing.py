"""What is kept of a planning call: its record, and, where texts are kept, what was said in it, redacted."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from actwright.actions.generating.making import is_generated
from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.plan import Plan, PlannedAction, PlannerInfo
from actwright.canonical import Json, digest
from actwright.errors import ActwrightError
from actwright.model.exchange import Exchange, ExchangeMessage, ExchangeTexts
from actwright.model.quoting import quoted
from actwright.planning.planner import PlanningOutcome
from actwright.telemetry.log.call import Call
from actwright.telemetry.log.entry import Entry, TextsEntry
from actwright.telemetry.log.free_texts import names_in, own_words, words_of
from actwright.telemetry.log.generated_names import told_name
from actwright.telemetry.log.payloads import Offloading
from actwright.telemetry.log.personal_values import Personal, doubtful_words
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.log.redaction import Redactor
from actwright.telemetry.log.replied_values import replied_names, replied_values

_QUARANTINED = "extract"
"""The prompt that carries a text of somebody's, such as an email: nothing of it is kept but the prompt's own words."""
_GOAL, _TEXT = "goal", "text"
_OWN = "generated"
"""What the inputs of a generated action are called in the log."""
_WITHHELD = "[{} characters withheld]"


def described(
    call: Call,
    at: str,
    session: str,
    personal: Personal | None,
    *,
    region: str | None,
    inline: int,
) -> Sequence[Entry]:
    """Return the entries of a planning call that has ended.

    Args:
        call: The call.
        at: When it ended.
        session: The session's id.
        personal: The personal values of its plan; None where no texts are kept.
        region: The country phone numbers without a country code are read in.
        inline: The most bytes of a text that is kept in its record.
    """
    if personal is None:
        return (_record(call, at, session),)
    doubtful = dict.fromkeys(_doubtful(call, personal), _GOAL)
    replies = [each.reply for each in call.texts if each.reply]
    named = dict.fromkeys(_named(call, personal, replies), _TEXT)
    replied = map(replied_values, replies)
    removed = personal.with_more({**named, **doubtful, **dict(ChainMap(*replied))})
    made = (
        TextsEntry(each.exchange, at, *_offloaded(_redacted(call, each, removed, region), inline))
        for each in call.texts
    )
    redactor = Redactor(removed.values, removed.phrases, region=region)
    goal = redactor.text(_clean(call.goal))
    kept = {"goal": goal, "redacted": dict(redactor.counts)}
    return (*made, _record(call, at, session).model_copy(update=kept))


def _record(call: Call, at: str, session: str) -> PlanningRecord:
    outcome, plan, usage = call.outcome, call.plan, call.usage
    info = plan.planner if plan else None
    return PlanningRecord(
        id=call.id,
        call=call.kind,
        at=at,
        session=session,
        user=call.user,
        org=call.asker.org,
        goal_digest=call.goal_digest,
        shape_digest=_shape(call),
        planner=info.kind if info else None,
        **_prompted(call),
        conversations=tuple(call.conversations),
        plan_id=plan.id if plan else None,
        plan_digest=digest(plan.content()) if plan else None,
        schema_digest=plan.schema_digest or None if plan else None,
        blueprints=tuple(map(_blueprint, plan.actions)) if plan else (),
        questions=tuple(_questions(outcome)) if outcome else (),
        refusal=outcome.refusal.code if outcome and outcome.refusal else None,
        error=call.error,
        cached_from=info.cached_from if info else None,
        fallback=bool(info and info.fallback_for),
        ungrounded=tuple(_ungrounded(plan)) if plan else (),
        calls=usage.calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=usage.cost,
        seconds=round(call.seconds, 3),
    )


def _shape(call: Call) -> str | None:
    """Return what goals alike have in common; None where the library they are told by is broken."""
    try:
        return call.asker.likeness(call.goal)
    except ActwrightError:
        return None


class _Prompted(TypedDict, total=False):
    """Which model was asked, and by which prompt."""

    model: str | None
    prompt_name: str | None
    prompt_version: str | None
    prompt_hash: str | None


def _prompted(call: Call) -> _Prompted:
    """Return the plan's own prompt and model; where there is none, those that were asked first."""
    made = call.plan.planner if call.plan else None
    if made is not None and made.prompt_name:
        named: PlannerInfo | Exchange | None = made
    else:
        named = next(iter(call.exchanges), None)
    if named is None:
        return {}
    return {
        "model": named.model,
        "prompt_name": named.prompt_name,
        "prompt_version": named.prompt_version,
        "prompt_hash": named.prompt_hash,
    }


def _blueprint(action: PlannedAction) -> str:
    """Return what the log calls the blueprint of an action; a name that a model made may hold words of the goal."""
    name = action.blueprint.name
    return told_name(name) if is_generated(action.blueprint) else name


def _questions(outcome: PlanningOutcome) -> Iterator[str]:
    for each in outcome.questions:
        yield _place(outcome.plan, each.action_id, each.input)


def _ungrounded(plan: Plan) -> Iterator[str]:
    """Yield where the plan has values of the model's own."""
    for action in plan.actions:
        for name, argument in action.arguments.items():
            if isinstance(argument, ValueArgument) and argument.provenance == "model":
                yield _place(plan, action.id, name)


def _place(plan: Plan | None, action_id: str, name: str) -> str:
    """Return what the log calls an input of an action: ``a1.Subject``, and no name that a model made."""
    action = plan.action(action_id) if plan else None
    own = action is not None and is_generated(action.blueprint)
    return f"{action_id}.{_OWN if own else name}"


def _doubtful(call: Call, personal: Personal) -> Iterable[str]:
    """Return the goal's words that may be personal; the prompts' own words, which stand in no goal, are not."""
    plain = personal.plain if call.is_settled else None
    return doubtful_words(call.goal, call.data, _prompt_lines(call), plain)


def _named(call: Call, personal: Personal, replies: Iterable[str]) -> Iterator[str]:
    """Yield who may be named in the plan's free texts, and in what a model said."""
    known = _known(call, personal)
    for text in personal.free:
        yield from names_in(text, known)
    for reply in replies:
        yield from replied_names(reply, known)


def _known(call: Call, personal: Personal) -> frozenset[str]:
    """Return words that name no person: the prompts' own, the library's, and what the plan says outside of free texts."""
    prompted = (word for line in _prompt_lines(call) for word in words_of(line))
    plans = [each for each in (call.plan, call.earlier) if each is not None]
    library = (word for each in plans for word in own_words(each))
    return frozenset(personal.plain).union(prompted, library)


def _prompt_lines(call: Call) -> Iterator[str]:
    """Yield the prompts' own lines, which hold no word of the goal or of its data."""
    said = {quoted(each)[1:-1] for each in _said(call)} | {
        line.strip() for each in _said(call) for line in each.splitlines()
    }
    yield from (
        line
        for each in call.texts
        for message in each.messages
        if message.role == "system"
        for line in message.content.splitlines()
        if not any(part and part in line for part in said)
    )


def _said(call: Call) -> list[str]:
    return [call.goal, *(each for each in call.data.values() if isinstance(each, str))]


def _redacted(
    call: Call, texts: ExchangeTexts, removed: Personal, region: str | None
) -> ExchangeTexts:
    """Return what an exchange said without what the log must not hold."""
    redactor = Redactor(removed.values, removed.phrases, region=region)
    withheld = call.prompt_of(texts.exchange) == _QUARANTINED

    def kept(text: str, *, own: bool = False) -> str:
        return _WITHHELD.format(len(text)) if withheld and not own else redactor.text(_clean(text))

    messages = tuple(
        ExchangeMessage(role=each.role, content=kept(each.content, own=each.role == "system"))
        for each in texts.messages
    )
    return ExchangeTexts(
        exchange=texts.exchange,
        goal=kept(call.goal),
        messages=messages,
        reply=None if texts.reply is None else kept(texts.reply),
        faults=tuple(kept(each) for each in texts.faults),
        error=None if texts.error is None else kept(texts.error),
        redacted=dict(redactor.counts),
    )


def _offloaded(texts: ExchangeTexts, inline: int) -> tuple[Json, dict[str, bytes]]:
    offloading = Offloading(inline)
    return offloading.document(texts.model_dump(mode="json")), offloading.contents


def _clean(text: str) -> str:
    """Return a text that has bytes: half characters have none."""
    return text.encode("utf-8", "replace").decode("utf-8")
