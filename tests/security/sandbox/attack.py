"""An attack on the sandbox as data, and what is allowed to come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent, indent

FAILED = "sandbox_code_failed"
DENIED = frozenset({"sandbox_denied", "sandbox_unknown_name"})
REJECTED = frozenset({"sandbox_rejected"})
LIMIT = frozenset({"sandbox_limit"})
VALUE = frozenset(
    {
        "sandbox_value_large",
        "sandbox_value_type",
        "sandbox_value_deep",
        "sandbox_value_number",
        "sandbox_value_text",
        "sandbox_value_handle",
        "sandbox_name",
        "sandbox_call",
    }
)
HARMLESS = frozenset({"returned"})
ERROR = frozenset({FAILED})
STOPPED = LIMIT | {"sandbox_crashed"}
"""It ran into a ceiling, or its worker was ended because it would not stop."""


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: What it tries, unique in its group.
        code: Its source: a whole program with the function ``act``.
        allowed: The codes it may end with once it is inside.
        front: Whether the lint has to refuse it before it comes inside.
        read: Whether lint and type check are attacked as well: they must end, whatever they find.
        alone: Whether it may hang, and therefore has a process and a worker of its own.
        calls: How many calls may be answered before it ends; None where it does not matter.
    """

    name: str
    code: str = field(repr=False)
    allowed: frozenset[str]
    front: bool = False
    read: bool = False
    alone: bool = False
    calls: int | None = None


def act(body: str, *, imports: str = "import org") -> str:
    """Return a program whose function ``act`` has this body.

    Args:
        body: Its statements.
        imports: What stands above it.
    """
    return f"{imports}\n\ndef act(handle):\n{indent(dedent(body).strip(), '    ')}\n"
