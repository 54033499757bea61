"""Evidence: where a literal came from, computed from the goal's words and the data, whatever its author says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, tzinfo

from actwright.blueprints.adapters import DataType, adapt
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.derived import data_type_of
from actwright.blueprints.origins import Origins, names_record, one_form
from actwright.errors import BlueprintError, ValueInvalidError
from actwright.org.provenance import Provenance
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.planning.provenance.saying import Saying
from actwright.planning.provenance.utterance import READ, Utterance, read
from actwright.planning.words.values import Converted

_LONGEST_SOURCE = 300
_FIELD_TYPES: dict[DataType, str] = {
    "TextArea": "textarea",
    "LongTextArea": "textarea",
    "Picklist": "picklist",
    "MultiPicklist": "multipicklist",
    "Id": "id",
    "Reference": "reference",
    "Decimal": "double",
    "Double": "double",
    "Number": "double",
    "Currency": "currency",
    "Percent": "percent",
    "Integer": "int",
    "Long": "long",
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "Time": "time",
    "Email": "email",
    "Phone": "phone",
    "Url": "url",
}


class Evidence:
    """What a goal and its data say, asked for one literal after the other.

    ``goal`` is given only where the goal's own words say this very value; a record id is held to the rule every plan
    is held to. One instance may be kept for one goal: it remembers what it read.

    Args:
        goal: The goal's words; hostile input.
        data: The named data.
        today: The date in the person's zone.
        zone: The person's zone, in which times of day are meant.
    """

    def __init__(
        self, goal: str, data: Mapping[str, JsonScalar], today: date, zone: tzinfo
    ) -> None:
        self._data = dict(data)
        self._today = today
        self._zone = zone
        self._origins = Origins(goal, data)
        self._goal = Utterance(goal, today, zone)
        self._saying = Saying(self._goal)

    def provenance(
        self, value: JsonScalar, wanted: ActionInput, field: FieldSchema | None = None
    ) -> tuple[Provenance, str | None]:
        """Return where a literal came from, and the words or the data's name that say so.

        Args:
            value: The literal.
            wanted: The input it is for.
            field: The field the input is written to, as the org describes it; None where it is hidden or there is none.

        Returns:
            ``goal`` with the goal's words, ``data`` with the data's name, ``default`` or ``model`` with None.
        """
        words = self.in_goal(value, wanted, field)
        if words is not None:
            return "goal", words
        name = self.in_data(value, wanted, field)
        if name is not None:
            return "data", name
        if value is not None and wanted.default is not None:
            kind = wanted.data_type
            if _adapted(kind, value, wanted) == _adapted(kind, wanted.default, wanted):
                return "default", None
        return "model", None

    def in_goal(
        self, value: JsonScalar, wanted: ActionInput, field: FieldSchema | None = None
    ) -> str | None:
        """Return the goal's words that say this very value, or None."""
        if names_record(value, wanted):
            return self._named(value) if self._origins.given(value) == "goal" else None
        words = self._said(value, wanted, described(wanted, field))
        return words[:_LONGEST_SOURCE] if words is not None else None

    def in_data(
        self, value: JsonScalar, wanted: ActionInput, field: FieldSchema | None = None
    ) -> str | None:
        """Return the name of the data that holds this very value, or None; the one called like the input comes first."""
        names = sorted(self._data, key=lambda each: not _called(each, wanted))
        if names_record(value, wanted):
            alike = (each for each in names if one_form(self._data[each]) == one_form(value))
            return next(alike, None)
        like = described(wanted, field)
        return next(
            (each for each in names if self._equal(self._data[each], value, wanted, like)),
            None,
        )

    def _named(self, value: JsonScalar) -> str:
        """Return a record id, or what stands for one, as the goal writes it."""
        text = _plain(value)
        spoken = (each.text for each in self._goal.tokens if one_form(each.text) == one_form(text))
        return next(spoken, text)[:_LONGEST_SOURCE]

    def _said(self, value: JsonScalar, wanted: ActionInput, field: FieldSchema) -> str | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return self._saying.emptied(wanted, field)
        if field.type == "boolean":
            truth = _adapted("Boolean", value, wanted)
            return (
                self._saying.flag(wanted, field, wanted_truth=truth)
                if isinstance(truth, bool)
                else None
            )
        if field.type in {"picklist", "multipicklist"}:
            return self._saying.choice(str(value), field)
        if field.type in READ:
            return self._goal.said(field, value)
        return None if isinstance(value, bool) else self._goal.phrase(_plain(value))

    def _equal(
        self, given: JsonScalar, value: JsonScalar, wanted: ActionInput, field: FieldSchema
    ) -> bool:
        """Tell whether a piece of data is the value, as it stands or as people write it: ``45k``, ``next Friday``."""
        if value is None or given is None:
            return value is None and given is None
        kind = _data_type(wanted, field)
        target = _adapted(kind, value, wanted)
        return target is not None and any(
            _adapted(kind, each, wanted) == target for each in self._forms(given, field)
        )

    def _forms(self, given: JsonScalar, field: FieldSchema) -> Iterator[JsonScalar]:
        yield given
        found = read(field, given, self._today, self._zone) if isinstance(given, str) else None
        if isinstance(found, Converted):
            yield found.value


def described(wanted: ActionInput, field: FieldSchema | None) -> FieldSchema:
    """Return the field an input is read by: the one the org describes, or one that is like the input.

    Args:
        wanted: The input.
        field: The field it is written to; None where it is hidden or there is none.
    """
    if field is None:
        kind = _FIELD_TYPES.get(wanted.data_type, "string")
        return FieldSchema(name=wanted.field_api_name, label=wanted.label, type=kind)
    typed = _FIELD_TYPES.get(wanted.data_type, "string")
    return replace(field, type=typed) if field.type == "combobox" else field


def _data_type(wanted: ActionInput, field: FieldSchema) -> DataType:
    try:
        return data_type_of(field)
    except BlueprintError:
        return wanted.data_type


def _adapted(kind: DataType, value: JsonScalar, wanted: ActionInput) -> object:
    try:
        return adapt(kind, value, label=wanted.label)
    except ValueInvalidError:
        return None


def _plain(value: JsonScalar) -> str:
    return str(value).strip()


def _called(name: str, wanted: ActionInput) -> bool:
    bare = name.rpartition(".")[2].replace("_", "").casefold()
    return bare in {wanted.api_name.casefold(), wanted.field_api_name.casefold()}
