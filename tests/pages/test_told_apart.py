"""Records of one name: what tells them apart in a sample."""

from __future__ import annotations

from actwright.org.effect import Effect
from actwright.pages.gathering import told_apart


def task(
    place: int, name: str = "Follow up", *, about: str | None = None, new: bool = False
) -> Effect:
    """Return the change of a task, or a new one."""
    record = {} if new else {"record_id": f"00T00000000000{place}AAA", "record_name": name}
    subject = {"field": "Subject", "label": "Subject", "provenance": "goal", "after": name}
    what = {
        "field": "WhatId",
        "label": "Related To",
        "family": "id",
        "provenance": "lookup",
        "after": "001",
        "after_text": about,
    }
    document = {
        "id": f"a.{place}",
        "action_id": "a",
        "operation": "CREATE" if new else "UPDATE",
        "object": "Task",
        "changes": [subject, *([what] if about else [])],
        **record,
    }
    return Effect.model_validate(document)


def test_records_of_their_own_name_need_nothing_more() -> None:
    """Neither does one that is the only one, nor one without any name."""
    assert told_apart([task(1), task(2, "Call")]) == {}


def test_the_record_each_belongs_to_tells_them_apart() -> None:
    """New records have no id yet."""
    found = told_apart([task(1, about="Acme", new=True), task(2, about="Contoso", new=True)])
    assert found == {"a.1": "Acme", "a.2": "Contoso"}


def test_else_the_end_of_its_own_id_does() -> None:
    """Where nothing is known above it, or the same for several."""
    assert told_apart([task(1), task(2)]) == {"a.1": "…000001", "a.2": "…000002"}
    assert told_apart([task(1, about="Acme"), task(2, about="Acme")]) == {
        "a.1": "…000001",
        "a.2": "…000002",
    }


def test_new_records_for_one_record_are_at_least_told_with_it() -> None:
    """There is nothing else to tell."""
    same = [task(1, about="Acme", new=True), task(2, about="Acme", new=True)]
    assert set(told_apart(same).values()) == {"Acme"}
    assert told_apart([task(1, new=True), task(2, new=True)]) == {}
