"""The shape of an override: the inputs it takes and the outputs it gives, by name and type, as it or its manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from actwright.actions.curated.attribute import attribute
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.blueprints.adapters import DataType, adapt, data_type, family_of_type
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput, InputName
from actwright.canonical import decimal_text
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import ImplementationError, ValueInvalidError
from actwright.inert import inert
from actwright.org.query import JsonScalar

_OPTIONAL = "?"
_COST = "cost"
"""What an override says it has cost; it needs no declaration."""


class Typed(Contract):
    """A type by name, and whether a value of it may be missing."""

    data_type: DataType
    optional: bool = False

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the type that ``text`` names, such as ``Decimal``, or ``Date?`` where it may be missing."""
        plain = text.strip()
        known = data_type(plain.removesuffix(_OPTIONAL))
        return cls.model_validate({"data_type": known, "optional": plain.endswith(_OPTIONAL)})

    def __str__(self) -> str:
        """Return the type as it is written."""
        return f"{self.data_type}{_OPTIONAL * self.optional}"


def _typed(text: str) -> str:
    return str(Typed.read(text))


TypeText = Annotated[str, Field(max_length=20), AfterValidator(_typed)]
"""The name of an input's type; ``Decimal?`` for one that may be missing."""


class Shape(Contract):
    """What an override takes and gives. What is None was not declared, and is not checked."""

    inputs: Mapping[InputName, TypeText] | None = None
    """By the blueprint's name of the input."""
    outputs: Mapping[InputName, TypeText] | None = None
    """What one that acts by itself answers."""

    def check_blueprint(self, blueprint: ActionBlueprint, name: str) -> None:
        """Make sure that a blueprint hands in what an override takes, and nothing else.

        Raises:
            ImplementationError: It does not; both are named.
        """
        misfits = list(self._misfits(blueprint))
        if misfits:
            raise ImplementationError(
                f"{name} does not fit {blueprint.name}: {'; '.join(misfits)}.",
                where=blueprint.name,
                hint="Bring the override's declared inputs and the blueprint's together.",
                code="override_shape",
            )

    def check_request(self, request: ActionRequest, name: str) -> None:
        """Make sure that values are of the types an override takes.

        Raises:
            ImplementationError: One is missing, or of another type; override and input are named.
        """
        for known, text in (self.inputs or {}).items():
            wrong = _fault(Typed.read(text), request.arguments.get(known), known)
            if wrong:
                raise ImplementationError(
                    f"{name} takes {known} as {text}, and {request.action_id} gives it {wrong}.",
                    where=f"{request.action_id}.{known}",
                    hint="Give it a value of that type.",
                    code="override_shape",
                )

    def held(
        self, outputs: Mapping[str, JsonScalar]
    ) -> tuple[dict[str, JsonScalar], tuple[str, ...]]:
        """Return the outputs that are of their declared types, and in words what was left out, and why.

        What the override did is done: so what does not fit is not handed on, and the rest counts.
        """
        if self.outputs is None:
            return dict(outputs), ()
        faults = dict(self._output_faults(outputs))
        kept = {name: value for name, value in outputs.items() if name not in faults}
        return kept, tuple(faults.values())

    def _misfits(self, blueprint: ActionBlueprint) -> Iterator[str]:
        if self.inputs is None:
            return
        handed = {each.api_name: each for each in blueprint.inputs if each.usage != "CONTEXT"}
        for name, text in self.inputs.items():
            yield from _misfit(name, Typed.read(text), handed.get(name))
        for name, given in handed.items():
            if name not in self.inputs:
                yield f"the blueprint hands in {name} ({given.data_type}), which the override does not take"

    def _output_faults(self, outputs: Mapping[str, JsonScalar]) -> Iterator[tuple[str, str]]:
        for name, text in (self.outputs or {}).items():
            declared, value = Typed.read(text), outputs.get(name)
            if value is None:
                if not declared.optional:
                    yield name, f"{name} was to be {text}, and is missing"
            elif not _fits(declared, value, name):
                yield (
                    name,
                    f"{name} was to be {text}, and is left out: {inert(repr(value), limit=60)}",
                )
        for name in outputs:
            if name not in (self.outputs or {}) and name != _COST:
                yield name, f"{name} is left out: the override does not declare it"


def shape_of(override: object, name: str) -> Shape:
    """Return the shape an override says it has, by attributes ``inputs`` and ``outputs``.

    Raises:
        ImplementationError: They are no names with types.
    """
    told = {each: attribute(override, each) for each in ("inputs", "outputs")}
    given = {key: dict(each) if isinstance(each, Mapping) else each for key, each in told.items()}
    return validated(Shape, given, where=name, error=ImplementationError)


def _misfit(name: str, wanted: Typed, given: ActionInput | None) -> Iterator[str]:
    if given is None:
        if not wanted.optional:
            yield f"the override takes {name} ({wanted}), which the blueprint does not have"
    elif family_of_type(given.data_type) != family_of_type(wanted.data_type):
        yield f"the override takes {name} as {wanted}, and the blueprint has it as {given.data_type}"
    elif not (wanted.optional or given.required or given.default is not None):
        yield f"the override needs {name}, and the blueprint lets it be left out"


def _fault(wanted: Typed, argument: ResolvedArgument | None, name: str) -> str:
    """Return in words why an argument is not of a type; empty where it is."""
    if argument is None or (argument.value is None and argument.linked_to is None):
        return "" if wanted.optional else "no value"
    if argument.linked_to is not None:
        return "" if family_of_type(wanted.data_type) == "id" else "the id of a new record"
    return "" if _fits(wanted, argument.value, name) else inert(repr(argument.value), limit=60)


def _fits(wanted: Typed, value: JsonScalar | Decimal, name: str) -> bool:
    raw: JsonScalar = decimal_text(value) if isinstance(value, Decimal) else value
    try:
        adapt(wanted.data_type, raw, label=name)
    except ValueInvalidError:
        return False
    return True
