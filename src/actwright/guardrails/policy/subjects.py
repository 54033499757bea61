"""Subjects: the fields, transitions and amounts a rule names, ready to be compared with those of an effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actwright.guardrails.policy.facts import Facts, FieldFact, as_read, comparable
from actwright.guardrails.policy.rule import AmountOver, Transition
from actwright.org.record_id import is_record_id, record_id
from actwright.org.value import FieldValue

_SHORT_ID = 15


class FieldNames:
    """Names of fields: of any object, and of single ones.

    Args:
        names: The names as they are written.
    """

    def __init__(self, names: Sequence[str]) -> None:
        lowered = [each.lower().rpartition(".") for each in names]
        self._any = frozenset(name for owner, _, name in lowered if not owner)
        self._own = {
            owner: self._any | {name for other, _, name in lowered if other == owner}
            for owner, _, _ in lowered
            if owner
        }

    @property
    def owners(self) -> frozenset[str]:
        """The objects of which single fields are named."""
        return frozenset(self._own)

    def of(self, object_key: str) -> frozenset[str]:
        """Return the names that count for an object, in lower case."""
        return self._own.get(object_key, self._any)


class Moves:
    """A transition: texts are compared without regard to case and outer blanks, as the org does.

    Args:
        transition: The transition as it is written.
        alike: Whether what a reader takes for the same text counts, too; for rules that restrict.
    """

    def __init__(self, transition: Transition, *, alike: bool = False) -> None:
        self.names = FieldNames((transition.field,))
        self._alike = alike
        self._from = self._comparable(transition.from_)
        self._to = self._comparable(transition.to)

    def of(self, facts: Facts) -> dict[str, bool | None]:
        """Return the fields of an effect that make this move; with None where a new value is not known."""
        found: dict[str, bool | None] = {}
        for key in self.names.of(facts.object_key):
            field = facts.written.get(key)
            moves = False if field is None else self._moves(field)
            if moves is not False:
                found[key] = moves
        return found

    def _moves(self, field: FieldFact) -> bool | None:
        before, after = field.read if self._alike else field.comparable
        if self._from is not None and before not in self._from:
            return False
        if field.linked:
            return None
        if self._to is not None and after not in self._to:
            return False
        old, new = field.comparable
        return old != new

    def _comparable(self, values: Sequence[FieldValue] | None) -> frozenset[object] | None:
        if values is None:
            return None
        given = (form for each in values for form in _forms(each))
        return frozenset(as_read(each) if self._alike else comparable(each) for each in given)


@dataclass(frozen=True, slots=True)
class AmountCheck:
    """An amount a rule looks at.

    Attributes:
        owner: The object it is about, in lower case; empty for any.
        key: The field, in lower case.
        over: From where on it is too large.
        together: Whether all that the rule is about counts together.
    """

    owner: str
    key: str
    over: Decimal
    together: bool

    @classmethod
    def of(cls, amount: AmountOver) -> AmountCheck:
        """Return what an amount that is written down looks at."""
        owner, _, key = amount.field.lower().rpartition(".")
        return cls(owner, key, amount.over, amount.of == "plan")


def _forms(value: FieldValue) -> tuple[FieldValue, ...]:
    """Return a value, and for a record's id of 15 characters the one of 18 that the org hands out."""
    short = isinstance(value, str) and len(value) == _SHORT_ID and is_record_id(value)
    return (value, record_id(value)) if short and isinstance(value, str) else (value,)
