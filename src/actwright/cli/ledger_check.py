"""The check of the org's ledger: is it there, is it what it should be, and may this person's runs use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from actwright.org.ports import Org

_ASKS = "a run whose answer is lost asks a person what became of it"


def ledger_state(org: Org) -> str:
    """Return what is the case with an org's ledger. One without a ledger does its work all the same.

    Raises:
        ConfigError: There is one, and the person's runs cannot use it.
        OrgError: The org cannot be asked.
    """
    from actwright.org.settlement import LEDGER_OBJECT  # noqa: PLC0415 - slow to import

    how = org.recovery()
    if how.by == "ledger":
        return "runs keep their keys in it, so that a lost answer is settled without asking"
    try:
        org.describe(LEDGER_OBJECT)
    except NotFoundError:
        return f"none that {org.user.username} may see; {_ASKS}. To have one: {_deployment()}"
    raise ConfigError(
        f"There is one, but no run can use it: {how.reason}",
        where=LEDGER_OBJECT,
        hint=f"Until then, {_ASKS}. To put it right: {_deployment()}",
    )


def _deployment() -> str:
    from actwright.bundled import bundled  # noqa: PLC0415 - only where it has to be told

    folder = bundled("salesforce") / "force-app"
    return (
        f"sf project deploy start --source-dir {folder}, then give people the permission set Actwright_Ledger "
        "with sf org assign permset --name Actwright_Ledger"
    )
