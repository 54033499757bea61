"""The page of a review card: generated code, and all a person needs to decide about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.pages.page import rendered

if TYPE_CHECKING:
    from actwright.actions.generating.review_card import ReviewCard


def review_card_page(card: ReviewCard) -> str:
    """Return a review card as one HTML page."""
    return rendered("review", card=card)
