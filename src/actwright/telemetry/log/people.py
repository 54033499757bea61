"""People in the log: a login name as it is, an address as a pseudonym that is the same each time."""

from __future__ import annotations

from hashlib import sha256

_DIGITS = 16
_LONGEST = 80


def stored_name(user: str) -> str:
    """Return what the log calls a person: ``alice`` stays; an address, or what no login is, becomes ``user_`` and digits.

    Args:
        user: The name somebody works under. Salesforce user names have the form of an email address.
    """
    plain = user.strip()
    if plain and len(plain) <= _LONGEST and plain.isascii() and _is_login(plain):
        return plain
    digits = sha256(plain.casefold().encode("utf-8", "replace")).hexdigest()
    return f"user_{digits[:_DIGITS]}"


def _is_login(name: str) -> bool:
    return all(each.isalnum() or each in "_.-" for each in name)
