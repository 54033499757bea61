"""API names: what may stand as the name of an object or a field in a path or a query."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)


def is_api_name(text: str) -> bool:
    """Tell whether a text has the form of an API name, and so cannot lead anywhere else than to one name."""
    return _NAME.fullmatch(text) is not None
