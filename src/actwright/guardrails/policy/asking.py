"""One asking of a policy: the person, the time and the plan's totals, worked out once for all rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from actwright.condition import Kind
from actwright.guardrails.policy.facts import Facts, PolicyAsk
from actwright.guardrails.policy.rule import Window
from actwright.org.value import FieldValue

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as windows write them, in order."""

NAMES: Mapping[str, Kind] = {
    "user.username": "text",
    "user.id": "text",
    "user.name": "text",
    "user.zone": "text",
    "user.role": "text",
    "user.profile": "text",
    "user.permissionSets": "list",
    "effect.object": "text",
    "effect.operation": "text",
    "effect.blueprint": "text",
    "effect.implementation": "text",
    "effect.fields": "list",
    "before": "map",
    "after": "map",
    "changes": "list",
    "plan.rows": "number",
    "plan.calls": "number",
    "plan.creates": "number",
    "plan.updates": "number",
    "plan.deletes": "number",
    "now.date": "text",
    "now.weekday": "text",
    "now.hour": "number",
    "now.minute": "number",
}
"""What a condition may name, and what each stands for."""

MEMBERS = {"changes": ("field", "before", "after", "provenance", "provenances", "kinds")}
"""What each of the ``changes`` has."""

_LARGEST = 2**63


@dataclass(frozen=True)
class Asking:
    """A policy being asked.

    Attributes:
        ask: What it is asked.
        zone: The policy's time zone.
    """

    ask: PolicyAsk
    zone: str

    @cached_property
    def logins(self) -> frozenset[str]:
        """Under what names the person may be listed."""
        person = self.ask.person
        return frozenset({person.username.casefold(), person.id, person.id[:15]} - {""})

    def is_one_of(self, kind: str, names: frozenset[str]) -> bool | None:
        """Tell whether the person is, or has, one of ``names``; None where nobody knows.

        Args:
            kind: ``users``, ``roles``, ``profiles`` or ``permission_sets``.
            names: Names without regard to case; ids as they are.
        """
        person = self.ask.person
        if kind == "users":
            return not names.isdisjoint(self.logins)
        if kind == "permission_sets":
            held = person.permission_sets
            return None if held is None else any(each.casefold() in names for each in held)
        single = person.role if kind == "roles" else person.profile
        return None if single is None else single.casefold() in names

    def is_open(self, window: Window) -> bool:
        """Tell whether a window is open now, by the clock of its zone."""
        now = self._local(window.zone or self.zone)
        minute = now.hour * 60 + now.minute
        begin, end = _minutes(window.from_), _minutes(window.to)
        today, yesterday = _on(window, now), _on(window, now - timedelta(days=1))
        if begin < end:
            return today and begin <= minute < end
        return (today and minute >= begin) or (yesterday and minute < end)

    def values(self, facts: Facts) -> Mapping[str, object]:
        """Return what a condition is asked about; what nobody knows is left out."""
        known = self._newest.get(id(facts))
        if known is None:
            known = self._values(facts)
            self._newest.clear()
            self._newest[id(facts)] = known
        return known

    @cached_property
    def _newest(self) -> dict[int, Mapping[str, object]]:
        """The values of the effect that was asked about last: all rules are asked of one before the next."""
        return {}

    def _values(self, facts: Facts) -> Mapping[str, object]:
        known = {
            "user.role": self.ask.person.role,
            "user.profile": self.ask.person.profile,
            "user.permissionSets": self.ask.person.permission_sets,
        }
        fields = facts.written.values()
        return {
            **self._shared,
            **{name: value for name, value in known.items() if value is not None},
            "effect.object": facts.object,
            "effect.operation": facts.operation,
            "effect.blueprint": facts.blueprint,
            "effect.implementation": facts.implementation,
            "effect.fields": [each.name for each in fields],
            "before": {each.name: plain(each.before) for each in facts.fields},
            "after": {each.name: plain(each.after) for each in fields if not each.linked},
            "changes": [
                {
                    "field": each.name,
                    "before": plain(each.before),
                    "after": plain(each.after),
                    "provenance": each.provenance,
                    "provenances": sorted(each.sources),
                    "kinds": sorted(each.kinds),
                }
                for each in fields
            ],
        }

    @cached_property
    def _shared(self) -> Mapping[str, object]:
        person, now = self.ask.person, self._local(self.zone)
        rows = _rows(self.ask.facts)
        return {
            "user.username": person.username,
            "user.id": person.id,
            "user.name": person.name,
            "user.zone": person.zone,
            "plan.rows": sum(rows.values()),
            "plan.calls": self.ask.calls,
            "plan.creates": rows["CREATE"] + rows["UPSERT"],
            "plan.updates": rows["UPDATE"] + rows["UPSERT"],
            "plan.deletes": rows["DELETE"],
            "now.date": now.date().isoformat(),
            "now.weekday": DAYS[now.weekday()],
            "now.hour": now.hour,
            "now.minute": now.minute,
        }

    def _local(self, zone: str) -> datetime:
        return self.ask.now.astimezone(ZoneInfo(zone))


def plain(value: FieldValue) -> object:
    """Return a value as CEL reads it: whole numbers whole, others as floats, what is too large as text."""
    if not isinstance(value, Decimal) and (isinstance(value, bool) or not isinstance(value, int)):
        return value
    if value == int(value):
        return int(value) if -_LARGEST <= value < _LARGEST else str(value)
    return float(value)


def _rows(facts: Sequence[Facts]) -> Counter[str]:
    """Return how many records each operation is about; an effect that belongs to several actions counts once."""
    distinct = {each.effect_id: (each.operation, each.count) for each in facts}
    rows: Counter[str] = Counter()
    for operation, count in distinct.values():
        rows[operation] += count
    return rows


def _on(window: Window, moment: datetime) -> bool:
    return window.days is None or DAYS[moment.weekday()] in window.days


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
