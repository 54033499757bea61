"""Links to records, where the org has an address that lasts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from actwright.org.identity import OrgIdentity

_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")


def record_url(org: OrgIdentity, record_id: str | None) -> str | None:
    """Return the address of a record's page; None for a local org, whose address is another one tomorrow."""
    if org.local or record_id is None or not _ID.fullmatch(record_id):
        return None
    parts = urlsplit(org.url)
    if not (org.url.isascii() and org.url.isprintable()):
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return f"{org.url.rstrip('/')}/{record_id}"
