"""The catalogue: every override there is, by the name it stands behind, and who says so. Code is imported when needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from actwright.actions.curated.declared import Declared
from actwright.actions.curated.naming import key_of, stands_for
from actwright.actions.curated.override import Override, loaded
from actwright.actions.curated.patience import DEFAULT_SECONDS
from actwright.errors import ActwrightError, ImplementationError


@dataclass(frozen=True, slots=True)
class Listed:
    """An override in a list.

    Attributes:
        declared: What was said about it.
        version: Its version, where it is known; only a check asks the override itself.
        fault: Why it cannot be used; empty where it can, or where nobody has looked.
        hint: What to do about it.
    """

    declared: Declared
    version: str = ""
    fault: str = ""
    hint: str = ""


class Catalogue:
    """Overrides by the name of their blueprint. Two for one name are an error, never a choice.

    Args:
        declared: The overrides of settings, manifest and packages.
        seconds: For how long the import of one is waited for.
    """

    def __init__(self, declared: Iterable[Declared] = (), seconds: float = DEFAULT_SECONDS) -> None:
        self._seconds = seconds
        self._by_key: dict[str, tuple[Declared, ...]] = {}
        self._loaded: dict[Declared, Override] = {}
        for each in declared:
            self.declare(each)

    def declare(self, declared: Declared) -> None:
        """Take in an override; where there is one of that name, whoever asks for it is told of both."""
        key = key_of(declared.name)
        self._by_key[key] = (*self._by_key.get(key, ()), declared)

    def register(self, declared: Declared, *, replaces: bool = False) -> None:
        """Take in an override at once, its code included.

        Args:
            declared: The override.
            replaces: Whether it takes the place of whatever has that name.

        Raises:
            ImplementationError: It cannot be used, or another one has the name.
        """
        override, key = loaded(declared, self._seconds), key_of(declared.name)
        there = self._by_key.get(key, ())
        if there and not replaces and not self._is(override, there):
            raise _conflict((*there, declared))
        self._by_key[key] = (declared,)
        self._loaded[declared] = override

    def clear(self) -> None:
        """Forget every override."""
        self._by_key.clear()
        self._loaded.clear()

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which there are overrides, sorted."""
        return tuple(sorted({each.name for each in chain(*self._by_key.values())}))

    def has(self, name: str) -> bool:
        """Tell whether there is an override of that name, in whatever spelling."""
        return key_of(name) in self._by_key

    def find(self, name: str) -> Override | None:
        """Return the override behind a blueprint's name, its code imported; None where there is none.

        Raises:
            ImplementationError: There are two, or one in another spelling, or it cannot be used.
        """
        there = self._by_key.get(key_of(name))
        if not there:
            return None
        if len(there) > 1:
            raise _conflict(there)
        if not stands_for(there[0].name, name):
            raise ImplementationError(
                f"{name} has an override under another spelling: {there[0].name} ({there[0].origin}).",
                where=name,
                hint="Spell the two alike: names are told apart by nothing but case and punctuation here.",
                code="override_spelling",
            )
        return self._override(there[0])

    def listed(self, *, check: bool = False) -> tuple[Listed, ...]:
        """Return every override, by name, with what is wrong with it.

        Args:
            check: Whether to import the code of each.
        """
        found = [
            self._told(each, there, check=check)
            for there in self._by_key.values()
            for each in there
        ]
        return tuple(sorted(found, key=lambda each: each.declared.name.casefold()))

    def _told(self, declared: Declared, there: tuple[Declared, ...], *, check: bool) -> Listed:
        listed = Listed(declared, declared.version)
        known = declared in self._loaded
        try:
            if check or known:
                listed = replace(listed, version=self._override(declared).version)
            if len(there) > 1:
                raise _conflict(there)
        except ActwrightError as error:
            return replace(listed, fault=error.message, hint=error.hint or "")
        return listed

    def _override(self, declared: Declared) -> Override:
        known = self._loaded.get(declared)
        if known is None:
            known = self._loaded[declared] = loaded(declared, self._seconds)
        return known

    def _is(self, override: Override, there: tuple[Declared, ...]) -> bool:
        """Tell whether it is what has the name already."""
        known = self._loaded.get(there[0])
        same = known is not None and known.own is override.own
        return len(there) == 1 and same and there[0].name == override.declared.name


def _conflict(there: tuple[Declared, ...]) -> ImplementationError:
    told = " and ".join(f"{each.path} as {each.name} ({each.origin})" for each in there)
    return ImplementationError(
        f"{there[0].name} has {len(there)} overrides: {told}.",
        where=there[0].name,
        hint="Take all but one out; in Python, register(..., replace=True) puts one in place of the others.",
        code="override_conflict",
    )
