"""Drafts of grants: what options describe, before anybody has said yes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.cli.granting import amount
from actwright.cli.operands import preview_of
from actwright.cli.stepping_in import person
from actwright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actwright.app import Actwright
    from actwright.checkpoints.grants.grant import Grant

_NEEDED = {"writes": "--write", "rows": "--rows", "uses": "--uses", "expires_at": "--expires"}
"""The ceilings a grant that is drawn up by hand cannot do without, by the options that say them."""


def from_preview(
    opened_app: Actwright, operand: str, ceilings: Mapping[str, object], why: str
) -> Grant:
    """Return the grant that a preview proposes, with the ceilings that options say in place of its own.

    Args:
        opened_app: The program.
        operand: The preview's id, or a file of one.
        ceilings: What the options say.
        why: The person's reason.

    Raises:
        InputError: The preview is refused, or a ceiling does not fit.
    """
    preview = preview_of(opened_app, operand)
    said = ceilings.get("uses")
    uses = said if isinstance(said, int) else 1
    made = opened_app.propose_grant(preview, approver=person(opened_app), uses=uses)
    return opened_app.with_ceilings(made, _in_all(ceilings, uses) | dict(ceilings), why=why)


def _in_all(ceilings: Mapping[str, object], uses: int) -> dict[str, object]:
    """Return what amounts of a run come to in all, where only those of a run were said."""
    amounts = ceilings.get("amounts")
    if not isinstance(amounts, dict):
        return {}
    return {"amounts_in_all": {name: amount(most) * uses for name, most in amounts.items()}}


def by_hand(
    opened_app: Actwright, keys: list[str], ceilings: Mapping[str, object], why: str
) -> Grant:
    """Return the grant for blueprints that options describe.

    Args:
        opened_app: The program.
        keys: The blueprints.
        ceilings: What the options say.
        why: The person's reason.

    Raises:
        InputError: A ceiling is missing, or does not fit.
    """
    from actwright.checkpoints.grants.grant import Ceilings  # noqa: PLC0415 - slow to import
    from actwright.document import validated  # noqa: PLC0415 - same

    missing = [option for name, option in _NEEDED.items() if name not in ceilings]
    if missing:
        raise InputError(
            f"A grant for blueprints says how far it reaches, and {', '.join(missing)} is missing.",
            where=missing[0],
            hint="As in --write 'UPDATE Opportunity: StageName' --rows 1 --uses 5 --expires 30d.",
        )
    whole = validated(Ceilings, dict(ceilings), where="the options", error=InputError)
    return opened_app.draft_grant(keys, whole, approver=person(opened_app), why=why)
