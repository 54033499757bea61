"""Resolving a plan: rows bound, arguments resolved, effects produced, with what the org must be asked asked together."""

from __future__ import annotations

from actwright.actions.factory import Factory
from actwright.blueprints.plan import Plan
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.arguments import ArgumentResolver, lookups_of
from actwright.checkpoints.resolving.production import Production, produce
from actwright.checkpoints.resolving.rows import bind, row_queries
from actwright.checkpoints.resolving.steady import SteadyReader
from actwright.errors import NotFoundError, OpenQuestionsError, PlanError
from actwright.inert import inert
from actwright.org.lookup import queries_for
from actwright.org.query import RecordQuery


def check_ready(plan: Plan) -> None:
    """Refuse a plan that nothing can be shown of.

    Raises:
        PlanError: It has no actions.
        OpenQuestionsError: It has open questions.
    """
    if not plan.actions:
        raise PlanError(
            "The plan has no actions.", hint="Plan again with a clearer goal.", code="plan_empty"
        )
    if plan.questions:
        asked = "; ".join(each.text for each in plan.questions)
        raise OpenQuestionsError(
            f"The plan waits for answers: {inert(asked, limit=600)}",
            hint="Answer with " + " ".join(f"-d {each.id}=VALUE" for each in plan.questions) + ".",
        )


def produced(
    plan: Plan, reader: SteadyReader, factory: Factory, limits: Limits
) -> tuple[Production, ...]:
    """Return what each action of a plan would do, or the issues that keep it back.

    Args:
        plan: The plan.
        reader: The org.
        factory: Which implementation carries out a blueprint.
        limits: How large the plan may be.

    Raises:
        PlanError: An argument is known too late.
        ImplementationError: An action has no implementation, or it broke down.
        RefusedError: The plan is larger than allowed.
        OrgError: The org cannot be asked.
    """
    reader.ask_ahead(_questions(plan, reader, limits))
    bindings = bind(plan, reader, limits)
    productions = produce(ArgumentResolver(plan, reader).resolve(), bindings, factory, reader)
    limits.check(sum(len(each.effects) for each in productions))
    return productions


def _questions(plan: Plan, reader: SteadyReader, limits: Limits) -> list[RecordQuery]:
    """Return the queries for a plan's rows and lookups; none where there are no rows to save a call with."""
    rows = row_queries(plan, reader, limits)
    try:
        return [*rows, *queries_for(reader, lookups_of(plan))] if rows else []
    except NotFoundError:
        # A lookup in a hidden object is an issue of its own action, and said there.
        return rows
