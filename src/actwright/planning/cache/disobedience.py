"""Disobedience: what a whole plan does although its goal forbids it, wherever the plan comes from."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.plan import Plan
from actwright.planning.bounds.forbidden import Forbidden
from actwright.planning.bounds.forbidding import Forbidding
from actwright.planning.bounds.negation import parted
from actwright.planning.cache.binding import Setting
from actwright.planning.model.reply_actions import Sketch, broken
from actwright.planning.model.reply_blueprints import ChosenBlueprint
from actwright.planning.words.text import tokenize


def disobeyed(plan: Plan, setting: Setting) -> Iterator[str]:
    """Yield a sentence for each thing the goal forbids and an action of the plan does.

    Args:
        plan: The plan.
        setting: Its goal, and the objects and fields of the org.

    Raises:
        NotBoundError: The object of an action is hidden.
    """
    negations = parted(plan.goal, tokenize(plan.goal)).negations
    bans = Forbidding(plan.goal, setting.objects), Forbidden(negations, setting.objects)
    for action in plan.actions:
        target = action.blueprint.target_s_object
        if target is None:
            continue
        chosen = ChosenBlueprint(action.blueprint.name, action.blueprint, setting.schema(target))
        sketch = Sketch(action.id, chosen, action.arguments, for_each=action.for_each)
        yield from broken(sketch, setting.fields(target), *bans)
