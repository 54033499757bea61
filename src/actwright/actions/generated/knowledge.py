"""Knowledge: what the code of a generated action has learned so far, and so what anything it says is made of.

The record ids it may use are the ones it was handed or has read: it never makes one up. And what it works out is never
trusted more than the least trusted thing it has seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actwright.actions.implementation import ResolvedArgument
from actwright.errors import ImplementationError
from actwright.inert import inert
from actwright.org.provenance import DOUBTED, TRUST, Provenance, least_trusted
from actwright.org.record_id import is_record_id, record_id
from actwright.org.value import FieldValue

_LONGEST_SOURCE = 300


@dataclass
class Knowledge:
    """What one run of the code knows.

    Attributes:
        name: What the action is called.
        arguments: What the code was handed, by input.
        opaque: The inputs it was handed without seeing their values.
        objects: The objects whose records it has read, in order.
    """

    name: str
    arguments: Mapping[str, ResolvedArgument]
    opaque: frozenset[str] = frozenset()
    objects: list[str] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    _compared: set[Provenance] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.learn(each.value for each in self.arguments.values() if each.family == "id")

    def learn(self, values: Iterable[FieldValue]) -> None:
        """Take in the record ids among some values."""
        told = (each for each in values if isinstance(each, str) and is_record_id(each))
        self._ids.update(record_id(each) for each in told)

    def has_read(self, name: str) -> None:
        """Take in that records of an object were read, even where none was found: that none was found is known then."""
        if name not in self.objects:
            self.objects.append(name)

    def has_compared(self, argument: ResolvedArgument) -> None:
        """Take in that a value held opaque has decided what was read: what is found says something about it."""
        self._compared.update((argument.provenance, *argument.mixed))

    def read_value(self) -> tuple[Provenance, tuple[Provenance, ...]]:
        """Return where a value comes from that was read and stays unseen, and what doubted decided that it was read."""
        return least_trusted({"record", *(self._compared & DOUBTED)})

    def known_id(self, value: object, where: str) -> str:
        """Return a record id the code uses, in its long form.

        Raises:
            ImplementationError: The code was neither handed it nor has it read it.
        """
        if isinstance(value, str) and is_record_id(value) and record_id(value) in self._ids:
            return record_id(value)
        raise ImplementationError(
            f"{self.name} would use a record id for {inert(where, limit=120)} that it was neither handed nor has read.",
            where=inert(where, limit=120),
            hint="Hand the record in as an input, or let the code find it by a query.",
            code="id_made_up",
        )

    def told(self, argument: ResolvedArgument) -> ResolvedArgument:
        """Return a value that the code has written down, with where it comes from."""
        own = None if self.objects else self._argument(argument.value)
        if own is not None:
            known = {"provenance": own.provenance, "source": own.source, "mixed": own.mixed}
            return argument.model_copy(update=known)
        provenance, mixed = least_trusted(self._made_of())
        worked_out = {"provenance": provenance, "source": self._source(), "mixed": mixed}
        return argument.model_copy(update=worked_out)

    def _argument(self, value: FieldValue) -> ResolvedArgument | None:
        """Return the least trusted argument with this very value; a true is no one, and a text no number."""
        same = (
            each
            for each in self._seen()
            if each.value is not None
            and each.value == value
            and isinstance(each.value, (bool, str)) == isinstance(value, (bool, str))
            and isinstance(each.value, bool) == isinstance(value, bool)
        )
        return max(same, key=lambda each: TRUST.index(each.provenance), default=None)

    def _seen(self) -> tuple[ResolvedArgument, ...]:
        return tuple(each for name, each in self.arguments.items() if name not in self.opaque)

    def _made_of(self) -> set[Provenance]:
        """Return all that anything the code says now may be made of; it is code itself, and so never better than that."""
        seen = (one for each in self._seen() for one in (each.provenance, *each.mixed))
        found: set[Provenance] = {"default", *seen}
        read: set[Provenance] = {"record", *self._compared} if self.objects else set()
        return found | read

    def _source(self) -> str:
        told = [*self.objects, *(["its inputs"] if self._seen() else [])]
        words = (
            f"worked out by {self.name} from {', '.join(told)}"
            if told
            else f"written in {self.name}"
        )
        return inert(words, limit=_LONGEST_SOURCE)
