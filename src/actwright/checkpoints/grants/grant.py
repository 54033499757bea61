"""The grant: a standing yes to one version of each of some actions, on one org, as one person, under ceilings."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.canonical import digest
from actwright.checkpoints.preview import PreviewedAction
from actwright.contract import Contract
from actwright.org.effect import EffectOperation
from actwright.org.provenance import Provenance
from actwright.org.query import ObjectName

LONGEST = timedelta(days=366)
"""How long a grant may stand at most."""

FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
FieldPath = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*\.[A-Za-z][A-Za-z0-9_]*$", max_length=161)
]
"""``Object.Field``."""

Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=30)]

SubjectKind = Literal["blueprint", "generated"]
"""What a grant says yes to a version of; the list grows with flows, protocols and actors."""


def moment(text: str) -> str:
    """Refuse what is no moment with a zone: an expiry nobody can read never lets anything start."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a point in time needs a zone")
    return text


Moment = Annotated[str, AfterValidator(moment)]


class Subject(Contract):
    """One version of a blueprint, and the code that carries it out."""

    kind: SubjectKind
    name: str = Field(max_length=80)
    """The blueprint's name."""
    version: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over the whole blueprint."""
    implementation: str = Field(min_length=1, max_length=300)
    """Who carries it out: ``standard.update``, an override's name, a generated action's id."""


def version_of(blueprint: ActionBlueprint) -> str:
    """Return the version of a blueprint: SHA-256 over all of it, so that any edit makes another one."""
    return digest(blueprint.model_dump(mode="json"))


def subject(blueprint: ActionBlueprint, implementation_kind: str, implementation: str) -> Subject:
    """Return what a grant says yes to.

    Args:
        blueprint: The blueprint.
        implementation_kind: What kind of code carries it out, as previews say it.
        implementation: That code's name.
    """
    kind: SubjectKind = "generated" if implementation_kind == "generated" else "blueprint"
    return Subject(
        kind=kind,
        name=blueprint.name,
        version=version_of(blueprint),
        implementation=implementation,
    )


def subject_of(shown: PreviewedAction, blueprint: ActionBlueprint) -> Subject:
    """Return what a grant for a previewed action says yes to."""
    return subject(blueprint, shown.implementation_kind, shown.implementation)


class Writable(Contract):
    """What may be done to one object, and to which of its fields: exactly these."""

    operation: EffectOperation
    object: ObjectName
    fields: tuple[FieldName, ...] = Field(default=(), max_length=500)
    """For ``CALL`` the arguments that are handed over; for ``DELETE`` none."""

    @field_validator("fields")
    @classmethod
    def _in_order(cls, fields: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(dict.fromkeys(fields), key=str.lower))


class Ceilings(Contract):
    """How far a grant reaches. What is not named in it is outside."""

    writes: tuple[Writable, ...] = Field(min_length=1, max_length=100)
    rows: int = Field(ge=1, le=50_000)
    """The most effects of one run, all its waves together; children that go with a delete count."""
    amounts: dict[FieldPath, Amount] = Field(default_factory=dict, max_length=100)
    """By field, the most that one run may write to it, all values together, whatever their sign."""
    amounts_in_all: dict[FieldPath, Amount] = Field(default_factory=dict, max_length=100)
    """By field, the same over all runs."""
    uses: int = Field(ge=1, le=1_000_000)
    """How many runs it may begin."""
    uses_per_day: int | None = Field(default=None, ge=1)
    """How many of them within 24 hours."""
    expires_at: Moment
    refused_provenance: tuple[Provenance, ...] = ("extract", "model")
    """Where values may not come from."""
    allow_duplicates: bool = False
    """Whether it may save in spite of duplicate rules that merely warn."""

    @field_validator("writes")
    @classmethod
    def _each_once(cls, writes: tuple[Writable, ...]) -> tuple[Writable, ...]:
        """Bring them in order, and refuse two that say something of the same operation on the same object."""
        found = {(each.object.lower(), each.operation): each for each in writes}
        if len(found) != len(writes):
            raise ValueError("an operation on an object is named once, with all its fields")
        return tuple(found[key] for key in sorted(found))

    @field_validator("refused_provenance")
    @classmethod
    def _ordered(cls, refused: tuple[Provenance, ...]) -> tuple[Provenance, ...]:
        return tuple(sorted(set(refused)))

    @field_validator("amounts", "amounts_in_all")
    @classmethod
    def _each_field_once(cls, amounts: dict[str, Decimal]) -> dict[str, Decimal]:
        """Refuse two ceilings of one field, in whatever case of letters: nobody could tell which counts."""
        if len({each.lower() for each in amounts}) != len(amounts):
            raise ValueError("a field has one ceiling")
        return dict(sorted(amounts.items()))

    def write(self, operation: str, name: str) -> Writable | None:
        """Return what may be done by an operation on an object, in any case of letters; None where nothing may."""
        return next(
            (
                each
                for each in self.writes
                if each.operation == operation and each.object.lower() == name.lower()
            ),
            None,
        )


class Grant(Contract):
    """A standing yes. Its id is made of its content, so that a changed grant cannot keep its id."""

    id: str = Field(default="", pattern=r"^(grt_[0-9a-f]{20})?$")
    subjects: tuple[Subject, ...] = Field(min_length=1, max_length=20)
    org: str
    org_url: str = ""
    """Empty for a local org that this program starts, which has another address each time."""
    user: str
    """Whose rights count: the id of the running user."""
    username: str
    """What that user is called, for people."""
    ceilings: Ceilings
    made_by: str = Field(min_length=1, max_length=200)
    at: Moment
    why: str = Field(default="", max_length=500)
    narrowed_from: str = ""
    """The version it takes the place of; empty for the first."""
    lineage: str = ""
    """The first version, whose uses count for all; empty for the first itself."""

    @model_validator(mode="after")
    def _is_its_content(self) -> Self:
        """Make the id of the content, and refuse another one."""
        made = f"grt_{digest(self.model_dump(mode='json', exclude={'id'}))[:20]}"
        if self.id not in {"", made}:
            raise ValueError("the id is not that of this content")
        object.__setattr__(self, "id", made)
        return self

    @model_validator(mode="after")
    def _ends(self) -> Self:
        """Refuse a grant for longer than a year, or for no time at all."""
        lasts = datetime.fromisoformat(self.ceilings.expires_at) - datetime.fromisoformat(self.at)
        if self.narrowed_from == "" and not timedelta(0) < lasts <= LONGEST:
            raise ValueError(f"a grant stands for up to {LONGEST.days} days")
        return self

    @property
    def root(self) -> str:
        """The id under which its uses are counted: that of its first version."""
        return self.lineage or self.id
