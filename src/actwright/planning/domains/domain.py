"""Domain specs: what plans are for in one domain, and what must hold of each; written by people, as YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from actwright.canonical import digest
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import DomainError
from actwright.org.query import JsonScalar
from actwright.planning.domains.constraint import DomainConstraint
from actwright.yaml_document import read_yaml

SpecName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$", min_length=3, max_length=63)
]
"""A spec's name: 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit first and last."""

Sentence = Annotated[str, Field(pattern=r"\S", max_length=300)]
"""Words for people and models: not blank."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_LIST_KEY, _WIRE_KEY = "use-cases", "useCases"


class UseCase(Contract):
    """One thing people do in a domain."""

    action: Sentence
    """What they ask for, with ``{variables}`` where the particulars stand: ``Close {opportunity} as won``."""
    params: dict[str, JsonScalar] = Field(default_factory=dict, max_length=50)
    """An example of each variable."""
    capabilities: tuple[Sentence, ...] = Field(min_length=1, max_length=50)
    """What it takes."""
    intent: Sentence
    """What it is for."""
    blueprints: tuple[str, ...] = Field(default=(), max_length=100)
    """Keys, names or aliases of the blueprints it is done with. In a closed spec, a plan uses no other."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse variables without an example, and an action that says nothing beyond them."""
        names = _VARIABLE.findall(self.action)
        bad = [each for each in names if _VARIABLE_NAME.fullmatch(each) is None]
        if bad or set("{}") & set(self.plain):
            raise ValueError("a variable in the action is written {name}: letters, digits, _")
        missing = [each for each in dict.fromkeys(names) if each not in self.params]
        if missing:
            raise ValueError(f"params has no example for {{{missing[0]}}} of the action")
        if not re.search(r"[^\W_]", self.plain):
            raise ValueError("the action says nothing beyond its variables")
        return self

    @property
    def plain(self) -> str:
        """The action's words without its variables."""
        return _VARIABLE.sub(" ", self.action)

    @property
    def example(self) -> str:
        """The action with its variables filled from the example."""
        return _VARIABLE.sub(lambda found: str(self.params.get(found[1])), self.action)


class DomainSpec(Contract):
    """What plans are for in one domain, and what must hold of each."""

    name: SpecName
    domain: Sentence
    version: Annotated[str, Field(pattern=r"\S", max_length=40)]
    use_cases: tuple[UseCase, ...] = Field(min_length=1, max_length=200)
    """On the wire ``useCases``, or ``use-cases``."""
    constraints: tuple[DomainConstraint, ...] = Field(default=(), max_length=100)
    scope: Literal["open", "closed"] = "open"
    """``closed``: a goal that fits no use case of any spec is refused."""

    @model_validator(mode="before")
    @classmethod
    def _one_spelling(cls, value: object) -> object:
        """Read ``use-cases`` as ``useCases``."""
        if not isinstance(value, dict) or _LIST_KEY not in value:
            return value
        if _WIRE_KEY in value:
            raise ValueError(f"{_LIST_KEY} and {_WIRE_KEY} say the same: keep one of them")
        return {(_WIRE_KEY if key == _LIST_KEY else key): each for key, each in value.items()}

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        """Refuse names and actions that stand there twice."""
        names = [each.name for each in self.constraints]
        actions = [each.action.casefold() for each in self.use_cases]
        for kind, values in (("constraints", names), ("use cases", actions)):
            twice = sorted({each for each in values if values.count(each) > 1})
            if twice:
                raise ValueError(f"two {kind} are called {twice[0]!r}")
        return self


def load_domains(paths: Iterable[Path]) -> tuple[DomainSpec, ...]:
    """Return the specs in files and folders, in the order of their names.

    Args:
        paths: YAML files, or folders whose ``*.yaml`` and ``*.yml`` files are read.

    Raises:
        DocumentError: A file is missing, too large, or no strict YAML.
        DomainError: A spec breaks its contract, a folder holds none, or two specs share a name.
    """
    found: dict[str, tuple[Path, DomainSpec]] = {}
    for path in (file for each in paths for file in _files(each)):
        spec = validated(DomainSpec, read_yaml(path), where=str(path), error=DomainError)
        if spec.name in found:
            raise DomainError(
                f"Two domain specs are called {spec.name!r}: {found[spec.name][0]} and {path}.",
                where=str(path),
                hint="Rename one of them, or load only one.",
            )
        found[spec.name] = (path, spec)
    return tuple(found[name][1] for name in sorted(found))


def fingerprint(domains: Sequence[DomainSpec]) -> str:
    """Return a digest over every word of the specs, whatever their order: for the key of the plan cache."""
    ordered = sorted(domains, key=lambda each: each.name)
    return digest([each.model_dump_json(by_alias=True) for each in ordered])


def _files(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    found = [
        each
        for each in sorted(path.iterdir())
        if each.suffix in {".yaml", ".yml"} and each.name[0] != "."
    ]
    if not found:
        raise DomainError(
            "The folder holds no domain spec.",
            where=str(path),
            hint="Put *.yaml files into it, or leave it out of the settings.",
        )
    return tuple(found)
