"""The log of a run: what was done, and what the org changed beside it, told once where it is the same."""

from __future__ import annotations

from collections.abc import Sequence

from tests import pages_scene as scene

from actwright.org.effect import Effect, FieldChange
from actwright.runs.record.envelope import SideChange
from actwright.runs.telling.logs import MOST_LOGGED, log_lines

ALICE = "005000000000001AAA"


def _log(done: Sequence[Effect], **beside: SideChange) -> tuple[str, ...]:
    found = {each: (change,) for each, change in beside.items()}
    return log_lines(done, {}, found, user_id=ALICE)


def _beside(number: int, before: str | None = "no", after: str = "yes") -> SideChange:
    return SideChange(
        object="Opportunity",
        record_id=scene.record_id(number),
        field="Closed",
        label="Closed",
        before=before,
        after=after,
    )


def _deals(count: int, *afters: str) -> list[Effect]:
    stages = afters or ("Closed Won",)
    return [
        scene.update(
            number, scene.stage("New", stages[number % len(stages)]), name=f"Deal {number}"
        ).model_copy(update={"id": f"e{number}"})
        for number in range(count)
    ]


def test_one_side_change_names_its_record() -> None:
    """What the org changed in one record only is told with that record."""
    assert (
        _log(_deals(2), e1=_beside(1))[-1] == "Opportunity Deal 1: Closed no -> yes, by automation"
    )


def test_side_changes_alike_are_one_line_from_two_records_on() -> None:
    """The same change of two records is counted, with its values."""
    lines = _log(_deals(2), e0=_beside(0), e1=_beside(1))
    assert lines[2:] == ("Closed no -> yes on 2 Opportunity records, by automation",)


def test_side_changes_with_other_values_are_counted_without_them() -> None:
    """Where the same field changed in another way in each record, the line does not pretend one value."""
    lines = _log(_deals(2), e0=_beside(0), e1=_beside(1, after="maybe"))
    assert lines[2:] == ("Closed changed on 2 Opportunity records, by automation",)


def test_that_a_new_record_is_ones_own_is_no_news() -> None:
    """Whoever creates a record owns it; another owner is told, and so is one that a record had not before."""
    new = scene.create_task().model_copy(update={"id": "e0"})
    owner = _beside(0, before=None, after=ALICE)
    assert len(_log([new], e0=owner)) == 1
    other = _log([new], e0=owner.model_copy(update={"after": "005000000000002AAA"}))
    assert other[1].endswith("005000000000002AAA, by automation")
    assert len(_log(_deals(1), e0=owner)) == 2


def test_many_changes_alike_are_one_line_with_the_value_they_share() -> None:
    """A long list of records is counted, and what they were changed to is said."""
    (line,) = _log(_deals(MOST_LOGGED + 1))
    assert line == "Changed 21 Opportunity records: Stage -> Closed Won."
    (line,) = _log(_deals(MOST_LOGGED + 1, "Closed Won", "Closed Lost", "New"))
    assert line.startswith("Changed 21 Opportunity records: Stage -> ")
    assert "different values" in line
    assert len(_log(_deals(MOST_LOGGED))) == MOST_LOGGED


def test_many_creates_say_what_was_written() -> None:
    """New records have no old value, so that no arrow points from one."""
    subject = FieldChange(field="Subject", label="Subject", after="Call", provenance="goal")
    new = [
        scene.create_task().model_copy(update={"id": f"e{each}", "changes": (subject,)})
        for each in range(MOST_LOGGED + 1)
    ]
    assert _log(new) == ("Created 21 Task records: Subject Call.",)
