"""Answering: an override is asked for its effects, watched while it reads, and waited for only so long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actwright.actions.curated.patience import TIMEOUT, patience
from actwright.actions.curated.shape import Shape
from actwright.actions.curated.watched_reader import WatchedReader
from actwright.actions.implementation import ActionRequest, Implementation
from actwright.errors import ImplementationError
from actwright.org.effect import Effect


def answered(
    implementation: Implementation,
    request: ActionRequest,
    *,
    name: str,
    seconds: float,
    shape: Shape,
    reader: WatchedReader,
) -> Sequence[Effect]:
    """Return what an override hands out for one action, unvetted.

    Args:
        implementation: The override.
        request: The action.
        name: What it is called.
        seconds: How long to wait for it.
        shape: What it said that it takes.
        reader: What it reads with instead of the request's own; it is shut where it takes too long.

    Raises:
        ImplementationError: A value is not of the type it takes, or it took too long.
        Exception: Whatever the override raises.
    """
    if reader.is_shut:
        raise ImplementationError(
            f"{name} hangs, and is asked nothing more.", where=request.action_id, code=TIMEOUT
        )
    shape.check_request(request, name)
    handed = replace(request, reader=reader)
    try:
        return patience.call(lambda: implementation.effects(handed), seconds, name=name)
    except ImplementationError as error:
        if error.error_code == TIMEOUT:
            reader.shut()
        raise
