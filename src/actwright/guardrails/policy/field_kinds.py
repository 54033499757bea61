"""Kinds of fields: what a field is for, by its type where the org tells it, and by its name in any case."""

from __future__ import annotations

import re
from functools import lru_cache

from actwright.guardrails.policy.rule import FieldKind
from actwright.org.schema import FieldSchema

_BY_TYPE: dict[str, FieldKind] = {
    "currency": "money",
    "email": "mail",
    "url": "link",
    "phone": "phone",
}
_BY_NAME: tuple[tuple[FieldKind, re.Pattern[str]], ...] = (
    ("owner", re.compile(r"ownerid")),
    (
        "mail",
        re.compile(
            r".*e_?mail(_?address(es)?)?|(to|cc|bcc|from|replyto|reply_to)_?address(es)?|.*recipients?"
        ),
    ),
    ("link", re.compile(r".*(url|website|webhook|call_?back|endpoint)")),
    (
        "bank",
        re.compile(
            r".*(iban|swift_?code|routing_?(number|no)|sort_?code|bank_?(account|details)(_?(number|no|id))?)"
        ),
    ),
)
_NAMED = frozenset(
    {"", "combobox", "email", "encryptedstring", "phone", "reference", "string", "textarea", "url"}
)
"""The types whose fields are told by name; a checkbox that speaks of mail is no address."""
_CUSTOM = re.compile(r"__(c|pc)$")


def kinds_of(
    name: str, field: FieldSchema | None = None, *, money: bool = False
) -> frozenset[FieldKind]:
    """Return what a field is for.

    Args:
        name: Its API name.
        field: As the org describes it; only the name tells where left out.
        money: Whether its numbers are known to be money.
    """
    return _kinds(name.lower(), field.type if field else "", money)


@lru_cache(maxsize=8_192)
def _kinds(name: str, type_: str, money: bool) -> frozenset[FieldKind]:  # noqa: FBT001 - a key of the cache
    plain = _CUSTOM.sub("", name)
    names = _BY_NAME if type_ in _NAMED else ()
    found = {kind for kind, pattern in names if pattern.fullmatch(plain)}
    if type_ in _BY_TYPE:
        found.add(_BY_TYPE[type_])
    return frozenset(found | {"money"} if money else found)
