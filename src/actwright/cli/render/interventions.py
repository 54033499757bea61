"""Interventions, objections and approvers as people see them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.run_lists import began
from actwright.cli.render.words import aside, here, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.credentials.approvers import Approver, Revocation
    from actwright.runs.interventions.accepting import Accepted
    from actwright.runs.interventions.objection import Objection, Signature

_INDENT = (0, 0, 0, 4)
_LONGEST_VALUES = 1_000


def accepted(came: Accepted) -> Iterator[RenderableType]:
    """Yield what was accepted, and how the run stands by it."""
    state, data = came.state, came.data
    how = "was accepted before" if came.repeated else "accepted"
    yield line(
        said(state.id, "bold"), "  ", said(data["action"]), f" {how}: ", said(_standing(came))
    )
    if state.reason:
        yield Padding(said(state.reason), _INDENT)
    skipped = data.get("skipped")
    if isinstance(skipped, Sequence) and skipped:
        yield Padding(line("Left out: ", said(", ".join(map(str, skipped)))), _INDENT)


def _standing(came: Accepted) -> str:
    state = came.state
    if state.ending:
        return f"to end as {state.ending}"
    return f"{state.status} for {state.waiting_for}" if state.waiting_for else state.status


def objections(found: Sequence[Objection], zone: str) -> Iterator[RenderableType]:
    """Yield the objections to a run, each with who signed what.

    Args:
        found: The objections.
        zone: The time zone of the person whose run it is.
    """
    for each in found:
        style = "green" if each.decided else "yellow"
        yield line(
            said(each.id, "bold"),
            "  ",
            said(_decided(each), style),
            aside(f"until {began(each.until, zone)}"),
        )
        yield Padding(
            line(said(each.filed_by), " at ", said(began(each.at, zone)), ": ", said(each.why)),
            _INDENT,
        )
        for signature in each.signatures:
            yield Padding(_signature(signature, zone), _INDENT)
        if each.refused:
            told = "1 signature was" if each.refused == 1 else f"{each.refused} signatures were"
            yield Padding(Text(f"{told} refused.", "red"), _INDENT)


def _decided(objection: Objection) -> str:
    if objection.decided:
        return f"decided: {objection.decided}"
    signed = len(objection.signatures)
    told = f"open, {objection.needed} of {len(objection.may_sign)} have to agree; {signed} signed"
    return f"{told}, and they do not agree" if objection.disagree else told


def _values(signature: Signature) -> Iterator[Text]:
    """Yield the values somebody signed for, each by its name; nothing where there are none."""
    if not signature.inputs:
        return
    told = (
        f"{name} = {value if isinstance(value, str) else json.dumps(value)}"
        for name, value in sorted(signature.inputs.items())
    )
    yield line(" to ", said(", ".join(told), limit=_LONGEST_VALUES))


def _signature(signature: Signature, zone: str) -> Text:
    return line(
        said(signature.choice, "bold"),
        *_values(signature),
        " by ",
        said(signature.name),
        " at ",
        said(began(signature.at, zone)),
        ": ",
        said(signature.why),
    )


def approvers(found: Sequence[tuple[Approver, Revocation | None]]) -> RenderableType:
    """Return everybody who was ever registered, and whose keys count."""
    return grid(
        ("Name", "Id", "Roles", "Added", "By", "Key"),
        (
            (
                said(each.name),
                said(each.id),
                said(", ".join(("plans only", *each.roles) if each.kind == "plan" else each.roles)),
                said(here(each.at)),
                said(each.added_by),
                _key(revocation),
            )
            for each, revocation in found
        ),
        whole={"Id"},
    )


def _key(revocation: Revocation | None) -> Text:
    if revocation is None:
        return Text("counts", "green")
    return line(
        Text("revoked", "red"), " by ", said(revocation.revoked_by), ": ", said(revocation.why)
    )
