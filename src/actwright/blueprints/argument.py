"""Arguments: what a plan hands to an input, and how each value is to be found.

On the wire an argument is ``{"value": 42, "provenance": "goal"}``, ``{"from": "data.x"}``,
``{"from": "actions.a1.output.id"}``, ``{"from": "row.Id"}`` in an action that is repeated for rows, or
``{"lookup": {"object": ..., "where": [...], "field": "Id"}}``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from actwright.contract import Contract
from actwright.org.lookup import Lookup
from actwright.org.provenance import Provenance
from actwright.org.query import JsonScalar

__all__ = ["Argument", "FromArgument", "Lookup", "LookupArgument", "ValueArgument"]


DataName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,139}$")]
"""The name of a piece of data: what ``{"from": "data.NAME"}`` may take, and room for ``payload.ACTION.INPUT``."""


class ValueArgument(Contract):
    """A literal value, and where it came from."""

    value: JsonScalar
    provenance: Provenance
    source: str | None = Field(default=None, max_length=300)
    """For people: the goal's words the value was taken from, or the data's name."""
    mixed: tuple[Provenance, ...] = Field(
        default=(), max_length=8, exclude_if=lambda each: not each
    )
    """What else untrusted went into it: of what another action put out, what that one was handed."""


class FromArgument(Contract):
    """A value taken from named data, from another action's output, or from the row an action is repeated for."""

    from_: str = Field(
        alias="from",
        pattern=r"^(data\.[A-Za-z_][A-Za-z0-9_.-]{0,139}|actions\.[A-Za-z][A-Za-z0-9_]{0,39}\.output\.[A-Za-z][A-Za-z0-9_]{0,79}|row\.[A-Za-z][A-Za-z0-9_]{0,79})$",
        max_length=160,
    )

    @property
    def data_name(self) -> str | None:
        """The name of the data it takes, or None."""
        return self.from_.removeprefix("data.") if self.from_.startswith("data.") else None

    @property
    def row_field(self) -> str | None:
        """The field of the action's row it takes, or None."""
        return self.from_.removeprefix("row.") if self.from_.startswith("row.") else None

    @property
    def action_output(self) -> tuple[str, str] | None:
        """The action and the output it takes, or None."""
        if not self.from_.startswith("actions."):
            return None
        _, action, _, output = self.from_.split(".")
        return action, output


class LookupArgument(Contract):
    """A value found by a lookup."""

    lookup: Lookup
    source: str | None = Field(default=None, max_length=300)
    """For people: the words of the goal that name the record."""


def _shape(value: object) -> Literal["value", "from", "lookup"]:
    if isinstance(value, FromArgument) or (isinstance(value, dict) and "from" in value):
        return "from"
    if isinstance(value, LookupArgument) or (isinstance(value, dict) and "lookup" in value):
        return "lookup"
    return "value"


Argument = Annotated[
    Annotated[ValueArgument, Tag("value")]
    | Annotated[FromArgument, Tag("from")]
    | Annotated[LookupArgument, Tag("lookup")],
    Discriminator(_shape),
]
"""Any of the three shapes."""
