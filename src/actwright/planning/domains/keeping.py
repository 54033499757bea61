"""Keeping a plan to its domains' constraints: the plan as values for CEL, and the first constraint it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from actwright.blueprints.argument import Argument, FromArgument, ValueArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.condition import Condition
from actwright.errors import ConditionError
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.planning.domains.blueprint_words import DERIVED, blueprint_key
from actwright.planning.domains.constraint import DomainConstraint
from actwright.planning.domains.domain import DomainSpec
from actwright.planning.domains.use_cases import Fit

_SCOPE = "blueprints"


@dataclass(frozen=True, slots=True)
class Breach:
    """A constraint a plan breaks, or of which nobody can tell whether it does.

    Attributes:
        spec: Name and version of the spec.
        constraint: Its name.
        action: The action that is to blame, in words; empty where it is the whole plan.
        reason: What is wrong.
        hint: What to do.
        undecided: Whether it could not be decided, which counts as broken.
    """

    spec: str
    constraint: str
    action: str
    reason: str
    hint: str
    undecided: bool = False


class Keeper:
    """One plan, as the values that constraints are asked about.

    Args:
        plan: The plan.
        library: The curated blueprints, for their keys and aliases.
        data: The named data of the request.
    """

    def __init__(self, plan: Plan, library: Library, data: Mapping[str, JsonScalar]) -> None:
        self._plan = plan
        self._library = library
        self._order = plan.order()
        self._asked = {(each.action_id, each.input) for each in plan.questions}
        self._data = {**plan.data, **data}
        self._actions = [self._values(at, each) for at, each in enumerate(self._order)]

    def breach(self, domains: Iterable[DomainSpec], fitting: Fit | None) -> Breach | None:
        """Return the first constraint of any spec that does not hold, or None.

        Args:
            domains: The specs, whose constraints all count, whatever use case the goal fits.
            fitting: The use case the goal fits.
        """
        if fitting is not None and fitting.spec.scope == "closed":
            stray = self._stray(fitting)
            if stray is not None:
                return stray
        for spec in domains:
            own = fitting if fitting is not None and fitting.spec.name == spec.name else None
            for constraint in spec.constraints:
                breach = self._of_constraint(spec, constraint, own)
                if breach is not None:
                    return breach
        return None

    def _stray(self, fitting: Fit) -> Breach | None:
        """Return the breach of a plan that uses a blueprint its use case does not name."""
        listed = fitting.use_case.blueprints
        unknown = next((each for each in listed if self._key(each) is None), None)
        if unknown is not None:
            return self._unknown(fitting.spec, _SCOPE, unknown)
        allowed = {self._key(each) for each in listed}
        for at, values in enumerate(self._actions):
            if listed and values["blueprint"] not in allowed:
                return Breach(
                    _called(fitting.spec),
                    _SCOPE,
                    _told(self._order[at]),
                    f"the use case {fitting.use_case.action!r} is not done with it",
                    f"Ask for what is done with {', '.join(listed)}.",
                )
        return None

    def _of_constraint(
        self, spec: DomainSpec, constraint: DomainConstraint, own: Fit | None
    ) -> Breach | None:
        unknown = next((each for each in constraint.blueprints if self._key(each) is None), None)
        if unknown is not None:
            return self._unknown(spec, constraint.name, unknown)
        try:
            for condition in constraint.conditions(lambda word: self._key(word) or word):
                for action, values in self._questions(condition, own):
                    if not condition.holds(values):
                        return Breach(
                            _called(spec),
                            constraint.name,
                            _told(action) if action else "",
                            constraint.told().rstrip("."),
                            constraint.way_out(),
                        )
        except ConditionError as error:
            reason = error.message.rstrip(".")
            return Breach(
                _called(spec), constraint.name, "", reason, self._help(error), undecided=True
            )
        return None

    def _questions(
        self, condition: Condition, own: Fit | None
    ) -> Iterator[tuple[PlannedAction | None, dict[str, object]]]:
        """Yield what a condition is asked about: each action where it names one, else the whole plan."""
        values: dict[str, object] = {
            "goal": self._plan.goal,
            "data": self._data,
            "actions": self._actions,
            "plan.blueprints": [each["blueprint"] for each in self._actions],
            "plan.objects": [each["object"] for each in self._actions],
            "plan.operations": [each["operation"] for each in self._actions],
            "plan.size": len(self._actions),
            "useCase": own.use_case.action if own is not None else "",
        }
        if "action" not in condition.names:
            yield None, values
            return
        for at, action in enumerate(self._order):
            yield action, values | {"action": self._actions[at]}

    def _values(self, position: int, action: PlannedAction) -> dict[str, object]:
        """Return one action as a map for CEL."""
        inputs: dict[str, object] = {}
        origins: dict[str, object] = {}
        for each in action.blueprint.inputs:
            argument = action.arguments.get(each.api_name)
            if argument is not None:
                origins[each.api_name] = _origin(argument)
                inputs |= self._known(each.api_name, argument)
            elif (action.id, each.api_name) in self._asked:
                origins[each.api_name] = "data"
            elif each.default is not None:
                origins[each.api_name] = "default"
                inputs[each.api_name] = each.default
        return {
            "id": action.id,
            "position": position,
            "blueprint": self._key_of(action.blueprint),
            "name": action.blueprint.name,
            "object": action.blueprint.target_s_object or "",
            "operation": action.blueprint.operation,
            "inputs": inputs,
            "provenance": origins,
            "needs": sorted(action.needs),
            "rows": action.for_each.limit if action.for_each else 1,
        }

    def _known(self, name: str, argument: Argument) -> dict[str, object]:
        """Return the value of an input under its name; nothing where it is not known before the preview."""
        if isinstance(argument, ValueArgument):
            return {name: argument.value}
        taken = argument.data_name if isinstance(argument, FromArgument) else None
        return {name: self._data[taken]} if taken in self._data else {}

    def _key_of(self, blueprint: ActionBlueprint) -> str:
        """Return the key of a blueprint: the library's, that of a derived one, else its name."""
        entry = self._library.find(blueprint.name)
        if entry is not None:
            return entry.key
        target = blueprint.target_s_object
        if target and blueprint.name == f"{blueprint.operation.capitalize()}{target}":
            return f"{DERIVED}.{target.lower()}.{blueprint.operation.lower()}"
        return blueprint.name

    def _key(self, word: str) -> str | None:
        """Return the key of the blueprint that is called ``word``, or None where there is none."""
        return blueprint_key(word, self._library)

    def _unknown(self, spec: DomainSpec, name: str, word: str) -> Breach:
        return Breach(
            _called(spec),
            name,
            "",
            f"the library holds no blueprint {word!r}",
            "Correct the spec, or add the blueprint: `actwright blueprints list` shows all.",
            undecided=True,
        )

    def _help(self, error: ConditionError) -> str:
        """Return what to do about a constraint that cannot be decided."""
        open_inputs = [f"-d {each.id}=VALUE" for each in self._plan.questions]
        if open_inputs:
            return f"Say in the goal what is still open, or hand it in: {' '.join(open_inputs)}."
        return error.hint or "Correct the rule."


def _origin(argument: Argument) -> str:
    if isinstance(argument, ValueArgument):
        return argument.provenance
    if isinstance(argument, FromArgument):
        return "data" if argument.data_name else "output"
    return "lookup"


def _called(spec: DomainSpec) -> str:
    return f"{spec.name} {inert(spec.version)}"


def _told(action: PlannedAction) -> str:
    return f"action {action.id} ({action.blueprint.name})"
