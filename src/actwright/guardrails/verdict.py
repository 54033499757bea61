"""The verdict: every issue of every action, each once, and for refusals who could grant the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.guardrails.explaining import permission_hints
from actwright.guardrails.issue import Issue
from actwright.guardrails.plan_checks import check_plan
from actwright.guardrails.registry import check_guardrails
from actwright.org.ports import AccessExplainer, PermissionAsk

_Key: TypeAlias = tuple[str | None, ...]

_OBJECT_RIGHTS: Mapping[str, Literal["read", "create", "edit", "delete"]] = {
    "object_not_visible": "read",
    "object_not_createable": "create",
    "object_not_editable": "edit",
    "object_not_deletable": "delete",
}
_FIELD_RIGHTS = frozenset({"field_not_visible", "field_not_createable", "field_not_editable"})
_PERMISSIONS = _FIELD_RIGHTS | frozenset(_OBJECT_RIGHTS) | {"field_read_only"}
_RECORD_ACCESS = frozenset(
    {"record_not_found", "record_not_editable", "record_not_deletable", "record_access_unknown"}
)


@dataclass(slots=True)
class _Findings:
    """What several checks found of one thing: the first issue, and the guardrails' own messages about it."""

    issue: Issue
    ask: PermissionAsk | None
    own_messages: list[str] = field(default_factory=list)

    def add(self, issue: Issue) -> None:
        """Keep what another issue says in its own words, and its severity where it is the graver one."""
        shortest = min(self.issue.message, issue.message, key=len)
        for each in (self.issue.message, issue.message):
            own = each.removesuffix(shortest).strip()
            if own and own not in self.own_messages:
                self.own_messages.append(own)
        graver = "error" if "error" in {self.issue.severity, issue.severity} else "warning"
        alike = self.issue.record_id == issue.record_id
        self.issue = self.issue.model_copy(
            update={
                "message": shortest,
                "severity": graver,
                "record_id": issue.record_id if alike else None,
            }
        )

    def merged(self, hints: Mapping[PermissionAsk, str]) -> Issue:
        """Return the one issue."""
        message = " ".join((*self.own_messages, self.issue.message))
        hint = self.issue.hint if self.ask is None else hints[self.ask]
        if self.ask is not None and self.issue.code.endswith("_not_visible"):
            hint = f"Check the spelling. {hint}"
        return self.issue.model_copy(update={"message": message, "hint": hint})


def judge(
    contexts: Sequence[EffectContext], explainer: AccessExplainer | None = None
) -> tuple[Issue, ...]:
    """Return every issue of a plan's effects, none hidden behind another, by action and then by field.

    Args:
        contexts: One for each effect and action, in the plan's order.
        explainer: Names who could grant a missing right; asked once, for all of them. Whatever it raises becomes a
            part of the hints.
    """
    gathered: dict[_Key, _Findings] = {}
    for context in contexts:
        for issue in (*check_baseline(context), *check_guardrails(context)):
            _gather(gathered, _key(context, issue), _of_record(context, issue))
    for issue in check_plan(contexts):
        gathered[("plan", issue.code, issue.action_id, issue.message)] = _Findings(issue, None)
    asks = tuple(dict.fromkeys(each.ask for each in gathered.values() if each.ask))
    hints = permission_hints(asks, explainer, contexts[0].user) if contexts else {}
    issues = [each.merged(hints) for each in gathered.values()]
    return _sorted(contexts, _less_unlisted(issues))


def _less_unlisted(issues: Sequence[Issue]) -> Iterator[Issue]:
    """Yield the issues but the warnings of new picklist values where a guardrail refuses the field's value anyway."""
    refused = {_place(each) for each in issues if each.code == "enum_not_allowed"}
    for each in issues:
        if each.code != "picklist_value_unlisted" or _place(each) not in refused:
            yield each


def _place(issue: Issue) -> tuple[str | None, str]:
    return issue.action_id, (issue.field or "").lower()


def _gather(gathered: dict[_Key, _Findings], key: _Key, issue: Issue) -> None:
    known = gathered.get(key)
    if known is None:
        gathered[key] = _Findings(issue, _ask(issue))
    else:
        known.add(issue)


def _key(context: EffectContext, issue: Issue) -> _Key:
    """Return what makes two issues the same: the right for permissions, the record for record access."""
    about = (issue.action_id, issue.object, issue.field, issue.code)
    if issue.code in _PERMISSIONS:
        return about
    if issue.code in _RECORD_ACCESS:
        return (*about, context.effect.id)
    return (*about, issue.guardrail, issue.message)


def _of_record(context: EffectContext, issue: Issue) -> Issue:
    """Return an issue about record access with the record; one about values may hold for many records alike."""
    if issue.code not in _RECORD_ACCESS:
        return issue
    return issue.model_copy(update={"record_id": context.effect.record_id})


def _ask(issue: Issue) -> PermissionAsk | None:
    """Return the right that is missing; on a field the platform knows two, to read and to edit."""
    if issue.object is None:
        return None
    if issue.code in _OBJECT_RIGHTS:
        return PermissionAsk(issue.object, _OBJECT_RIGHTS[issue.code])
    if issue.code in _FIELD_RIGHTS and issue.field and issue.field.isidentifier():
        reads = issue.guardrail == "FLS_VIEW"
        return PermissionAsk(issue.object, "read" if reads else "edit", issue.field)
    return None


def _sorted(contexts: Sequence[EffectContext], issues: Iterator[Issue]) -> tuple[Issue, ...]:
    position: dict[str | None, int] = {}
    for context in contexts:
        position.setdefault(context.action_id, len(position))

    def order(issue: Issue) -> tuple[int, str]:
        return position.get(issue.action_id, len(position)), (issue.field or "").lower()

    return tuple(sorted(issues, key=order))
