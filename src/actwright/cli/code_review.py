"""Deciding about generated code on a terminal: who decides, the card they see, and the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.cli.stepping_in import person
from actwright.errors import ConfirmationMissingError, ConfirmationRefusedError
from actwright.inert import inert

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.actions.generated.action import GeneratedAction
    from actwright.actions.generated.version import GeneratedVersion
    from actwright.app import Actwright
    from actwright.cli.terminal import Terminal


def ask_approval(terminal: Terminal, found: GeneratedVersion) -> None:
    """Ask the person whether they approve what they see; that somebody had revoked it is told last.

    Raises:
        ConfirmationMissingError: There is no terminal to ask on.
        ConfirmationRefusedError: They said no.
        InterruptedQuestionError: They broke it off.
    """
    action, last = found.action, found.decided
    if not terminal.interactive:
        raise ConfirmationMissingError(
            f"Nobody can be asked to approve {action.id}: there is no terminal.",
            hint=f"Run `actwright actions approve {action.id}` in a terminal.",
        )
    if terminal.shows_people:
        terminal.show(*card(action))
    else:
        terminal.aside(*card(action))
    if last is not None and last.kind == "revoked":
        terminal.hint(f"{last.by} revoked it: {inert(last.why, limit=300)}")
    if terminal.ask("Approve this code? [y/N]").casefold().rstrip(".!") not in {"y", "yes"}:
        raise ConfirmationRefusedError(
            f"{action.id} was not approved.",
            hint=f"actwright actions revoke {action.id} --why REASON",
        )


def decider(app: Actwright) -> str:
    """Return who decides; on the local org, whose people are known, a name of nobody is refused.

    Raises:
        ConfigError: The local org has no such person.
    """
    if app.settings.user and app.settings.org == "local":
        _ = app.org.user
    return person(app)


def card(action: GeneratedAction) -> tuple[RenderableType, ...]:
    """Return the review card of an action as a terminal shows it."""
    from actwright.actions.generating.review_card import (  # noqa: PLC0415 - slow to import
        review_card,
    )
    from actwright.cli.render.review_card import (  # noqa: PLC0415 - same reason
        review_card as shown,
    )

    return tuple(shown(review_card(action)))


def card_page(action: GeneratedAction) -> str:
    """Return the review card of an action as a page for a browser."""
    from actwright.actions.generating.review_card import (  # noqa: PLC0415 - slow to import
        review_card,
    )
    from actwright.pages.review_card import review_card_page  # noqa: PLC0415 - same reason

    return review_card_page(review_card(action))
