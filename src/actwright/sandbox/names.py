"""Names that leave the sandbox: what looks like a field's name must be that field's name."""

from __future__ import annotations

import unicodedata

from actwright.errors import SandboxValueError
from actwright.inert import visible

_LONGEST = 255


def exact_name(text: str) -> str:
    """Return a name as it is, where it can be mistaken for no other.

    Args:
        text: The name of an object, a field, a service or a key, as the code gave it.

    Raises:
        SandboxValueError: It is empty or too long, changes under NFKC, or holds what cannot be seen.
    """
    if text.isascii() and text.isprintable() and 0 < len(text) <= _LONGEST:
        return text
    if not text or len(text) > _LONGEST:
        raise _refused(text, f"a name has 1 to {_LONGEST} characters")
    if visible(text, limit=_LONGEST) != text.replace("\\", "\\\\"):
        raise _refused(text, "it holds characters that cannot be seen")
    if unicodedata.normalize("NFKC", text) != text:
        raise _refused(text, "it holds characters that stand for others")
    return text


def _refused(text: str, why: str) -> SandboxValueError:
    return SandboxValueError(
        f"The code handed out a name that is refused: {why}.",
        where=visible(text),
        hint="Names of objects and fields are written as describe gives them.",
        code="sandbox_name",
    )
