"""Superseding: an edited preview takes the place of what it was edited from, and so does the yes to it."""

from __future__ import annotations

from contextlib import suppress

from actwright.checkpoints.archive import Archive
from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.preview import Preview
from actwright.errors import ConfirmationMissingError


def superseded(
    preview: Preview, previews: Archive[Preview], confirmations: Confirmations
) -> tuple[Preview, ...]:
    """Return the previews one was edited from that somebody has said yes to and nobody has carried out.

    Raises:
        NotFoundError: One of them is not in the store.
    """
    standing: list[Preview] = []
    before = preview.edited_from
    while before is not None:
        old = previews.get(before)
        with suppress(ConfirmationMissingError):
            newest = confirmations.latest(old)
            if newest.answer == "yes" and confirmations.used_by(old) is None:
                standing.append(old)
        before = old.edited_from
    return tuple(standing)
