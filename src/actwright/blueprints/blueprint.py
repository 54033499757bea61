"""The blueprint: the typed description of one kind of action."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from actwright.blueprints.adapters import DataType, adapt, data_type
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.recipe import Recipe
from actwright.contract import Contract
from actwright.errors import ValueInvalidError
from actwright.org.query import JsonScalar

Operation = Literal["CREATE", "UPDATE", "UPSERT", "DELETE", "CALL"]
"""What an action does; ``INSERT`` is read as ``CREATE``."""

Usage = Literal["FIELD", "PARAMETER", "CONTEXT"]
"""``FIELD``: written to the field of that name. ``PARAMETER``: handed to the implementation. ``CONTEXT``: told to the
reader only."""

InputName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
"""The name of an input or of a field."""

Word = Annotated[str, Field(min_length=1, max_length=80)]
"""A tag, or a word or phrase people use."""

Alias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$", max_length=80)]
"""Another key or name of a blueprint."""


class ActionInput(Contract):
    """One input of a blueprint: the payload key, the field it is bound to, its type."""

    api_name: InputName
    field_api_name: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9_]*)?$", max_length=80)
    """The target field; the payload key where left out."""
    label: str = Field(default="", max_length=120)
    data_type: DataType = "String"
    required: bool = False
    usage: Usage = "FIELD"
    description: str = Field(default="", max_length=1000)
    default: JsonScalar = None
    """A constant used where no argument is given."""

    @field_validator("data_type", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        """Read type names in any case."""
        return data_type(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _named(self) -> Self:
        """Fill the field and the label from the payload key."""
        if not self.field_api_name:
            object.__setattr__(self, "field_api_name", self.api_name)
        if not self.label:
            object.__setattr__(self, "label", self.field_api_name)
        return self

    @model_validator(mode="after")
    def _default_fits(self) -> Self:
        """Refuse a default that is no value of the type, or the id of a record, which is of one org only."""
        if self.default is None:
            return self
        if self.data_type in {"Id", "Reference"}:
            raise ValueError("a record id cannot be a default: it belongs to one org only")
        try:
            adapt(self.data_type, self.default, label="default")
        except ValueInvalidError as error:
            raise ValueError(error.message) from error
        return self

    @property
    def is_field(self) -> bool:
        """Whether the input is written to a field."""
        return self.usage == "FIELD"


class ActionBlueprint(Contract):
    """One kind of action: its target, its operation, its inputs, its guardrails, its checkpoint text."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$", max_length=80)
    label: str = Field(default="", max_length=120)
    category: str = Field(default="DOMAIN", max_length=60)
    target_s_object: str | None = Field(
        default=None, alias="targetSObject", pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80
    )
    target: str | None = Field(default=None, max_length=200)
    """A service, tool or function, where the target is no object of an org."""
    operation: Operation
    summary: str = Field(default="", max_length=500)
    checkpoint: str = Field(default="", max_length=300)
    key_fields: tuple[InputName, ...] = Field(default=(), max_length=10)
    tags: tuple[Word, ...] = Field(default=(), max_length=50)
    aliases: tuple[Alias, ...] = Field(default=(), max_length=20)
    """Other keys and names the library knows it under."""
    synonyms: tuple[Word, ...] = Field(default=(), max_length=100)
    """Words and phrases people use for it."""
    inputs: tuple[ActionInput, ...] = Field(default=(), max_length=1000)
    guardrails: tuple[GuardrailSpec, ...] = Field(default=(), max_length=100)
    recipe: Recipe | None = Field(default=None, exclude_if=lambda each: each is None)
    """The logic of a CALL whose code is generated, as typed steps; left out of documents where there is none."""

    @field_validator("operation", mode="before")
    @classmethod
    def _one_name(cls, value: object) -> object:
        """Read operations in any case, and INSERT as CREATE."""
        if not isinstance(value, str):
            return value
        name = value.strip().upper()
        return "CREATE" if name == "INSERT" else name

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse a blueprint whose parts do not fit together."""
        if not self.label:
            object.__setattr__(self, "label", self.name)
        self._check_target()
        self._check_inputs()
        self._check_keys()
        self._check_recipe()
        return self

    def _check_target(self) -> None:
        if self.operation == "CALL":
            if not (self.target or self.target_s_object):
                raise ValueError("a CALL needs target or targetSObject")
        elif not self.target_s_object:
            raise ValueError(f"{self.operation} needs targetSObject")

    def _check_inputs(self) -> None:
        names = [each.api_name for each in self.inputs]
        fields = [each.field_api_name.lower() for each in self.inputs if each.is_field]
        for kind, values in (("apiName", names), ("fieldApiName", fields)):
            twice = sorted({each for each in values if values.count(each) > 1})
            if twice:
                raise ValueError(f"two inputs share the {kind} {twice[0]!r}")

    def _check_keys(self) -> None:
        named = self.id_input
        if self.operation in {"UPDATE", "DELETE"} and not (named and named.required):
            raise ValueError(f"{self.operation} needs a required input bound to the field Id")
        if named and named.data_type not in {"Id", "Reference"}:
            raise ValueError(f"the input {named.api_name!r} names a record: its dataType is Id")
        if self.operation == "CREATE" and named:
            raise ValueError("CREATE takes no input bound to the field Id")
        if self.operation == "UPSERT":
            self._check_upsert_key()

    def _check_upsert_key(self) -> None:
        if len(self.key_fields) != 1:
            raise ValueError("UPSERT needs exactly one key field")
        key = self.key_fields[0].lower()
        bound = (each for each in self.inputs if each.is_field)
        if not any(each.field_api_name.lower() == key and each.required for each in bound):
            raise ValueError(f"UPSERT needs a required input bound to {self.key_fields[0]!r}")

    def _check_recipe(self) -> None:
        if self.recipe is None:
            return
        if self.operation != "CALL":
            raise ValueError(f"{self.operation} has no recipe: only a CALL is generated")
        unknown = sorted(self.recipe.inputs - {each.api_name for each in self.inputs})
        if unknown:
            raise ValueError(f"the recipe takes the input {unknown[0]!r}, which is not there")
        shared = [each.api_name for each in self.inputs if self.recipe.step(each.api_name)]
        if shared:
            raise ValueError(f"an input and a step of the recipe are both called {shared[0]!r}")

    @property
    def id_input(self) -> ActionInput | None:
        """The input that names the record an update or delete is about."""
        bound = (each for each in self.inputs if each.is_field)
        return next((each for each in bound if each.field_api_name.lower() == "id"), None)

    def input(self, api_name: str) -> ActionInput | None:
        """Return the input with that payload key, or None."""
        return next((each for each in self.inputs if each.api_name == api_name), None)
