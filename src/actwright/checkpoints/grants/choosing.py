"""Choosing: the grant that covers a preview, or the one that comes nearest and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable

from actwright.blueprints.plan import Plan
from actwright.checkpoints.grants.grant import Grant
from actwright.checkpoints.grants.ledger import Grants
from actwright.checkpoints.grants.outside import Outside
from actwright.checkpoints.preview import Preview
from actwright.errors import ConfirmationForeignError, GrantExceededError


def chosen(grants: Grants, preview: Preview, plan: Plan) -> Grant:
    """Return the grant that covers a preview; of several the one that ends first.

    Raises:
        ConfirmationForeignError: None does; the nearest one and the ceilings it lacks are named.
    """
    judged = [(each, grants.outside(each, preview, plan)) for each in grants.all_standing()]
    covering = next((each for each, found in judged if not found), None)
    if covering is not None:
        return covering
    away = f"Only the embedded local org may be changed without asking a person; {preview.org.url} is not it, and "
    raise ConfirmationForeignError(
        f"{'' if preview.org.local else away}{_nearest(judged)}.",
        hint=f"actwright confirm {preview.id}, or actwright grants make --from {preview.id}",
        code="confirmation_unattended",
    )


def exceeded(grant: Grant, found: Iterable[Outside], preview: Preview) -> GrantExceededError:
    """Return the error that names every ceiling of a grant that a preview exceeds."""
    return GrantExceededError(
        f"The grant {grant.id} does not cover {preview.id}: {'; '.join(map(str, found))}.",
        where=grant.id,
        hint=f"A person has to say yes: actwright confirm {preview.id}",
    )


def _nearest(judged: Iterable[tuple[Grant, tuple[Outside, ...]]]) -> str:
    by_distance = sorted(judged, key=lambda each: (_distance(each[1]), each[0].id))
    if not by_distance:
        return "there is no grant that stands"
    grant, found = by_distance[0]
    return f"the nearest grant, {grant.id}, does not cover it: {'; '.join(map(str, found))}"


def _distance(found: Iterable[Outside]) -> int:
    """Return how far a grant is off: one for something else altogether lies furthest."""
    ceilings = [each.ceiling for each in found]
    return len(ceilings) + 100 * sum(
        each in {"org", "user", "subject", "operation"} for each in ceilings
    )
