"""``actwright org``: who one is, where, and what can be seen there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.schemas import object_list, object_schema, whereabouts
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.cli.wire import camel

if TYPE_CHECKING:
    from actwright.org.schema import ObjectSchema

app = typer.Typer(cls=Group, help="Look at the org.", no_args_is_help=True)


@app.command(cls=Command)
def show(
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who you are, and in which org."""
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as opened_app, terminal.busy("Asking"):
        identity, person = opened_app.org.identity, opened_app.org.user
    if as_json:
        plain = {"org": identity.model_dump(mode="json"), "user": person.model_dump(mode="json")}
        terminal.document(plain)
    terminal.show(whereabouts(identity, person))


@app.command(cls=Command)
def objects(
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the objects you may see."""
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as opened_app, terminal.busy("Asking"):
        found = sorted(opened_app.org.objects(), key=lambda each: each.name)
    if as_json:
        terminal.document([camel(each) for each in found])
    terminal.show(object_list(found))


@app.command(cls=Command)
def describe(
    name: Annotated[str, typer.Argument(metavar="OBJECT", help="An object's API name.")],
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an object's fields as you may see and write them."""
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as opened_app, terminal.busy("Asking"):
        found: ObjectSchema = opened_app.org.describe(name)
    if as_json:
        terminal.document(camel(found))
    terminal.show(*object_schema(found))
