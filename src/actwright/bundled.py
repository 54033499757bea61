"""What comes with Actwright beside its code: the curated blueprints and the prompts."""

from __future__ import annotations

from pathlib import Path

from actwright.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Return a folder that comes with Actwright: inside an installed package, or of this checkout.

    Args:
        name: ``blueprints``, ``prompts`` or ``salesforce``.

    Raises:
        ConfigError: It is in neither place; the installation is damaged.
    """
    packaged = _PACKAGE / "curated" / name
    if packaged.is_dir():
        return packaged
    checkout = _PACKAGE.parents[1] / name
    if _PACKAGE.parent.name == "src" and checkout.is_dir():
        return checkout
    raise ConfigError(
        f"The {name} are missing from this installation.",
        where=str(packaged),
        hint="Install actwright again.",
    )
