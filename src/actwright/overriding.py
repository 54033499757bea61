"""Overriding: which overrides the settings, a manifest and installed packages declare, none of them imported."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.actions.curated.declared import Declared, Origin, importing
from actwright.actions.curated.manifest import Generated, read_manifest
from actwright.actions.curated.packages import packaged
from actwright.settings import Settings


def declared_overrides(settings: Settings, generated: Generated) -> Iterator[Declared]:
    """Yield every declared override, each with who says so. Two of one name are both among them.

    Args:
        settings: The settings, which may name a manifest.
        generated: Makes an implementation of a generated action that was promoted.

    Raises:
        DocumentError: The manifest is missing, malformed, or breaks its contract.
    """
    for name, path in settings.actions.items():
        yield Declared(name, Origin("settings", f"actions.{name}"), path, importing(path))
    if settings.actions_file is not None:
        yield from read_manifest(settings.actions_file, generated)
    yield from packaged()
