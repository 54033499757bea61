"""The path at which a service is asked about a key: the key stands in it as it is, wherever that is allowed."""

from __future__ import annotations

from urllib.parse import quote

from actwright.errors import ImplementationError

KEY_PLACE = "{key}"
"""What stands for the key in a declared path."""

_IN_A_SEGMENT = "!$&'()*+,;=:@"
"""What a segment may hold as it is (RFC 3986, ``pchar``). A service that compares before it decodes would take an escaped
key for one that it has never seen, and its effect would happen twice."""

_IN_A_QUERY = ":@"
"""The same behind a question mark, without what separates the fields of a form."""

_ELSEWHERE = frozenset({".", ".."})
"""Segments that are no names."""


def path_of_key(declared: str, key: str) -> str:
    """Return a declared path with a key in it.

    Args:
        declared: The path, with ``{key}`` in a segment, or in the query.
        key: The key, in whatever characters.

    Raises:
        ImplementationError: With this key it would lead elsewhere.
    """
    path, mark, query = declared.partition("?")
    path = path.replace(KEY_PLACE, quote(key, safe=_IN_A_SEGMENT))
    if not key or _ELSEWHERE.intersection(path.split("/")):
        raise ImplementationError(
            "A service cannot be asked about such a key.",
            hint="Ask about the key that the override was handed, unchanged.",
        )
    return f"{path}{mark}{query.replace(KEY_PLACE, quote(key, safe=_IN_A_QUERY))}"
