"""Rules as they are written: what a rule is about, and what it says. Everything in here is closed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from actwright.contract import Contract
from actwright.org.provenance import Provenance
from actwright.org.query import ObjectName
from actwright.org.value import FieldValue

FieldKind = Literal["money", "owner", "mail", "link", "phone", "bank"]
"""What a field is for: an amount of money, who owns a record, where mail goes, a web address, a phone, an account."""

ImplementationKind = Literal["standard", "registered", "generated", "opaque"]
"""Who carries an action out; ``opaque`` is an override that acts by itself."""

Operation = Literal["CREATE", "UPDATE", "UPSERT", "DELETE", "CALL"]
"""What an effect does. A rule about creates, or about updates, is about upserts, too."""

RuleEffect = Literal["allow", "deny", "require", "warn"]
"""What a rule says of what it is about. Deny beats require, and require beats allow."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

FieldName = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z][A-Za-z0-9_]{0,79}\.)?[A-Za-z][A-Za-z0-9_]{0,79}$", max_length=161
    ),
]
"""A field of any object, or of one: ``Amount``, ``Opportunity.Amount``."""

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
_Named = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
_Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
_MOST = 500
_BY_NAME = re.compile(r"\bblueprint\b")


def _no_text(value: object) -> object:
    """Refuse numbers in quotes: what is compared has to be meant as a number."""
    if isinstance(value, str | bool):
        raise ValueError("write a plain number, without quotes")  # noqa: TRY004 - pydantic reads ValueError
    return Decimal(str(value)) if isinstance(value, float) else value


def _known_zone(value: object) -> object:
    """Refuse what no clock can show."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{0,59}", value):
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone; write one such as Europe/Zurich") from error
        return value
    raise ValueError("a time zone is written as in Europe/Zurich")


Amount: TypeAlias = Annotated[Decimal, BeforeValidator(_no_text), Field(ge=0, lt=10**30)]
Zone: TypeAlias = Annotated[str, BeforeValidator(_known_zone)]
Count: TypeAlias = Annotated[int, BeforeValidator(_no_text), Field(ge=0, lt=10**12, strict=True)]


class Written(Contract):
    """A part of a policy as it is written: by its wire names only, so that nothing can be said twice."""

    model_config = ConfigDict(validate_by_name=False)


class Transition(Written):
    """A field that goes from one value to another. What is left out stands for any value."""

    field: FieldName
    from_: tuple[FieldValue, ...] | None = Field(
        default=None, alias="from", min_length=1, max_length=_MOST
    )
    to: tuple[FieldValue, ...] | None = Field(default=None, min_length=1, max_length=_MOST)

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.from_ is None and self.to is None:
            raise ValueError("a transition says from what, to what, or both")
        return self


class AmountOver(Written):
    """An amount that is too large: of one record, or of all that the rule is about together."""

    field: FieldName
    over: Amount
    of: Literal["plan", "record"] = "plan"
    """``plan`` adds up what the plan writes, so that nothing is gained by splitting; signs do not count."""


class Ceiling(Written):
    """More than so many."""

    over: Count


class Window(Written):
    """Hours of days of the week. A window that ends before it begins goes on to the next day."""

    days: tuple[Day, ...] | None = Field(default=None, min_length=1, max_length=7)
    from_: _Clock = Field(default="00:00", alias="from")
    to: _Clock = "24:00"
    zone: Zone | None = None
    """A time zone such as ``Europe/Zurich``; the policy's own where left out."""

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.from_ in {self.to, "24:00"}:
            raise ValueError("a window begins before 24:00, and does not end when it begins")
        return self


class People(Written):
    """Whom a rule does not hold for. One of the lists is enough."""

    users: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    """User names or user ids."""
    roles: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    profiles: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    permission_sets: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("somebody has to be named")
        return self


class Match(Written):
    """What a rule is about. Everything that is said has to hold; of each list, one item is enough."""

    objects: tuple[ObjectName, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    fields: tuple[FieldName, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    field_kinds: tuple[FieldKind, ...] | None = Field(default=None, min_length=1)
    operations: tuple[Operation, ...] | None = Field(default=None, min_length=1)
    blueprints: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    """By name; a plan may give any name to a blueprint of its own, so rules that allow cannot go by it."""
    implementations: tuple[ImplementationKind, ...] | None = Field(default=None, min_length=1)
    users: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    """User names or user ids."""
    roles: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    profiles: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    permission_sets: tuple[_Named, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    provenance: tuple[Provenance, ...] | None = Field(default=None, min_length=1)
    """Where the value of one of the fields came from."""
    transitions: tuple[Transition, ...] | None = Field(default=None, min_length=1, max_length=_MOST)
    amounts: tuple[AmountOver, ...] | None = Field(default=None, min_length=1, max_length=50)
    rows: Ceiling | None = None
    """How many records of one plan the rule may be about."""
    calls: Ceiling | None = None
    """How many API calls the plan takes."""
    during: tuple[Window, ...] | None = Field(default=None, min_length=1, max_length=50)
    outside: tuple[Window, ...] | None = Field(default=None, min_length=1, max_length=50)
    """Holds while none of these windows is open."""
    when: str | None = Field(default=None, min_length=1, max_length=1_000)
    """A condition in CEL."""


class Require(Written):
    """What a confirmation has to have."""

    people: Annotated[int, Field(strict=True, ge=1, le=10)] = 1
    """How many different people say yes."""
    who: tuple[_Named, ...] = Field(default=(), max_length=_MOST)
    """Names or roles that may confirm; anybody where left out."""
    keys: Annotated[bool, Field(strict=True)] = False
    """Whether each signs with a registered approver key."""

    @model_validator(mode="after")
    def _more_than_usual(self) -> Self:
        if self.people == 1 and not self.who and not self.keys:
            raise ValueError("say people: 2 or more, who, or keys: true")
        return self


class Rule(Written):
    """One rule of a policy."""

    id: RuleId
    description: str = Field(min_length=1, max_length=300)
    """What it says and why, for the person who reads a refusal: one sentence."""
    match: Match = Match()
    unless: People | None = None
    """Whom it does not hold for."""
    effect: RuleEffect
    require: Require | None = None
    """What ``effect: require`` asks for."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.effect == "require") != (self.require is not None):
            raise ValueError("effect: require and the block require belong together")
        ceilings = (self.match.amounts, self.match.rows, self.match.calls)
        if self.effect == "allow" and any(each is not None for each in ceilings):
            raise ValueError(
                "a rule that allows has no amounts, rows or calls; write a rule that denies what is over"
            )
        if self.effect == "allow" and (
            self.match.blueprints or _BY_NAME.search(self.match.when or "")
        ):
            raise ValueError(
                "a rule that allows cannot go by a blueprint's name, which a plan may give to any blueprint of its own"
            )
        return self
