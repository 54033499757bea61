"""Groups in numbers and words: what they cost, how many transactions they are, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.checkpoints.linked_effects import needing, row, rows, updates

from actwright.checkpoints.groups.grouping import calls_to_apply, grouped, notices, transactions
from actwright.errors import RefusedError
from actwright.org.effect import Effect, EffectGroup, FieldChange


def groups(effects: Sequence[Effect], **more: Any) -> tuple[EffectGroup, ...]:
    """Return the groups of effects."""
    return grouped(effects, {}, org="00D", **more)


def test_groups_stand_together_and_refuse_duplicates_unless_told_otherwise() -> None:
    """Nothing is taken apart and no warning is passed over by default; groups are numbered from one."""
    (group,) = groups([row("a.1"), row("b.1")])
    assert (group.id, group.org, group.parts, group.allow_duplicates) == ("g1", "00D", (), False)
    (allowing,) = groups([row("a.1")], allow_duplicates=True)
    assert allowing.allow_duplicates


def test_a_job_is_called_by_its_label_and_says_how_much_is_read_again() -> None:
    """The object's label, else its name; of five thousand rows a thousand are looked at afterwards."""
    (said, *_) = notices(groups(rows("a", 5_000, object_label="Prospect")))
    assert said.startswith("5,000 changes of Prospect records go out as a bulk job")
    assert said.endswith("Afterwards 1,000 of them are read again.")
    assert "of Lead records" in notices(groups(rows("a", 5_000)))[0]


def test_the_calls_of_a_job_are_counted() -> None:
    """Six to run it, and one for the five queries that read a thousand new records again."""
    assert calls_to_apply(groups(rows("a", 2_001))) == 7
    assert calls_to_apply(groups(rows("a", 1_000))) == 2


def test_calls_are_counted_by_object_and_by_what_is_read() -> None:
    """A known record is looked at before and after; a deleted one only before, a new one only after."""
    assert calls_to_apply(groups([row("a.1")])) == 2
    assert calls_to_apply(groups(updates("a", 1))) == 3
    assert calls_to_apply(groups([row("d.1", operation="DELETE", record_id="00Q1")])) == 2
    kinds = [each for name in "ABCDEF" for each in updates(name, 1, name)]
    assert calls_to_apply(groups(kinds)) == 5


def test_a_transaction_is_counted_for_every_row_of_a_job_and_every_part() -> None:
    """A plain call is one."""
    assert transactions(groups(rows("a", 2_001))) == 2_001
    assert transactions(groups(rows("a", 3), apart=True)) == 3
    assert transactions(groups(rows("a", 3))) == 1


def test_nothing_is_said_of_a_moment_between_where_there_is_none() -> None:
    """New records are compared with nothing, and one plain call compares while it writes."""
    moment = "in the moment between"
    assert not any(moment in each for each in notices(groups(rows("a", 24))))
    assert not any(moment in each for each in notices(groups(updates("a", 23))))
    assert any(moment in each for each in notices(groups(updates("a", 24))))


def test_setup_and_data_that_wait_for_each_other_are_refused() -> None:
    """Neither of the two calls could go first."""
    effects = [row("lead.1"), row("user.1", object="User")]
    with pytest.raises(RefusedError) as caught:
        grouped(effects, needing({"lead": {"user"}, "user": {"lead"}}), org="00D")
    assert caught.value.error_code == "link_across_groups"


def test_a_link_between_setup_and_data_is_refused_by_the_name_it_points_to() -> None:
    """Only a call that makes a record can link to it."""
    effects = [row("user.1", object="User", ref="made"), row("lead.1", to="made")]
    with pytest.raises(RefusedError, match="'lead' waits for 'made'") as caught:
        grouped(effects, needing({"lead": {"user"}}), org="00D")
    assert caught.value.where == "lead"


def test_how_many_steps_there_are_is_said_with_what_becomes_of_the_others() -> None:
    """Calls of parts, transactions one behind the other, or both."""
    calls = notices(groups(rows("a", 160), apart=True))
    assert calls[0].startswith("The 160 changes go out in 3 calls, one after the other.")
    steps = notices(groups(rows("a", 1_500)))
    assert steps[0].startswith("The 1,500 changes go out in 2 steps, one after the other.")
    assert steps[0].endswith("what the steps before it did stands.")
    assert "Each step is one transaction: all of it happens, or none." in steps
    both = notices(groups([*rows("a", 2), row("user.1", object="User")], apart=True))
    assert both[0].startswith("The 3 changes go out in 2 steps")
    assert both[0].endswith("One that fails in part stops only what waits for it.")


def test_parts_are_counted_where_one_call_takes_them() -> None:
    """One call of two parts is no step among others."""
    (said,) = notices(groups(rows("a", 2), apart=True))
    assert said.startswith("2 changes go out as 2 transactions in one call: ")


def test_a_jobs_label_is_cut_at_eighty_characters() -> None:
    """Eighty are shown whole."""
    for count, label in ((80, "L" * 80), (81, f"{'L' * 79}…")):
        (said, *_) = notices(groups(rows("a", 2_001, object_label="L" * count)))
        assert said.startswith(f"2,001 changes of {label} records go out")


def test_what_becomes_of_likely_duplicates_hangs_on_the_carrier() -> None:
    """A job cannot be told to save them; all else can."""

    def told(effects: Sequence[Effect]) -> str:
        return notices(groups(effects, allow_duplicates=True))[-1]

    assert told(rows("a", 2)).endswith("is saved all the same.")
    assert told(rows("a", 2_001)).startswith("A bulk job saves nothing")
    assert told([*rows("a", 2_001), row("b.1", object="Case")]).endswith("but not by a bulk job.")


def upserts(count: int, name: str = "Lead", **more: Any) -> list[Effect]:
    """Return upserts of new records by a key of text, or as told."""
    key = FieldChange.model_validate({"field": "Key__c", "label": "Key", "after": "5", "provenance": "data", **more})  # fmt: skip
    return [
        row(f"{name}.{place}", operation="UPSERT", object=name, key_field="key__C", changes=(key,))
        for place in range(count)
    ]


def test_keys_of_text_are_looked_up_many_at_once_and_others_one_by_one() -> None:
    """Two hundred keys a query, five queries a call; an upsert without its key counts like any other."""
    assert calls_to_apply(groups(upserts(1))) == 3
    assert calls_to_apply(groups(upserts(200))) == 3
    assert calls_to_apply(groups(upserts(5, family="integer"))) == 3
    assert calls_to_apply(groups(upserts(6, family="integer"))) == 4
    assert calls_to_apply(groups(upserts(6, field="Other__c"))) == 4
    kinds = [each for name in "ABCDEF" for each in upserts(1, name)]
    assert calls_to_apply(groups(kinds)) == 5


def test_the_one_that_is_named_where_kinds_wait_for_each_other_goes_first() -> None:
    """Data that waits for setup comes behind it: the setup action that waits in turn is where to look."""
    effects = [row("lead.1"), row("late.1"), row("user.1", object="User"), row("other.1", object="User")]  # fmt: skip
    needs = needing({"late": {"user"}, "user": {"lead"}})
    with pytest.raises(
        RefusedError, match="'user' waits for an action of the other kind"
    ) as caught:
        grouped(effects, needs, org="00D")
    assert caught.value.where == "user"


def test_the_first_of_several_links_that_cannot_be_is_named() -> None:
    """In one order, whatever the order of the fields."""
    far = [
        FieldChange(field=each, label=each, family="id", linked_to=each, provenance="output")
        for each in ("b", "a")
    ]
    with pytest.raises(RefusedError, match="'lead' waits for 'a'"):
        grouped([row("lead.1", changes=tuple(far))], {}, org="00D")
