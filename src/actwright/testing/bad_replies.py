"""The library of bad replies: how a model and its service can go wrong, each with the outcome it must have.

``examples/bad_replies.py`` runs them all over real HTTP and prints a table.
"""

from __future__ import annotations

from actwright.testing.bad_plans import PLANS
from actwright.testing.bad_reply import ASKS, GOAL, RECOVERS, BadReply
from actwright.testing.bad_services import BODIES, CONNECTIONS, STATUSES
from actwright.testing.bad_texts import DOCUMENTS, ENDINGS

__all__ = ["ASKS", "BAD_REPLIES", "GOAL", "PARTS", "RECOVERS", "BadReply"]

PARTS: dict[str, tuple[BadReply, ...]] = {
    "services": (*STATUSES, *CONNECTIONS, *BODIES),
    "texts": (*ENDINGS, *DOCUMENTS),
    "plans": PLANS,
}
"""All of them, by who goes wrong: the service, the model's form, the model's meaning."""

BAD_REPLIES: tuple[BadReply, ...] = tuple(each for part in PARTS.values() for each in part)
"""All of them."""
