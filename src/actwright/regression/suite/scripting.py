"""Scripted replies: what a model that gets everything right would answer to a case, made from what the case expects.

A scripted reply says nothing about a model. It proves that the request is what it was, and that a right reply is
compiled, checked and turned into the plan that the case expects. Records are said in the goal's own words, as the
prompt asks of a model. Where a case expects a question, the actions around it are those of the offline planner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import MaxRowsParams
from actwright.blueprints.library import Library
from actwright.errors import InputError
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.planning.model.reply import (
    DataArgument,
    LiteralArgument,
    MeArgument,
    OutputArgument,
    PlanReply,
    RecordArgument,
    ReplyAction,
    ReplyArgument,
    ReplyForEach,
)
from actwright.planning.model.reply_conditions import Given
from actwright.planning.model.reply_values import ID_TYPES
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.regression.suite.drafting import asking_reply
from actwright.regression.suite.scripted_blueprints import (
    Chosen,
    derived,
    field_of,
    narrowest,
    takes,
)
from actwright.regression.suite.scripted_words import Words, as_text, plain
from actwright.regression.suite.suite import SuiteCase
from actwright.testing.clock import FixedClock
from actwright.testing.goals import (
    Containing,
    ExpectedAction,
    ExpectedForEach,
    ExpectedValue,
    OneOf,
)
from actwright.testing.meaning import named_record, output_of
from actwright.testing.replies import Reply

_DERIVED = re.compile(r"(Create|Update|Delete)([A-Za-z0-9_]+)")
_MOST_ROWS = 200


def scripted_replies(
    case: SuiteCase,
    library: Library,
    org: OrgReader,
    at: datetime,
    *,
    planner: OfflinePlanner | None = None,
) -> tuple[Reply, ...]:
    """Return what a scripted model answers to a case, one request after the other; it counts no tokens.

    Args:
        case: The case; its own replies are taken where it has some.
        library: The curated blueprints.
        org: The org, as the case's person.
        at: The moment the case is planned at.
        planner: As for `reply_for`.

    Raises:
        InputError: The case names a blueprint that is not there.
        OrgError: The org cannot be asked.
    """
    own = case.replies
    if not own:
        reply = reply_for(case, library, org, at, planner=planner).model_dump(
            mode="json", by_alias=True
        )
        own = (Reply.json(reply),)
    return tuple(replace(each, usage=None) for each in own)


def reply_for(
    case: SuiteCase,
    library: Library,
    org: OrgReader,
    at: datetime,
    *,
    planner: OfflinePlanner | None = None,
) -> PlanReply:
    """Return the reply of a model that gets the first right outcome of a case.

    Args:
        case: The case.
        library: The curated blueprints.
        org: The org, as the case's person.
        at: The moment the case is planned at.
        planner: Plans what stands around a question; one that is kept has indexed the org already.

    Raises:
        InputError: The case names a blueprint that is not there.
        OrgError: The org cannot be asked.
    """
    first = case.expect[0]
    if first.actions is not None:
        return _planning(case, first.actions, library, org)
    if first.questions is None:
        return _refusing()
    request = PlanningRequest(case.goal, library, org, FixedClock(at), case.data)
    return asking_reply(first.questions, (planner or OfflinePlanner()).plan(request), library)


def _planning(
    case: SuiteCase, actions: Sequence[ExpectedAction], library: Library, org: OrgReader
) -> PlanReply:
    writing = _Writing(case, library, org, Words(org, case.goal, Given(case.goal, case.data)))
    made = tuple(writing.action(each, number) for number, each in enumerate(actions, 1))
    return PlanReply(
        outcome="plan",
        actions=made,
        checkpoint=writing.checkpoint(actions),
        assumptions=(),
        questions=(),
        reason="",
    )


def _refusing() -> PlanReply:
    return PlanReply(
        outcome="noPlan",
        actions=(),
        checkpoint="",
        assumptions=(),
        questions=(),
        reason="No blueprint does what the goal asks for.",
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes the actions of one case's reply."""

    case: SuiteCase
    library: Library
    org: OrgReader
    words: Words

    def action(self, wanted: ExpectedAction, number: int) -> ReplyAction:
        """Return the action in a model's form."""
        chosen = self._chosen(wanted)
        arguments = (
            self._argument(each, value) for each, value in self._said(chosen.blueprint, wanted)
        )
        return ReplyAction(
            id=f"a{number}",
            blueprint=chosen.key,
            arguments=tuple(arguments),
            depends_on=(),
            for_each=self._rows(wanted.for_each, chosen.blueprint) if wanted.for_each else None,
        )

    def checkpoint(self, actions: Sequence[ExpectedAction]) -> str:
        """Return one sentence that speaks of each action by its blueprint's label."""
        labels = dict.fromkeys(self._chosen(each).blueprint.label for each in actions)
        return f"{'; '.join(labels)}?"

    def _said(
        self, blueprint: ActionBlueprint, wanted: ExpectedAction
    ) -> list[tuple[ActionInput, ExpectedValue]]:
        """Return the inputs a reply gives a value; what is a default already, or an answer, needs none."""
        by_field = {field_of(each): each for each in blueprint.inputs}
        said = []
        for name, value in _needed(wanted).items():
            each = by_field[name.lower()]
            default = each.default is not None and each.default == value
            if not default and not self._answered(each):
                said.append((each, value))
        return said

    def _answered(self, each: ActionInput) -> bool:
        return any(name.partition(".")[2] == each.api_name for name in self.case.data)

    def _argument(self, each: ActionInput, wanted: ExpectedValue) -> ReplyArgument:
        name, value = each.api_name, plain(wanted)
        if isinstance(wanted, Containing):
            return LiteralArgument(name=name, kind="literal", value=self.words.text(wanted))
        if number := output_of(value):
            return OutputArgument(name=name, kind="output", action=f"a{number}")
        named = named_record(value) if each.data_type in ID_TYPES else None
        if named is not None:
            return self._record(name, str(value), named)
        data = self._data(value)
        if data is not None:
            return DataArgument(name=name, kind="data", data=data)
        text = None if value is None else as_text(value)
        return LiteralArgument(name=name, kind="literal", value=text)

    def _record(self, name: str, text: str, named: tuple[str, str]) -> ReplyArgument:
        if self.words.is_me(text):
            return MeArgument(name=name, kind="me")
        return RecordArgument(
            name=name, kind="record", object=named[0], where=self.words.record(text)
        )

    def _data(self, value: JsonScalar) -> str | None:
        """Return the name of the data that holds just this value."""
        held = (name for name, one in self.case.data.items() if as_text(one) == as_text(value))
        return next(held, None)

    def _rows(self, wanted: ExpectedForEach, blueprint: ActionBlueprint) -> ReplyForEach:
        params = (each.parsed() for each in blueprint.guardrails)
        own = [each.max for each in params if isinstance(each, MaxRowsParams)]
        where = tuple(self.words.rows(wanted.object, each[0]) for each in wanted.conditions)
        limit = min(_MOST_ROWS, wanted.at_most, *own)
        return ReplyForEach(object=wanted.object, where=where, limit=limit)

    def _chosen(self, wanted: ExpectedAction) -> Chosen:
        """Return the blueprint for an action: one of those named, the narrowest that does it, or a derived one."""
        named = (self.library.find(each) for each in wanted.blueprint or ())
        for entry in named:
            if entry is not None and takes(entry.blueprint, _needed(wanted)):
                return Chosen(entry.key, entry.blueprint)
        operation, name = _kind(wanted, self.library)
        rows = wanted.for_each is not None
        needed = _needed(wanted)
        return narrowest(self.library, name, operation, needed, rows=rows) or derived(
            self.org.describe(name), operation, tuple(needed)
        )


def _needed(wanted: ExpectedAction) -> dict[str, ExpectedValue]:
    """Return the values an action must have, less those it may as well leave out."""
    return {
        name: value
        for name, value in wanted.arguments.items()
        if not (isinstance(value, OneOf) and None in value.one_of)
    }


def _kind(wanted: ExpectedAction, library: Library) -> tuple[str, str]:
    """Return operation and object of an action, by what it says or by the name of its blueprint."""
    if wanted.operation and wanted.object:
        return wanted.operation, wanted.object
    for each in wanted.blueprint or ():
        entry, parts = library.find(each), _DERIVED.fullmatch(each)
        if entry is not None and entry.blueprint.target_s_object:
            return entry.blueprint.operation, entry.blueprint.target_s_object
        if parts is not None:
            return parts[1].upper(), parts[2]
    raise InputError(
        f"No blueprint is called {' or '.join(wanted.blueprint or ())}.",
        hint="Name a blueprint of the library, or an object and an operation.",
        code="blueprint_unknown",
    )
