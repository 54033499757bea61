"""The state table: which intervention applies when. Everything else is refused, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from actwright.runs.interventions.intervention import ACTIONS, Intervention, InterventionAction
from actwright.runs.interventions.standing import Standing, in_words, standing_of
from actwright.runs.record.state import RunState

_OPEN: frozenset[Standing] = frozenset({"queued", "running", "confirmation", "retry"})

APPLIES: Mapping[InterventionAction, frozenset[Standing]] = {
    "retry": frozenset({"retry"}),
    "retry_with_inputs": frozenset({"retry", "confirmation"}),
    "skip_stage": frozenset({"retry"}),
    "force_branch": frozenset({"retry", "confirmation"}),
    "confirm_continue": frozenset({"retry", "confirmation"}),
    "provide_clarification": frozenset({"doubt", "override"}),
    "cancel": _OPEN | {"override"},
    "abort_flow": _OPEN | {"doubt", "override"},
    "override": _OPEN | {"doubt"},
    "uphold": frozenset({"override"}),
    "dismiss": frozenset({"override"}),
    "modify": frozenset({"override"}),
}
"""The whole table. ``docs/runs.md`` shows it, and a test holds the two against each other."""


def applicable(state: RunState) -> tuple[InterventionAction, ...]:
    """Return what can be done to a run as it stands."""
    standing = standing_of(state)
    return tuple(each for each in ACTIONS if standing in APPLIES[each])


def refusal_of(state: RunState, intervention: Intervention) -> str | None:
    """Return why an intervention does not apply to a run as it stands, and what does; None where it applies."""
    if standing_of(state) in APPLIES[intervention.action]:
        return None
    return f"{state.id} {in_words(state)}: {intervention.action} does not apply. {_instead(state)}"


def driven_on(state: RunState) -> str | None:
    """Return how a run is driven on that nothing may be carrying out; None of any other."""
    standing = standing_of(state)
    if standing == "ending":
        return f"actwright resume {state.id}"
    if standing in {"queued", "running"}:
        return f"Where nothing carries it out any more: actwright recover --as {state.user}"
    return None


def _instead(state: RunState) -> str:
    found = applicable(state)
    if found:
        return f"What applies now: {', '.join(found)}."
    if state.ended:
        return "Nothing applies any more; undo takes back what it did."
    return "Nothing applies any more; drive it on, and it ends."
