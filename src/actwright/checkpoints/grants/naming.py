"""Naming: what a grant lets happen is there in the org; a yes to what does not exist is hardly what was meant."""

from __future__ import annotations

from collections.abc import Iterable

from actwright.checkpoints.grants.grant import Writable
from actwright.errors import InputError, NotFoundError
from actwright.org.ports import OrgReader


def check_there(writes: Iterable[Writable], reader: OrgReader) -> None:
    """Make sure that the org shows every object and field that is named; what a call is handed is not looked at.

    Args:
        writes: What is to be let happen.
        reader: The org, as the person whose rights count.

    Raises:
        InputError: It does not show one.
        OrgError: The org cannot be asked.
    """
    for each in writes:
        if each.operation == "CALL":
            continue
        try:
            schema = reader.describe(each.object)
        except NotFoundError as error:
            raise _strange(f"no object {each.object}") from error
        strange = next((name for name in each.fields if schema.field(name) is None), None)
        if strange is not None:
            raise _strange(f"no field {schema.name}.{strange}")


def _strange(what: str) -> InputError:
    return InputError(
        f"The org shows {what}, so there is nothing to let happen.",
        where="--write",
        hint="Write the API name, as the org spells it, and as this person may see it.",
        code="grant_strange",
    )
