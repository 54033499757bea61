"""Acting: what holds for an override that acts by itself, whose promises are all that anybody can check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.opaque import ActingByItself, request_of
from actwright.blueprints.plan import Plan
from actwright.checkpoints.resolving.arguments import ResolvedAction
from actwright.checkpoints.wording.promises import spoken_promises
from actwright.errors import ActwrightError, ImplementationError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.ports import OrgReader


def acting_issues(resolved: ResolvedAction, chosen: ChosenImplementation) -> Iterator[Issue]:
    """Yield why an action cannot be carried out, since its override acts by itself.

    Args:
        resolved: The action and its arguments.
        chosen: What carries it out.
    """
    action = resolved.action
    if chosen.opaque is not None and action.for_each is not None:
        label = inert(action.blueprint.label, limit=80)
        yield Issue(
            code="opaque_repeated",
            action_id=action.id,
            object=action.blueprint.target_s_object,
            message=f"{label} acts by itself, and is not repeated for many rows: nobody could read what it promises for "
            "each of them.",
            hint="Give it one record, or let the override hand out effects.",
        )


def promised_for(
    effect: Effect, plan: Plan, factory: Factory, reader: OrgReader
) -> tuple[str, ...]:
    """Return what the override promises for exactly the arguments of its effect, asked anew.

    Raises:
        ImplementationError: There is no such override any more, it broke down, or it promises nothing.
        OrgError: It asked the org, which cannot be asked.
    """
    action = plan.action(effect.action_id)
    override = factory.resolve(action.blueprint).opaque if action else None
    if action is None or override is None:
        raise ImplementationError(
            f"{effect.action_id!r} has no override any more that acts by itself.",
            where=effect.action_id,
            hint="Preview the plan again.",
        )
    try:
        made = ActingByItself(override).effects(request_of(effect, action.blueprint, reader))
    except ActwrightError:
        raise
    except Exception as error:
        # An override is foreign code: whatever breaks in it is told as its own failure.
        raise ImplementationError(
            f"The override broke down: {type(error).__name__}: {inert(str(error))}",
            where=effect.action_id,
            hint="Mend the override, or take its registration out.",
        ) from error
    return made[0].promises


def broken_promises(
    effects: Sequence[Effect], plan: Plan, factory: Factory, reader: OrgReader
) -> Iterator[Issue]:
    """Yield an issue for each override that promises something else than was shown.

    Raises:
        ImplementationError: An override is gone, broke down, or promises nothing.
        OrgError: One asked the org, which cannot be asked.
    """
    for effect in effects:
        if effect.kind != "opaque":
            continue
        now = promised_for(effect, plan, factory, reader)
        if now != effect.promises:
            yield Issue(
                code="drift_promises",
                action_id=effect.action_id,
                object=effect.object,
                message=f"{inert(effect.object_label or effect.object, limit=80)} promised "
                f"{spoken_promises(effect.promises)} at the preview, and now it promises {spoken_promises(now)}.",
                hint="Preview the plan again and confirm what it promises then.",
            )
