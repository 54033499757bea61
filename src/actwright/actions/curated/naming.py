"""Naming: which override stands behind which blueprint, whatever way its name was written down.

The platform this house follows derives a class from each blueprint's name: ``DynamicAction_`` and the name, with ``_`` for
every character no class name has. Both names mean the same override here.
"""

from __future__ import annotations

import re

from actwright.actions.compensation import SUFFIX, compensated_name
from actwright.document import plain_name
from actwright.errors import ImplementationError

CLASS_PREFIX = "DynamicAction_"
"""What the name of a class begins with that is derived from a blueprint's."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}", re.ASCII)
_NO_CLASS_NAME = re.compile(r"[^A-Za-z0-9_]")


def class_name(name: str) -> str:
    """Return the name of the class that is derived from a blueprint's name; that of a class, as it is."""
    return CLASS_PREFIX + _NO_CLASS_NAME.sub("_", bare_name(name))


def bare_name(name: str) -> str:
    """Return a blueprint's name, of a class derived from it without what that begins with."""
    return name.removeprefix(CLASS_PREFIX)


def key_of(name: str) -> str:
    """Return what is the same for all names that mean one override, in whatever case."""
    return class_name(name).casefold()


def stands_for(registered: str, blueprint: str) -> bool:
    """Tell whether an override's name is exactly a blueprint's, or that of the class derived from it."""
    if bare_name(registered) == bare_name(blueprint):
        return True
    derived = registered.startswith(CLASS_PREFIX) or blueprint.startswith(CLASS_PREFIX)
    return derived and class_name(registered) == class_name(blueprint)


def checked_name(name: str, *, where: str = "") -> str:
    """Return a name an override may be registered under.

    Args:
        name: The name of a blueprint, or of the class derived from it.
        where: Where it was written down; the name itself where left out.

    Raises:
        ImplementationError: It is blank or reserved, or no blueprint can have it, such as one with a letter that only
            looks like another.
    """
    if not name.strip():
        raise ImplementationError("An override needs the name of a blueprint.", where=where or None)
    if name.endswith(SUFFIX):
        raise ImplementationError(
            f"No override is registered under {name!r}: that is how another one takes back what it did.",
            where=where or name,
            hint=f"Let the override of {compensated_name(name)!r} have takes_back and compensate.",
        )
    if not _NAME.fullmatch(bare_name(name)):
        raise ImplementationError(
            f"No blueprint can be called {plain_name(name)}, so that no override can stand behind it.",
            where=where or plain_name(name),
            hint="A name has 1 to 80 plain letters, digits, points and underscores, and begins with a letter.",
            code="override_name",
        )
    return name
