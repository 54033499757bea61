"""``actwright telemetry``: what was asked of language models, and what came of it."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.render.exchanges import exchanges
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal

app = typer.Typer(
    cls=Group, help="Look at what was asked of language models.", no_args_is_help=True
)


@app.command("list", cls=Command)
def list_exchanges(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the newest exchanges with a model: prompt, tokens, time and outcome; no texts are kept."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.exchanges(limit=limit)
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    if found:
        terminal.show(exchanges(found))
    else:
        terminal.hint("No model has been asked from this store.")
