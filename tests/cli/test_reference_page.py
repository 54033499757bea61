"""The page of every command: nothing that can be typed is missing on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from actwright.cli.application import app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command that is not hidden, by its words."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path
        return
    for name, each in inner.items():
        if not each.hidden:
            yield from commands(each, (*path, name))


def test_every_command_stands_on_the_page() -> None:
    """Each command's real help is shown, by the call that generates it."""
    calls = re.findall(r"cog shown\(([^)]*)\)", PAGE.read_text(encoding="utf-8"))
    shown = {tuple(re.findall(r'"([^"]+)"', each)) for each in calls}
    assert [each for each in commands(get_command(app)) if each not in shown] == []
