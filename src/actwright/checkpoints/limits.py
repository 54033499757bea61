"""Limits: how many writes are too many for one preview, from how many on a person is warned, and who may act alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actwright.errors import RefusedError
from actwright.guardrails.finding import BASELINE
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect

_VERBS = {
    "CREATE": "creates",
    "UPDATE": "changes",
    "UPSERT": "upserts",
    "DELETE": "deletes",
    "CALL": "runs",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a plan may be.

    Attributes:
        mass_change: From how many writes on a preview warns of a mass change.
        most_writes: The most writes one preview may hold.
        allow_opaque: The names of the blueprints whose override may act by itself.
        made: How many writes the run has made already that the preview is to go on with; they count.
        call_price: What an API call costs; None where nobody has said.
    """

    mass_change: int = 200
    most_writes: int = 10_000
    allow_opaque: frozenset[str] = frozenset()
    made: int = 0
    call_price: Decimal | None = None

    def check(self, writes: int, *, where: str = "actions") -> None:
        """Refuse a plan that is too large.

        Args:
            writes: How many writes it would make.
            where: What makes them.

        Raises:
            RefusedError: There are more than allowed.
        """
        if self.made + writes > self.most_writes:
            more = f" more than the {self.made:,} the run has made" if self.made else ""
            raise RefusedError(
                f"The plan would make {writes:,} writes{more}; "
                f"one {'run' if self.made else 'preview'} holds at most {self.most_writes:,}.",
                where=where,
                hint="Narrow the rows down, or split the plan; the setting max_writes is the ceiling.",
                code="too_many_writes",
            )

    def warnings(self, effects: Sequence[Effect]) -> tuple[Issue, ...]:
        """Return the warning of a mass change, where it is one, or where the run becomes one by it."""
        becomes_one = self.made < self.mass_change <= self.made + len(effects)
        if len(effects) < self.mass_change and not becomes_one:
            return ()
        parts = list(_counted(effects))
        objects, owners = {each.object for each in effects}, {each.action_id for each in effects}
        return (
            Issue(
                code="mass_change",
                action_id=owners.pop() if len(owners) == 1 else None,
                object=objects.pop() if len(objects) == 1 else None,
                guardrail=BASELINE,
                message=f"A mass change: the plan {', '.join(parts)}{_behind(self.made)}.",
                hint="Look at the counts, the totals and some of the rows before you say yes.",
                severity="warning",
            ),
        )


def _behind(made: int) -> str:
    return (
        f", and the run has made {made:,} write{'' if made == 1 else 's'} already" if made else ""
    )


def delete_issues(effects: Sequence[Effect], deleting: Collection[str] = ()) -> tuple[Issue, ...]:
    """Return the refusals of deletes a person did not allow, one an action and object.

    Args:
        effects: What would happen.
        deleting: The actions whose blueprint deletes; what acts by itself for one of them is taken for a delete.
    """
    counted = Counter(
        (each.action_id, each.object, each.object_label or each.object)
        for each in effects
        if each.operation == "DELETE" or (each.kind == "opaque" and each.action_id in deleting)
    )
    return tuple(
        Issue(
            code="delete_not_allowed",
            action_id=action_id,
            object=name,
            guardrail="POLICY",
            message=f"Deleting {inert(label, limit=80)} records is not allowed here.",
            hint="Say --allow-delete if you mean it, or change a status instead.",
        )
        for action_id, name, label in counted
    )


def _counted(effects: Sequence[Effect]) -> Iterator[str]:
    """Yield what is done to how many records of which object, the most first."""
    found = Counter(
        (_VERBS[each.operation], inert(each.object_label or each.object, limit=80), each.object)
        for each in effects
    )
    for (verb, label, name), count in found.most_common():
        called = label if label == name else f"{label} ({name})"
        yield f"{verb} {count:,} {called} record{'' if count == 1 else 's'}"
