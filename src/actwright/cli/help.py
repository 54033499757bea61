"""The help: what a person types, and nothing about Python's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter


class Command(TyperCommand):
    """A command whose help shows no ``<bool>`` behind a flag, and no ``<str>`` behind an operand."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters as they are to be shown."""
        return [_plain(each) for each in super().get_params(ctx)]


class Group(TyperGroup):
    """A group of commands with the same plain help."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters as they are to be shown."""
        return [_plain(each) for each in super().get_params(ctx)]


def _plain(parameter: Parameter) -> Parameter:
    if isinstance(parameter, TyperOption) and parameter.is_flag:
        parameter.metavar = ""
    elif isinstance(parameter, TyperArgument):
        parameter.display_type_rich = _no_type  # type: ignore[method-assign]  # typer has no switch
    return parameter


def _no_type(ctx: Context) -> None:
    """Say nothing about an operand's type: its name and its help do."""
