"""Operands: an id, or a file that is a copy of what the store holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from actwright.cli.data import by_action, parse_data
from actwright.errors import DocumentError, InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.blueprints.plan import Plan
    from actwright.canonical import Json
    from actwright.checkpoints.editing.payload import Payload
    from actwright.checkpoints.preview import Preview
    from actwright.org.query import JsonScalar

STDIN = "-"

COLLECTED = "collected"
"""Beside what a preview says, in what is printed of it: how the yes to it stands. It is no part of the preview."""

_PREFIXES = {"plan": "plan_", "preview": "prv_", "run": "run_"}
_PLAN_ID = re.compile(r"plan_\w*", re.ASCII)
_INSTEAD = {"plan": "preview", "preview": "confirm", "run": "inspect"}
"""The command that takes what has an id of that kind."""


def is_plan(operand: str) -> bool:
    """Tell whether an operand means a stored plan, by what looks like an id or by a file, rather than a goal in words."""
    return _PLAN_ID.fullmatch(operand) is not None or (is_file(operand) and not _is_folder(operand))


def plan_of(app: Actwright, operand: str) -> Plan:
    """Return the stored plan that an id names or a file is a copy of.

    Raises:
        NotFoundError: The store holds none under that id.
        DocumentEditedError: The file differs from the stored plan.
        InputError: The file cannot be read as a plan.
    """
    if not is_file(operand):
        _check_kind(operand, "plan", operand)
        return app.plans.get(operand)
    document = _within(read_operand(operand), "plan")
    _check_kind(document, "plan", operand)
    return app.plans.same(document, where=operand)


def preview_of(app: Actwright, operand: str) -> Preview:
    """Return the stored preview that an id names or a file is a copy of.

    Raises:
        NotFoundError: The store holds none under that id.
        DocumentEditedError: The file differs from the stored preview.
        InputError: The file cannot be read as a preview.
    """
    if not is_file(operand):
        _check_kind(operand, "preview", operand)
        return app.previews.get(operand)
    document = _within(read_operand(operand), "preview")
    if isinstance(document, dict):
        document.pop(COLLECTED, None)
    _check_kind(document, "preview", operand)
    return app.previews.same(document, where=operand)


def payload_of(operand: str | None, data: list[str] | None = None) -> Payload | None:
    """Return the payload in a file, or in a template that was filled in, with the answers given as ``-d ACTION.INPUT=VALUE`` on top of it.

    Raises:
        PayloadError: It is no payload.
        DocumentError: The file cannot be read.
    """
    from actwright.checkpoints.editing.payload import read_payload  # noqa: PLC0415 - slow to import
    from actwright.checkpoints.editing.template import filled  # noqa: PLC0415 - slow to import

    merged: dict[str, Mapping[str, JsonScalar]] = {}
    if operand is not None:
        merged |= read_payload(filled(_payload_read(operand)))
    for action, values in by_action(parse_data(data or ())).items():
        merged[action] = {**merged.get(action, {}), **values}
    return merged or None


def _payload_read(operand: str) -> Json:
    """Return what a payload's file holds; where there is none, say how one is made."""
    try:
        return read_operand(operand)
    except DocumentError as error:
        if error.hint is not None:
            raise
        raise DocumentError(
            error.message,
            where=error.where,
            hint="Give a JSON file, or - for stdin; actwright preview PLAN --template prints one to fill in.",
            code=error.error_code,
        ) from error


def is_file(operand: str) -> bool:
    """Tell whether an operand means a file: stdin, a name that ends with ``.json``, or a path that exists."""
    if operand == STDIN or operand.endswith(".json"):
        return True
    try:
        return Path(operand).exists()
    except OSError:
        return False


def _is_folder(operand: str) -> bool:
    """Tell whether an operand is a folder's name: a goal of one word may be."""
    try:
        return operand != STDIN and Path(operand).is_dir()
    except OSError:
        return False


def read_operand(operand: str) -> Json:
    """Return the JSON in a file, or on stdin.

    Raises:
        DocumentError: It cannot be read, or is no strict JSON.
    """
    from actwright.document import (  # noqa: PLC0415 - slow to import; the help must not wait
        largest_document,
        parse_json,
        read_json,
    )

    if operand != STDIN:
        return read_json(Path(operand))
    return parse_json(sys.stdin.buffer.read(largest_document + 1), where="stdin")


def _check_kind(document: Json, wanted: str, operand: str) -> None:
    """Refuse another kind of document by its id, with the command that takes it."""
    for other in _PREFIXES.keys() - {wanted}:
        key = _within(document, other)
        key = key.get("id") if isinstance(key, dict) else key
        if isinstance(key, str) and key.startswith(_PREFIXES[other]):
            raise InputError(
                f"{'stdin' if operand == STDIN else operand[:80]} is a {other}, not a {wanted}.",
                hint=f"actwright {'show' if wanted == 'run' else _INSTEAD[other]} {operand[:200]}",
                code="other_document",
            )


def check_run(operand: str) -> str:
    """Return an id that may be a run's; the id of a plan or a preview is refused with the command that takes it.

    Raises:
        InputError: It is one of those.
    """
    _check_kind(operand, "run", operand)
    return operand


def _within(document: Json, key: str) -> Json:
    """Return the plan or preview inside what ``plan --json`` and ``run --json`` print, or the document itself."""
    if isinstance(document, dict) and "id" not in document and isinstance(document.get(key), dict):
        return document[key]
    return document
