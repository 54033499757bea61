"""Lost answers, told beforehand: where nobody but a person could find out whether a call happened."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.inert import inert
from actwright.org.effect import EffectGroup
from actwright.org.ports import Recoverable

_WAY_OUT = "With Actwright's ledger in the org, the org itself tells; actwright doctor says how to deploy it (docs/ledger.md)."


def lost_answers(groups: Sequence[EffectGroup], org: Recoverable) -> tuple[str, ...]:
    """Return in a sentence or two that an answer, if it were lost, would stop the run for a person; else nothing.

    Overrides that act by themselves are no part of it: what is said of them says so.

    Args:
        groups: What would go out together.
        org: Tells how each of them could be settled.

    Raises:
        OrgError: The org cannot be asked.
    """
    hows = [org.recovery(each) for each in groups if each.carrier != "opaque"]
    reasons = [each.reason for each in hows if each.by == "nobody"]
    if not reasons:
        return ()
    what = "this" if len(reasons) == len(hows) else "a part of this"
    told = (
        f"If the org's answer to {what} were lost on its way, the run would stop, and a person would have to look what "
        f"happened: {inert(reasons[0], limit=300)}"
    )
    deployed = org.recovery().by == "ledger"
    return (told if deployed else f"{told} {_WAY_OUT}",)
