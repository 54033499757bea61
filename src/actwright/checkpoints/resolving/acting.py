"""Acting: what holds for an override that acts by itself, whose promises are all that anybody can check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from actwright.actions.curated.answering import answered
from actwright.actions.curated.breakdown import told
from actwright.actions.curated.watched_reader import WatchedReader
from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.implementation import ActionRequest
from actwright.actions.opaque import request_of
from actwright.blueprints.plan import Plan
from actwright.canonical import decimal_text
from actwright.checkpoints.resolving.arguments import ResolvedAction
from actwright.checkpoints.wording.promises import spoken_promises
from actwright.errors import ActwrightError, ImplementationError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.ports import OrgReader

Answer = TypeVar("Answer")


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
    return _asked_anew(effect, plan, factory, reader).promises


def _asked_anew(effect: Effect, plan: Plan, factory: Factory, reader: OrgReader) -> Effect:
    action = plan.action(effect.action_id)
    chosen = factory.resolve(action.blueprint) if action else None
    if action is None or chosen is None or chosen.opaque is None:
        raise ImplementationError(
            f"{effect.action_id!r} has no override any more that acts by itself.",
            where=effect.action_id,
            hint="Preview the plan again.",
        )
    request = request_of(effect, action.blueprint, reader)
    return override_answer(chosen, request, WatchedReader(reader))[0]


def override_answer(
    chosen: ChosenImplementation, request: ActionRequest, reader: WatchedReader
) -> Sequence[Effect]:
    """Return what an override hands out for one action, unvetted.

    Args:
        chosen: The override.
        request: The action.
        reader: What it reads with.

    Raises:
        ImplementationError: It took too long, broke down, or is handed a value of another type than it takes.
        ActwrightError: It says itself why it hands out nothing.
    """
    return asked(
        chosen.name,
        request.action_id,
        lambda: answered(
            chosen.implementation,
            request,
            name=chosen.name,
            seconds=chosen.seconds,
            shape=chosen.shape,
            reader=reader,
        ),
    )


def asked(name: str, action_id: str, question: Callable[[], Answer]) -> Answer:
    """Return what foreign code answers.

    Args:
        name: What the code is called.
        action_id: The action it is asked for.
        question: Asks it.

    Raises:
        ActwrightError: It says itself why there is no answer.
        ImplementationError: It broke down.
    """
    try:
        return question()
    except ActwrightError:
        raise
    except Exception as error:
        # An override is foreign code: whatever breaks in it is told as its own failure.
        raise ImplementationError(
            f"{name} broke down: {told(error)}",
            where=action_id,
            hint="Mend the override, or take its registration out.",
        ) from error


def broken_promises(
    effects: Sequence[Effect], plan: Plan, factory: Factory, reader: OrgReader
) -> Iterator[Issue]:
    """Yield an issue for each override that promises something else than was shown, or costs something else.

    Raises:
        ImplementationError: An override is gone, broke down, or promises nothing.
        OrgError: One asked the org, which cannot be asked.
    """
    for effect in effects:
        if effect.kind != "opaque":
            continue
        anew = _asked_anew(effect, plan, factory, reader)
        now, label = anew.promises, inert(effect.object_label or effect.object, limit=80)
        if now != effect.promises:
            yield Issue(
                code="drift_promises",
                action_id=effect.action_id,
                object=effect.object,
                message=f"{label} promised {spoken_promises(effect.promises)} at the preview, and now it promises "
                f"{spoken_promises(now)}.",
                hint="Preview the plan again and confirm what it promises then.",
            )
        if anew.price != effect.price:
            yield Issue(
                code="drift_price",
                action_id=effect.action_id,
                object=effect.object,
                message=f"The price of {label} was {_spoken(effect.price)} at the preview, and is {_spoken(anew.price)} "
                "now.",
                hint="Preview the plan again and confirm what it costs then.",
            )


def _spoken(price: Decimal | None) -> str:
    return "not told" if price is None else decimal_text(price)
