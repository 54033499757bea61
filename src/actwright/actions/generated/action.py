"""The generated action: code for one blueprint, with the capabilities it asks for, its tests and its review."""

from __future__ import annotations

import keyword
from typing import Literal, Self

from pydantic import Field, computed_field, model_validator

from actwright.actions.generated.capability import FieldsOf, Service, WritesOf, check_once
from actwright.actions.generated.trial import GeneratedTest, ReviewResult
from actwright.blueprints.blueprint import ActionBlueprint, InputName
from actwright.canonical import digest
from actwright.contract import Contract

ENTRY = "produce"
"""The name of the one function the code defines."""

GENERATED = "GENERATED"
"""The category of blueprints whose code is written for them."""

_LONGEST_CODE = 65_536


class Maker(Contract):
    """Who wrote the code: a template of ours, or a model that was asked with a prompt."""

    template: str | None = Field(default=None, max_length=120)
    model: str | None = Field(default=None, max_length=120)
    prompt_name: str | None = Field(default=None, max_length=120)
    prompt_version: str | None = Field(default=None, max_length=60)
    prompt_hash: str | None = Field(default=None, max_length=64)


class GeneratedAction(Contract):
    """Code that produces the effects of one blueprint, and all that a person needs to decide about it.

    ``id`` and ``digest`` are made of what it does: code, capabilities, and the blueprint's contract. Its tests, its
    review and every label stay out, so that a reworded label is no other action.
    """

    blueprint: ActionBlueprint
    """What it stands behind: a CALL."""
    code: str = Field(min_length=1, max_length=_LONGEST_CODE)
    """One typed function called ``produce``, with a parameter for each input."""
    reads: tuple[FieldsOf, ...] = Field(default=(), max_length=20)
    writes: tuple[WritesOf, ...] = Field(default=(), max_length=20)
    calls: tuple[Service, ...] = Field(default=(), max_length=10)
    """The services it calls."""
    opaque_inputs: tuple[InputName, ...] = Field(default=(), max_length=100)
    """The inputs whose values the code may pass on and never see."""
    tests: tuple[GeneratedTest, ...] = Field(default=(), max_length=50)
    origin: Literal["template", "model"]
    made_by: Maker
    assumptions: tuple[str, ...] = Field(default=(), max_length=10)
    """What its maker took for granted; a model's own words."""
    review: ReviewResult = ReviewResult()

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented form
    @property
    def digest(self) -> str:
        """SHA-256 over code, capabilities and the blueprint's contract. This is what a person approves."""
        return digest(
            {
                "code": self.code,
                "reads": sorted(
                    [each.object, sorted(each.fields), sorted(each.opaque)] for each in self.reads
                ),
                "writes": sorted(
                    [each.operation, each.object, sorted(each.fields)] for each in self.writes
                ),
                "calls": sorted(self.calls),
                "opaqueInputs": sorted(self.opaque_inputs),
                "blueprint": contract_of(self.blueprint),
            }
        )

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented form
    @property
    def id(self) -> str:
        """``gen_`` and the first 20 digits of the digest."""
        return f"gen_{self.digest[:20]}"

    @property
    def name(self) -> str:
        """The name of its blueprint; versions of one action share it."""
        return self.blueprint.name

    @model_validator(mode="before")
    @classmethod
    def _computed(cls, value: object) -> object:
        """Take id and digest of a document out: they are computed, never believed."""
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if key not in {"id", "digest"}}
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse an action whose parts do not fit together."""
        if self.blueprint.operation != "CALL":
            raise ValueError("the blueprint of a generated action is a CALL")
        if not (self.writes or self.calls):
            raise ValueError("a generated action writes something")
        names = {each.api_name for each in self.blueprint.inputs}
        odd = sorted(each for each in names if keyword.iskeyword(each))
        if odd:
            raise ValueError(f"the input {odd[0]!r} is a word of Python, and can be no parameter")
        stray = sorted(set(self.opaque_inputs) - names)
        if stray:
            raise ValueError(f"{stray[0]!r} is to be held opaque, and is no input")
        self._check_twice()
        return self

    def _check_twice(self) -> None:
        check_once(each.object for each in self.reads)
        check_once(f"{each.operation} {each.object}" for each in self.writes)


def contract_of(blueprint: ActionBlueprint) -> dict[str, object]:
    """Return what of a blueprint an approval is bound to, ready to be digested: its inputs, its guardrails, its recipe.

    Labels and descriptions stay out. The recipe is in, for what the code does is told to people by it; and where code
    is written after words, the words are: under others, it is code for something else.
    """
    recipe = blueprint.recipe
    worded = {"logic": blueprint.summary} if blueprint.category == GENERATED else {}
    return {
        **({"recipe": recipe.model_dump(mode="json")} if recipe is not None else worded),
        "name": blueprint.name,
        "operation": blueprint.operation,
        "object": blueprint.target_s_object,
        "target": blueprint.target,
        "keyFields": list(blueprint.key_fields),
        "inputs": [
            [
                each.api_name,
                each.field_api_name,
                each.data_type,
                each.required,
                each.usage,
                each.default,
            ]
            for each in sorted(blueprint.inputs, key=lambda each: each.api_name)
        ],
        "guardrails": [each.model_dump(mode="json") for each in blueprint.guardrails],
    }
