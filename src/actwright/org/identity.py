"""Which org, and as whom."""

from __future__ import annotations

from actwright.contract import Contract


class OrgIdentity(Contract):
    """One org. ``local`` is true only for a local org that this program started itself."""

    id: str
    url: str
    name: str = ""
    local: bool = False


class RunningUser(Contract):
    """The person whose rights count."""

    id: str
    username: str
    name: str = ""
    zone: str = "UTC"
    """IANA time zone, in which ``today`` and ``next Tuesday`` are meant."""
    locale: str = "en_US"
    enforced_by_org: bool = True
    """False where an integration user acts for the person, so that the org itself does not enforce their rights."""
