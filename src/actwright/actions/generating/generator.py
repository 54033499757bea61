"""The port of a generator: from what is wanted to a draft of code, with what it touches and the tests it has to pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from actwright.actions.generated.action import Maker
from actwright.actions.generated.capability import FieldsOf, WritesOf
from actwright.actions.generated.trial import GeneratedTest
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.org.schema import ObjectSchema


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action somebody wants code for.

    Attributes:
        blueprint: What it is called, what it takes, and its logic: as a recipe, or in words as its summary.
        schemas: The objects it may be about, by API name, as the person sees them.
        prefixes: How ids begin, by the object's API name, for sample records.
    """

    blueprint: ActionBlueprint
    schemas: Mapping[str, ObjectSchema]
    prefixes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """Code for what is wanted, before anybody looked at it.

    Attributes:
        code: One typed function.
        reads: The fields it reads.
        writes: The fields it writes.
        calls: The services it calls.
        tests: Records and arguments, and the effects that have to come out.
        origin: Whether a template wrote it, or a model.
        made_by: Which one.
        opaque_inputs: The inputs it passes on without ever seeing their values, which thus keep where they came from.
        assumptions: What a model took for granted; its own words.
    """

    code: str
    reads: tuple[FieldsOf, ...]
    writes: tuple[WritesOf, ...]
    tests: tuple[GeneratedTest, ...]
    origin: Literal["template", "model"]
    made_by: Maker
    calls: tuple[str, ...] = ()
    opaque_inputs: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = field(default=())


Check: TypeAlias = Callable[[Draft], Sequence[str]]
"""Returns why a draft cannot be used, a sentence each; nothing where it can."""


class Generator(Protocol):
    """Writes code for what is wanted. What it hands out has been checked by nobody but ``check``."""

    def generate(self, wanted: Wanted, check: Check) -> Draft:
        """Return a draft.

        Args:
            wanted: What the code is for.
            check: Looks a draft over; a generator that can mend its drafts does so while it finds anything.

        Raises:
            InputError: The blueprint says nothing that this generator could write code from.
            ModelError: The language model gave nothing that can be used.
        """
        ...
