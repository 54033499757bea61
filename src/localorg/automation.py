"""What the platform itself does when a row is saved: stages, statuses, names, totals."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from localorg.rows import Row, change, fetch, find_all, is_deleted
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import ObjectDef
from localorg.schema.stages import CLOSED_CASE_STATUSES, CLOSED_TASK_STATUSES, STAGES


@dataclass(frozen=True, slots=True)
class Save:
    """A row about to be stored: as it was, as it will be, and what the request itself set."""

    definition: ObjectDef
    row: Row
    before: Mapping[str, object]
    given: frozenset[str]
    timestamp: str

    def changed(self, name: str) -> bool:
        """Tell whether a field differs from what is stored; on create, whether it has a value."""
        return self.row.get(name) != self.before.get(name)

    def set(self, name: str, value: object) -> None:
        """Set a field, if the object has it."""
        if self.definition.field(name):
            self.row[name] = value


def before_save(save: Save) -> None:
    """Set what follows from the row's own fields."""
    if save.definition.field("LastName"):
        _full_name(save)
    rule = _RULES.get(save.definition.name)
    if rule is not None:
        rule(save)


def after_save(
    connection: sqlite3.Connection, catalogue: Catalogue, definition: ObjectDef, row: Row
) -> None:
    """Bring the total of a line item's parent up to date; to be called after deletes too."""
    total = _TOTALS.get(definition.name)
    if total is None:
        return
    parent = catalogue.get(total.parent)
    parent_id = row.get(total.reference)
    stored = fetch(connection, parent, str(parent_id)) if parent else None
    if parent is None or stored is None:
        return
    lines = find_all(connection, definition, total.reference, parent_id)
    left = [each for each in lines if not is_deleted(each)]
    amount = sum(_number(each, "TotalPrice") for each in left)
    changes: Row = {total.field: amount}
    if total.parent == "Opportunity":
        changes["HasOpportunityLineItem"] = int(bool(left))
        changes["ExpectedRevenue"] = _expected(stored | changes)
    change(connection, parent, str(parent_id), changes)


def _full_name(save: Save) -> None:
    if save.definition.name in {"Contact", "Lead", "User"}:
        parts = (save.row.get("FirstName"), save.row.get("LastName"))
        save.set("Name", " ".join(str(each) for each in parts if each))


def _opportunity(save: Save) -> None:
    stage = STAGES.get(str(save.row.get("StageName")))
    if save.changed("StageName"):
        save.set("LastStageChangeDate", save.timestamp)
        if stage is not None:
            save.set("IsClosed", int(stage.is_closed))
            save.set("IsWon", int(stage.is_won))
            if "Probability" not in save.given:
                save.set("Probability", float(stage.probability))
            if "ForecastCategoryName" not in save.given:
                save.set("ForecastCategoryName", stage.forecast_category_name)
    if save.changed("ForecastCategoryName"):
        save.set("ForecastCategory", _FORECASTS.get(str(save.row.get("ForecastCategoryName"))))
    save.set("ExpectedRevenue", _expected(save.row))
    _fiscal(save)


def _expected(row: Mapping[str, object]) -> float | None:
    if row.get("Amount") is None:
        return None
    return round(_number(row, "Amount") * _number(row, "Probability") / 100, 2)


def _fiscal(save: Save) -> None:
    if save.row.get("CloseDate") is not None:
        closes = date.fromisoformat(str(save.row["CloseDate"]))
        quarter = (closes.month - 1) // 3 + 1
        save.set("FiscalYear", closes.year)
        save.set("FiscalQuarter", quarter)
        save.set("Fiscal", f"{closes.year} {quarter}")


def _case(save: Save) -> None:
    _close(save, CLOSED_CASE_STATUSES, "ClosedDate")


def _task(save: Save) -> None:
    _close(save, CLOSED_TASK_STATUSES, "CompletedDateTime")
    save.set("IsHighPriority", int(save.row.get("Priority") == "High"))


def _close(save: Save, closed_statuses: frozenset[str], moment: str) -> None:
    closed = save.row.get("Status") in closed_statuses
    if bool(save.before.get("IsClosed")) != closed:
        save.set(moment, save.timestamp if closed else None)
    save.set("IsClosed", int(closed))


def _line_item(save: Save) -> None:
    gross = _number(save.row, "Quantity") * _number(save.row, "UnitPrice")
    if "TotalPrice" not in save.given:
        save.set("TotalPrice", round(gross * (1 - _number(save.row, "Discount") / 100), 2))
    save.set("Subtotal", round(gross, 2))


def _number(row: Mapping[str, object], name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


@dataclass(frozen=True, slots=True)
class _Total:
    """The parent field that adds up the lines."""

    parent: str
    reference: str
    field: str


_FORECASTS: Final = {
    "Omitted": "Omitted",
    "Pipeline": "Pipeline",
    "Best Case": "BestCase",
    "Most Likely": "MostLikely",
    "Commit": "Forecast",
    "Closed": "Closed",
}
_RULES: Final[Mapping[str, Callable[[Save], None]]] = {
    "Opportunity": _opportunity,
    "Case": _case,
    "Task": _task,
    "OpportunityLineItem": _line_item,
    "OrderItem": _line_item,
    "QuoteLineItem": _line_item,
}
_TOTALS: Final = {
    "OpportunityLineItem": _Total("Opportunity", "OpportunityId", "Amount"),
    "OrderItem": _Total("Order", "OrderId", "TotalAmount"),
    "QuoteLineItem": _Total("Quote", "QuoteId", "TotalPrice"),
}
