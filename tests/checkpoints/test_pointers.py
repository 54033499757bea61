"""Pointers: what names a new record in a plain lookup, asked in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from tests.checkpoints.small_org import made_field, made_object, writing, written
from tests.memory_org import MemoryOrg

from actwright.checkpoints.reading import pointers
from actwright.checkpoints.reading.pointers import (
    Pointer,
    Pointers,
    calls_for_pointers,
    pointers_to,
    with_pointers,
)
from actwright.errors import OrgRefusedError
from actwright.org.identity import RunningUser
from actwright.org.ports import Record
from actwright.org.query import RecordQuery
from actwright.org.schema import ChildLink

NEW, OTHER = "001000000000001AAA", "001000000000002AAA"
FIRM = made_object(
    "Firm",
    "001",
    made_field("Id", "id"),
    made_field("Parent", "reference"),
    lookups=(
        ChildLink("Firm", "Parent"),
        ChildLink("Note", "About"),
        ChildLink("Note", "Derived"),
        ChildLink("Note", "Stamped"),
        ChildLink("Note", "Mute"),
        ChildLink("Note", "Hidden"),
        ChildLink("News", "About"),
        ChildLink("Nowhere", "About"),
    ),
)
NOTE = made_object(
    "Note",
    "002",
    made_field("Id", "id"),
    made_field("About", "reference"),
    made_field("Derived", "reference", updateable=False),
    made_field("Stamped", "reference", updateable=False, permissionable=False),
    made_field("Mute", "reference", filterable=False),
)
NEWS = made_object("News", "003", made_field("About", "reference"), queryable=False)


@dataclass
class _Picky(MemoryOrg):
    """An org that refuses every question about one object, whatever is asked beside it."""

    refused: str = ""

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Refuse, or answer."""
        if any(each.object == self.refused for each in queries):
            self.api_calls += 1
            raise OrgRefusedError("no", org_code="INVALID_TYPE_FOR_OPERATION")
        return super().query(queries)


def _org(notes: int = 0, refused: str = "") -> _Picky:
    rows: dict[str, list[dict[str, object]]] = {
        "Firm": [{"Id": "001000000000009AAA", "Parent": NEW}],
        "Note": [{"Id": f"{each:015}AAA", "About": NEW, "Derived": NEW} for each in range(notes)],
    }
    schemas = {each.name: each for each in (FIRM, NOTE, NEWS)}
    return _Picky(rows, schemas, RunningUser(id="005", username="a", name="A"), refused=refused)


def _all(found: Pointers, target: str = NEW) -> str:
    return found.words(target, lambda _: False)


def test_all_kinds_are_asked_for_together() -> None:
    """One batch, without fields nobody can write, cannot be asked for, or does not see; a record counts once."""
    org = _org(notes=3)
    found = pointers_to({"Firm": (NEW, OTHER)}, org, 0)
    asked = [(each.object, each.where[0].field, each.where[0].value) for each in org.asked]
    both = (NEW, OTHER)
    assert asked == [("Firm", "Parent", both), ("Note", "About", both), ("Note", "Derived", both)]
    assert org.api_calls == 1
    assert _all(found) == "1 Firm, 3 Notes of others point to it"
    assert _all(found, OTHER) == ""
    assert found.targets("001000000000009AAA", iter((NEW, OTHER))) == {NEW}


def test_nothing_new_is_nothing_asked() -> None:
    """A run that made nothing costs no call."""
    org = _org()
    assert _all(pointers_to({}, org, 5)) == ""
    assert org.api_calls == 0


def test_what_is_spared_does_not_count() -> None:
    """What the caller knows to be the run's own is left out, and what is derived says so."""
    found = pointers_to({"Firm": (NEW,)}, _org(notes=2), 0)

    def spared(one: Pointer) -> bool:
        return one.kind.name == "Firm" or one.follows or one.record_id.startswith("000000000000001")

    assert found.words(NEW, spared) == "1 Note of others points to it"


def test_a_kind_the_org_refuses_is_in_doubt_and_spoils_nothing() -> None:
    """Unknown means in use: the record is left, and why is said; the other kinds are asked for one by one."""
    found = pointers_to({"Firm": (NEW,)}, _org(notes=1, refused="Note"), 0)
    assert _all(found).startswith("1 Firm of others points to it; the org does not tell whether ")
    assert _all(found).count("Notes point to it") == 2


@pytest.mark.parametrize(
    ("records", "more"), [((NEW,), "it"), ((NEW, OTHER), "it or to others of the run's records")]
)
def test_more_than_can_be_read_are_in_use(
    monkeypatch: pytest.MonkeyPatch, records: tuple[str, ...], more: str
) -> None:
    """Of too many, which are whose cannot be told, so that none of the records they may point to is deleted."""
    monkeypatch.setattr(pointers, "MOST_READ", 2)
    org = _org(notes=9)
    found = pointers_to({"Firm": records}, org, 3)
    assert {each.limit for each in org.asked} == {6}
    for each in records:
        assert f"more than 2 Notes point to {more}" in _all(found, each)


def test_as_many_as_the_run_wrote_to_are_read_beside_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its own records never make a new one look used."""
    monkeypatch.setattr(pointers, "MOST_READ", 2)
    found = pointers_to({"Firm": (NEW,)}, _org(notes=9), 9)
    assert found.words(NEW, lambda one: one.kind.name == "Note") == "1 Firm of others points to it"


def test_many_kinds_are_told_in_short() -> None:
    """Three kinds by name, and how many more."""
    kinds = [made_object(f"K{each}", "00x") for each in range(5)]
    found = {NEW[:15]: [Pointer(each.name, "About", each, follows=False) for each in kinds]}
    assert _all(Pointers(found)) == (
        "1 K0, 1 K1, 1 K2 and more of 2 other kinds of others point to it"
    )


def test_what_goes_too_or_is_led_elsewhere_does_not_point_to_a_delete() -> None:
    """A note that is written only elsewhere still does; the field nobody writes follows the one that is written."""
    org, note = _org(notes=1), f"{0:015}AAA"
    gone = writing(NEW, id="d", object="Firm", operation="DELETE")
    firm = writing("001000000000009AAA", id="f", object="Firm", operation="DELETE")
    led = writing(note, written("About"), id="n", object="Note")
    elsewhere = writing(note, written("Text"), id="n", object="Note")
    for among, words in (
        ([gone, firm, led], None),
        ([gone, led], "1 Firm of others points to it"),
        ([gone, firm, elsewhere], "1 Note of others points to it"),
    ):
        (found,) = with_pointers(org, [gone], among)
        assert (found.in_use.words if found.in_use else None) == words
    assert with_pointers(org, [led], [led]) == (led,)
    assert calls_for_pointers(org, [gone, led]) == 1
