"""``actwright org``: who one is, where, and what can be seen there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.schemas import object_list, object_schema, whereabouts
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.cli.wire import camel

if TYPE_CHECKING:
    from actwright.org.schema import ObjectSchema

Shape = Literal["map", "list"]

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
def snapshot(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="OBJECT", help="Which objects; the first of all by name if left out."
        ),
    ] = None,
    *,
    shape: Annotated[
        Shape,
        typer.Option("--shape", help="Objects as a map by API name, or as a list with labels."),
    ] = "list",
    max_objects: Annotated[
        int, typer.Option("--max-objects", min=0, help="The most objects; 0 for all.")
    ] = 20,
    max_fields: Annotated[
        int, typer.Option("--max-fields", min=0, help="The most fields of each object; 0 for all.")
    ] = 25,
    relationships: Annotated[
        bool, typer.Option("--relationships", help="Also list the references between the objects.")
    ] = False,
    field_security: Annotated[bool, typer.Option(help="Say which fields may be written.")] = True,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
) -> None:
    """Print the schema as you see it, as JSON, to be kept in a file for plan --schema."""
    from actwright.planning.snapshots import (  # noqa: PLC0415 - slow to import
        SnapshotOptions,
        write_snapshot,
    )

    terminal = Terminal(as_json=True)
    options = SnapshotOptions(
        max_objects=max_objects or None,
        max_fields_per_object=max_fields or None,
        include_relationships=relationships,
        include_field_level_security=field_security,
    )
    with opened(org=org, user=user, home=home) as opened_app, terminal.busy("Asking"):
        document = write_snapshot(
            opened_app.org, names or (), shape, options, clock=opened_app.clock
        )
    terminal.document(document)


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
