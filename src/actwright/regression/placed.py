"""Documents in YAML read by contract, with the file and the line of each fault."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from actwright.canonical import Json
from actwright.contract import Contract
from actwright.document import faults
from actwright.errors import DocumentError
from actwright.yaml_document import Places, line_of

Model = TypeVar("Model", bound=Contract)

_MOST_FAULTS = 6


def placed(
    model: type[Model], value: Json, places: Places, *, path: Path, at: tuple[str | int, ...] = ()
) -> Model:
    """Return ``value`` as a ``model``.

    Args:
        model: The contract.
        value: What was read.
        places: Where each part of the whole document stands.
        path: The file.
        at: The way to ``value`` in the whole document.

    Raises:
        DocumentError: It breaks the contract; the error names the line of the first fault.
    """
    try:
        return model.model_validate(value)
    except ValidationError as invalid:
        told = faults(invalid, model)[:_MOST_FAULTS]
        ways = [(*at, *each["loc"]) for each in invalid.errors(include_url=False)]
        first = next((each for each in ways if each in places), ways[0])
        raise DocumentError(
            f"{path.name} breaks its contract: {'; '.join(told)}.",
            where=line_of(places, first, path),
            hint="Correct it there; a cassette is never edited by hand, but recorded again.",
        ) from invalid
