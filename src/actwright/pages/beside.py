"""Beside a preview: what the store knows of it that is no part of it, and what page and terminal say of who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from actwright.actions.generated.version import GeneratedVersion
from actwright.checkpoints.credentials.collecting import Collected
from actwright.checkpoints.credentials.presenting import spoken
from actwright.checkpoints.preview import Preview, PreviewedAction
from actwright.guardrails.policy.decision import PolicyDecision
from actwright.guardrails.policy.policy import ONLY_LOGS


@dataclass(frozen=True, slots=True)
class Beside:
    """What the store knows of a preview at the moment it is shown.

    Attributes:
        collected: The yes to it, as far as it has been given; None where nobody looked.
        code: The generated actions that carry it out, by id, with what people decided about them.
    """

    collected: Collected | None = None
    code: Mapping[str, GeneratedVersion] = field(default_factory=dict)


def approval_lines(preview: Preview, beside: Beside) -> Iterator[str]:
    """Yield who has to say yes, by which rules, and who has; nothing where one person's word is enough."""
    need, found = preview.approval, beside.collected
    if not need.plain:
        rules = "; ".join(str(each) for each in need.rules)
        yield f"It takes {spoken(need)}{f': {rules}' if rules else ''}."
    if found is not None and (found.given or not need.plain):
        yield f"Yes so far: {found}."


def unsaid(preview: Preview) -> tuple[PolicyDecision, ...]:
    """Return what the policy decided that no issue of the preview tells, such as what a rule lets through."""
    told = {each.rule for each in preview.issues}
    return tuple(
        each for each in preview.decisions if f"{each.rule.id}, {each.rule.source}" not in told
    )


def loud_notices(preview: Preview) -> tuple[str, ...]:
    """Return the notices nobody may overlook: that the policy stops nothing."""
    return tuple(each for each in preview.notices if each.startswith(ONLY_LOGS))


def plain_notices(preview: Preview) -> tuple[str, ...]:
    """Return the other notices: how it would be carried out."""
    loud = loud_notices(preview)
    return tuple(each for each in preview.notices if each not in loud)


def carried_out(action: PreviewedAction, beside: Beside, moment: Callable[[str], str]) -> str:
    """Return what people decided about the generated code behind an action; empty for all else.

    Args:
        action: The action.
        beside: What the store knows.
        moment: Tells a point in time.
    """
    if action.implementation_kind != "generated":
        return ""
    version = beside.code.get(action.implementation)
    last = version.decided if version else None
    if last is None:
        return "no approval of it stands in this store"
    key = " with a key" if last.key else ""
    why = f": {last.why}" if last.why else ""
    return f"{last.kind} by {last.by}{key}, {moment(last.at)}{why}"
