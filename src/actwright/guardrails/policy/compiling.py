"""Compiled rules: read once, asked of every effect, cheapest question first.

An answer has three values. Where nobody can tell, such as a role the org does not tell or a condition that cannot be
decided, a rule that restricts holds and a rule that allows does not: the stricter counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from actwright.condition import Condition, compile_condition
from actwright.errors import ConditionError, PolicyError
from actwright.guardrails.policy.approval import RuleRef
from actwright.guardrails.policy.asking import MEMBERS, NAMES, Asking
from actwright.guardrails.policy.facts import Facts, FieldFact
from actwright.guardrails.policy.rule import Match, People, Rule
from actwright.guardrails.policy.subjects import AmountCheck, FieldNames, Moves

_PEOPLE = ("users", "roles", "profiles", "permission_sets")
_USER_ID = re.compile(r"005[A-Za-z0-9]{12}([A-Z0-5]{3})?")


@dataclass(frozen=True, slots=True)
class Hit:
    """An effect that a rule is about.

    Attributes:
        facts: The effect.
        fields: The fields it is about, or all that are written.
        unsure: What nobody could tell, so that the stricter counts; empty where all is known.
    """

    facts: Facts
    fields: tuple[FieldFact, ...] = ()
    unsure: str = ""


class CompiledRule:
    """One rule, ready to be asked.

    Args:
        rule: The rule.
        ref: How it is pointed to.
        own: Whether it is the document's own; False for one of the built-in policy that holds beside it.

    Raises:
        PolicyError: Its condition is no CEL, or names what there is not.
    """

    def __init__(self, rule: Rule, ref: RuleRef, *, own: bool = True) -> None:
        match = rule.match
        self.rule, self.ref, self.own = rule, ref, own
        self.restricts = rule.effect != "allow"
        self.objects = _lowered(match.objects)
        self.operations = frozenset(match.operations) if match.operations else None
        self.blueprints = _folded(match.blueprints)
        self._implementations = frozenset(match.implementations or ()) or None
        self._names = FieldNames(match.fields) if match.fields else None
        self._kinds = frozenset(match.field_kinds or ())
        self._provenance = frozenset(match.provenance or ())
        self._transitions = tuple(
            Moves(each, alike=self.restricts) for each in match.transitions or ()
        )
        self._people = _listed(match)
        self._unless = _listed(rule.unless) if rule.unless else ()
        self._when = _condition(match.when, ref)
        self.amounts = tuple(AmountCheck.of(each) for each in match.amounts or ())
        self.rows = match.rows.over if match.rows else None
        self.calls = match.calls.over if match.calls else None
        self.has_totals = bool(match.amounts or match.rows or match.calls)
        self._bounded = bool(
            self._people or self._unless or match.during or match.outside or self._when
        )
        self.about_fields = bool(
            self._names or self._kinds or self._provenance or self._transitions
        )

    @property
    def needs_person(self) -> bool:
        """Whether it has to know the person's role, profile or permission sets."""
        named = {kind for kind, _ in (*self._people, *self._unless)}
        asked = set(self._when.names) if self._when else set()
        return bool(
            named - {"users"} or asked & {"user.role", "user.profile", "user.permissionSets"}
        )

    @cached_property
    def named_objects(self) -> frozenset[str]:
        """Every object it names, also in front of a field, in lower case."""
        names = [self._names, *(each.names for each in self._transitions)]
        owners = [each.owners for each in names if each is not None]
        return frozenset().union(self.objects or (), *owners)

    def fields_of(self, object_key: str) -> frozenset[str] | None:
        """Return the fields of which one has to be written for a rule to be about it; None where any may be.

        Args:
            object_key: The object, in lower case.
        """
        if self._names is not None:
            return self._names.of(object_key)
        if self._transitions:
            return frozenset().union(*(each.names.of(object_key) for each in self._transitions))
        return None

    def size(self, amount: AmountCheck, facts: Facts) -> Decimal | None:
        """Return how large an amount of an effect is; None where nobody knows.

        A field the org does not show may hold anything, as long as the rule names the object: the person may not see it.

        Args:
            amount: One of the rule's amounts.
            facts: The effect.
        """
        if facts.operation == "CREATE" or facts.shows(amount.key):
            return facts.amount(amount.key)
        here = [each for each in self.amounts if each.owner in {"", facts.object_key}]
        named = facts.object_key in self.named_objects or any(each.owner for each in here)
        hidden = named and not any(facts.shows(each.key) for each in here)
        return None if hidden else facts.amount(amount.key)

    def hit(self, facts: Facts, asking: Asking) -> Hit | None:
        """Return that the rule is about an effect, or None; object and operation are looked at by the index.

        Args:
            facts: The effect.
            asking: The person, the time and the totals.
        """
        if self._misses(facts) or not self._may_be(asking):
            return None
        fields, unsure = self._touched(facts) if self.about_fields else (facts.fields, "")
        if self.about_fields and not fields and not unsure:
            return None
        for doubt in self._circumstances(facts, asking) if self._bounded else ():
            if doubt is None:
                return None
            unsure = unsure or doubt
        if unsure and not self.restricts:
            return None
        return Hit(facts, fields, unsure)

    def _misses(self, facts: Facts) -> bool:
        """Tell at a glance whether a rule cannot be about an effect; most rules end here."""
        if self.blueprints and facts.blueprint.casefold() not in self.blueprints:
            return True
        if self._implementations and facts.implementation not in self._implementations:
            return True
        if not self.about_fields or facts.acts_alone:
            return False
        return bool(
            (self._names and self._names.of(facts.object_key).isdisjoint(facts.keys))
            or (self._kinds and self._kinds.isdisjoint(facts.kinds))
            or (self._provenance and self._provenance.isdisjoint(facts.sources))
        )

    def _may_be(self, asking: Asking) -> bool:
        """Tell whether the person may be one a rule is about."""
        return all(asking.is_one_of(kind, names) is not False for kind, names in self._people)

    def covers(self, hit: Hit) -> frozenset[str] | None:
        """Return which fields of an effect a rule that allows is about; None for the whole effect."""
        return frozenset(each.key for each in hit.fields) if self.about_fields else None

    def _touched(self, facts: Facts) -> tuple[tuple[FieldFact, ...], str]:
        """Return the written fields a rule is about, and what nobody could tell."""
        if facts.acts_alone:
            return self._touched_alone(facts)
        if not (self._names or self._kinds or self._provenance):
            return self._moved(facts, None)
        fields = tuple(
            each
            for each in facts.written.values()
            if (self._names is None or each.key in self._names.of(facts.object_key))
            and (not self._kinds or not self._kinds.isdisjoint(each.kinds))
            and self._came_from(each)
        )
        return self._moved(facts, fields) if self._transitions else (fields, "")

    def _touched_alone(self, facts: Facts) -> tuple[tuple[FieldFact, ...], str]:
        """Return the arguments of an override that acts by itself: any of them may end up in any field."""
        handed = tuple(
            each
            for each in facts.fields
            if (not self._kinds or not self._kinds.isdisjoint(each.kinds)) and self._came_from(each)
        )
        if not self._names and not self._transitions:
            return handed, ""
        if not handed and (self._kinds or self._provenance):
            return (), ""
        return handed, "nobody knows what an override writes that acts by itself"

    def _came_from(self, field: FieldFact) -> bool:
        """Tell whether a value came from where a rule says: some of it for one that restricts, all of it for one that allows."""
        if not self._provenance:
            return True
        if self.restricts:
            return not self._provenance.isdisjoint(field.sources)
        return field.sources <= self._provenance

    def _moved(
        self, facts: Facts, fields: tuple[FieldFact, ...] | None
    ) -> tuple[tuple[FieldFact, ...], str]:
        """Return the fields that move as a rule says, together with those it is about beside.

        A rule that allows is about a move only where the new value is known, and came from where the rule says.
        """
        moved: dict[str, bool | None] = {}
        for move in self._transitions:
            moved |= move.of(facts)
        if not self.restricts:
            moved = {
                key: True
                for key, sure in moved.items()
                if sure and self._came_from(facts.written[key])
            }
        if not moved or fields == ():
            return (), ""
        unsure = "" if True in moved.values() else "the new value is not known yet"
        touched = set(moved) | {each.key for each in fields or ()}
        return tuple(each for each in facts.written.values() if each.key in touched), unsure

    def _circumstances(self, facts: Facts, asking: Asking) -> Iterator[str | None]:
        """Yield for each circumstance: None where it does not hold, else what nobody could tell of it, or nothing."""
        for kind, names in self._people:
            found = asking.is_one_of(kind, names)
            yield None if found is False else _doubt(found, kind)
        if self._unless:
            yield self._exempt(asking)
        match = self.rule.match
        if match.during:
            yield "" if any(asking.is_open(each) for each in match.during) else None
        if match.outside:
            yield None if any(asking.is_open(each) for each in match.outside) else ""
        if self._when is not None:
            yield _decided(self._when, facts, asking)

    def _exempt(self, asking: Asking) -> str | None:
        found = [asking.is_one_of(kind, names) for kind, names in self._unless]
        if True in found:
            return None
        return "the person's rights are not known" if None in found else ""


def _listed(people: Match | People) -> tuple[tuple[str, frozenset[str]], ...]:
    found = ((kind, getattr(people, kind)) for kind in _PEOPLE)
    return tuple((kind, _logins(names)) for kind, names in found if names)


def _logins(names: Sequence[str]) -> frozenset[str]:
    """Return names without regard to case; ids as they are, since two people's may differ by the case of a letter."""
    return frozenset(each if _USER_ID.fullmatch(each) else each.casefold() for each in names)


def _lowered(names: Sequence[str] | None) -> frozenset[str] | None:
    return frozenset(each.lower() for each in names) if names else None


def _folded(names: Sequence[str] | None) -> frozenset[str] | None:
    return frozenset(each.casefold() for each in names) if names else None


def _doubt(found: bool | None, kind: str) -> str:  # noqa: FBT001 - an answer with three values
    return "" if found else f"the person's {kind.replace('_', ' ')} are not known"


def _condition(text: str | None, ref: RuleRef) -> Condition | None:
    if text is None:
        return None
    try:
        return compile_condition(text, NAMES, members=MEMBERS, where=f"{ref.source}, when")
    except ConditionError as error:
        raise PolicyError(
            f"The condition of rule {ref.id} cannot be used: {error.message}",
            where=error.where,
            hint=error.hint,
        ) from error


def _decided(condition: Condition, facts: Facts, asking: Asking) -> str | None:
    """Return an empty text where a condition holds, None where not, and why where it cannot be decided."""
    try:
        return "" if condition.holds(asking.values(facts)) else None
    except ConditionError:
        return "its condition cannot be decided here"
