"""The org's own validation rules: what an administrator forbids over what the platform already does.

A rule sees the row as it is about to be stored, after everything that follows from its own fields. Each has a mode,
``on`` or ``off``, which ``/localorg/rules`` changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from localorg.automation import Save
from localorg.errors import ApiError

ON: Final = "on"
OFF: Final = "off"
CODE: Final = "FIELD_CUSTOM_VALIDATION_EXCEPTION"

_AMOUNT_CEILING: Final = 10_000_000
_DISCOUNT_CEILING: Final = 60
_YEARS_AHEAD: Final = 5


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """One rule; ``broken`` is told the save and the user's day.

    ``field`` is the field the message stands at, None where it stands at the top of the page.
    """

    object_name: str
    developer_name: str
    message: str
    field: str | None
    broken: Callable[[Save, date], bool]
    mode: str = ON

    modes = (ON, OFF)

    @property
    def name(self) -> str:
        """The rule's name, after its object's."""
        return f"{self.object_name}.{self.developer_name}"

    def error(self) -> ApiError:
        """Return the refusal, in the rule's own words."""
        return ApiError(400, CODE, self.message, [self.field] if self.field else [])


def check_rules(save: Save, today: date, modes: Mapping[str, str]) -> None:
    """Refuse a save that breaks rules, naming all of them.

    Args:
        save: The row about to be stored.
        today: The user's day.
        modes: The mode of each rule that does not have the one it started with.

    Raises:
        ApiError: ``FIELD_CUSTOM_VALIDATION_EXCEPTION``.
    """
    broken = [
        each.error()
        for each in _BY_OBJECT.get(save.definition.name, ())
        if modes.get(each.name, each.mode) == ON and each.broken(save, today)
    ]
    if broken:
        first, *others = broken
        raise first.together(others)


def _above(name: str, ceiling: float) -> Callable[[Save, date], bool]:
    def broken(save: Save, today: date) -> bool:  # noqa: ARG001 - a rule
        value = save.row.get(name)
        return save.changed(name) and isinstance(value, int | float) and value > ceiling

    return broken


def _lost_without_next_step(save: Save, today: date) -> bool:  # noqa: ARG001 - a rule
    lost = save.changed("StageName") and save.row.get("StageName") == "Closed Lost"
    return lost and save.row.get("NextStep") is None


def _due_too_late(save: Save, today: date) -> bool:
    due = save.row.get("ActivityDate")
    if not save.changed("ActivityDate") or due is None:
        return False
    day = date.fromisoformat(str(due))
    return (day.year - _YEARS_AHEAD, day.month, day.day) > (today.year, today.month, today.day)


def _closed_without_component(save: Save, today: date) -> bool:  # noqa: ARG001 - a rule
    closed = save.changed("Status") and save.row.get("Status") == "Closed"
    return closed and save.row.get("Component__c") is None


RULES: Final = (
    ValidationRule(
        "Opportunity",
        "Amount_Ceiling",
        "An opportunity above 10,000,000 is the deal desk's: ask it to enter the amount.",
        "Amount",
        _above("Amount", _AMOUNT_CEILING),
    ),
    ValidationRule(
        "Opportunity",
        "Lost_Needs_Next_Step",
        "Say in Next Step what follows before you close an opportunity as lost.",
        "NextStep",
        _lost_without_next_step,
        mode=OFF,
    ),
    ValidationRule(
        "Task",
        "Due_Within_Five_Years",
        "A task cannot be due more than five years from today.",
        "ActivityDate",
        _due_too_late,
    ),
    ValidationRule(
        "QuoteLineItem",
        "Discount_Ceiling",
        "A discount above 60 percent takes the approval of finance.",
        None,
        _above("Discount", _DISCOUNT_CEILING),
    ),
    ValidationRule(
        "Case",
        "Closed_Needs_Component",
        "Choose the component a case was about before you close it.",
        "Component__c",
        _closed_without_component,
        mode=OFF,
    ),
)
"""Every validation rule of the org; what no demo goal does is forbidden from the start, the rest is off."""

_BY_OBJECT: Final[Mapping[str, tuple[ValidationRule, ...]]] = {
    name: tuple(each for each in RULES if each.object_name == name)
    for name in {each.object_name for each in RULES}
}
