"""Overrides of installed packages: entry points of the group ``actwright.actions``, listed without importing them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

from actwright.actions.curated.declared import Declared, Origin, importing
from actwright.inert import inert

GROUP = "actwright.actions"
"""The group of entry points: the blueprint's name = ``package.module:name``."""

_LONGEST = 200


def packaged() -> Iterator[Declared]:
    """Yield the overrides that installed packages bring, by name; the version is the package's."""
    points = _points(tuple(sys.path))
    found = {(each.name, each.value, _package(each)): each for each in points}
    for key in sorted(found):
        yield _declared(found[key])


@lru_cache(maxsize=4)
def _points(_: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """Return the group's entry points; what is installed is gone through once for each search path, not for each app."""
    return tuple(entry_points(group=GROUP))


def _declared(point: EntryPoint) -> Declared:
    path = point.value.partition("[")[0].strip()
    package, version = _package(point)
    told = f"{package} {version}".strip() or "a package without a name"
    return Declared(
        name=point.name,
        origin=Origin("entry point", inert(told, limit=_LONGEST)),
        path=path,
        load=importing(path),
        version=version,
    )


def _package(point: EntryPoint) -> tuple[str, str]:
    if point.dist is None:
        return "", ""
    return str(point.dist.metadata["Name"] or ""), str(point.dist.version or "")
