"""The help: what a person types, and nothing about Python's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter


EXIT_CODES = (
    "Exit codes: 0 done; 1 failed, also an org or a service that said no or cannot be reached; 2 bad input, open questions or no plan; "
    "3 confirmation missing, refused, edited, expired, used or foreign; 4 the org moved on since the preview; "
    "5 refused by a guardrail or a permission; 6 the run cannot do that now."
)
"""What stands below the help of every command, for all of them exit alike."""


class Command(TyperCommand):
    """A command whose help shows no ``<bool>`` behind a flag, and no ``<str>`` behind an operand."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help, each paragraph as wide as the terminal, and what the exit codes mean."""
        self.help, self.epilog = flowing(self.help), EXIT_CODES
        super().format_help(ctx, formatter)

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters as they are to be shown."""
        return [_plain(each) for each in super().get_params(ctx)]


class Group(TyperGroup):
    """A group of commands with the same plain help."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help, each paragraph as wide as the terminal, and what the exit codes mean."""
        self.help, self.epilog = flowing(self.help), EXIT_CODES
        super().format_help(ctx, formatter)

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters as they are to be shown."""
        return [_plain(each) for each in super().get_params(ctx)]


def flowing(text: str | None) -> str | None:
    """Return a docstring with each paragraph on one line: where it breaks is the terminal's to say."""
    if text is None:
        return None
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))


def _plain(parameter: Parameter) -> Parameter:
    if isinstance(parameter, TyperOption) and parameter.is_flag:
        parameter.metavar = ""
    elif isinstance(parameter, TyperArgument):
        parameter.display_type_rich = _no_type  # type: ignore[method-assign]  # typer has no switch
    return parameter


def _no_type(ctx: Context) -> None:
    """Say nothing about an operand's type: its name and its help do."""
