"""Packing to the last write: where each carrier ends, and what an error names that ends all of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.checkpoints.linked_effects import needing, row, rows, updates

from actwright.checkpoints.groups.packing import Load, packed
from actwright.errors import RefusedError
from actwright.org.effect import Effect, FieldChange


def family(action: str, count: int, names: Sequence[str] = ("Lead",)) -> list[Effect]:
    """Return a parent and its children, which share a transaction and take turns in what they are."""
    head = row(f"{action}.0", ref=action, object=names[0])
    return [
        head,
        *(
            row(f"{action}.{place}", to=action, object=names[place % len(names)])
            for place in range(1, count)
        ),
    ]


def apart(effects: Sequence[Effect]) -> list[int]:
    """Return how many effects each call takes whose parts stand for themselves."""
    return [len(each.effects) for each in packed(effects, {}, apart=True)]


def refused(effects: Sequence[Effect]) -> RefusedError:
    """Return why effects cannot be packed apart."""
    with pytest.raises(RefusedError) as caught:
        packed([*effects, row("z.1")], {}, apart=True)
    return caught.value


def test_one_graph_takes_498_writes_beside_the_two_of_the_ledger_and_no_more() -> None:
    """The last write that fits goes out; one more is refused with the number and the first one's action."""
    assert apart([*family("a", 498), row("z.1")]) == [498, 1]
    error = refused(family("a", 499))
    assert (error.error_code, error.where) == ("too_many_writes", "a")
    assert error.message.startswith("499 writes belong together")


def test_one_graph_takes_fourteen_objects_beside_the_ledger_and_no_more() -> None:
    """A fifteenth kind of record in one part is refused: the ledger is one of the fifteen."""
    kinds = [f"O{place}" for place in range(15)]
    assert apart([*family("a", 14, kinds[:14]), row("z.1")]) == [15]
    assert refused(family("a", 15, kinds)).error_code == "too_many_writes"


def chain(length: int) -> list[Effect]:
    """Return creates of which each links to the one before."""
    return [
        row(f"a.{place}", ref=f"r{place}", to=f"r{place - 1}" if place else None)
        for place in range(length)
    ]


def test_one_graph_takes_fourteen_creates_behind_each_other_and_no_more() -> None:
    """A fifteenth link of a chain is refused: the ledger's own stands behind the last."""
    assert apart([*chain(14), row("z.1")]) == [15]
    assert refused(chain(15)).error_code == "too_many_writes"


def test_the_error_names_the_first_action_of_what_is_too_much() -> None:
    """Where the parts' actions differ, the one that begins is where to look."""
    effects = [row("first.1", ref="p"), *rows("second", 500, to="p")]
    assert refused(effects).where == "first"


def test_a_call_is_filled_to_its_last_write() -> None:
    """Parts of 300 and 196 writes, and two of the ledger for each, share a call; with one write more they do not."""
    assert apart([*family("a", 300), *family("b", 196)]) == [496]
    assert apart([*family("a", 300), *family("b", 197)]) == [300, 197]


def test_a_call_is_counted_by_all_its_parts() -> None:
    """Three parts that fit two by two are two calls."""
    effects = [*family("a", 240), *family("b", 240), *family("c", 240)]
    assert apart(effects) == [480, 240]


def test_a_call_takes_seventy_five_parts_and_no_more() -> None:
    """The seventy-sixth is in the next one."""
    assert apart(rows("a", 75)) == [75]
    assert apart(rows("a", 76)) == [75, 1]


def test_whole_parts_fill_a_transaction() -> None:
    """As many parts as fit go together, none is torn, and all stand in their order."""
    effects = [*family("a", 400), *family("b", 400), *family("c", 400)]
    loads = packed(effects, {}, apart=False)
    assert [len(each.effects) for each in loads] == [800, 400]
    assert {each.action_id for each in loads[0].effects} == {"a", "b"}


def test_a_transaction_is_filled_to_its_thousandth_write() -> None:
    """A thousand rows are one transaction, and a part that would make it 1,001 goes out behind it."""
    whole = packed([*updates("a", 998), *family("b", 2)], {}, apart=False)
    assert [len(each.effects) for each in whole] == [1_000]
    more = packed([*updates("a", 998), *family("b", 3)], {}, apart=False)
    assert [len(each.effects) for each in more] == [998, 3]


def test_rows_that_a_job_could_not_write_are_no_job() -> None:
    """A link, a record others link to, and the text a job takes for no value keep a row out of it."""
    empty = FieldChange(field="Phone", label="Phone", after="#N/A", provenance="goal")
    plain = rows("a", 2_001)
    odd = row("a.odd", changes=(empty,))
    loads = packed([*plain, odd, row("a.head", ref="h"), row("a.child", to="h")], {}, apart=False)
    assert [(each.carrier, len(each.effects)) for each in loads] == [("composite", 3), ("bulk", 2_001)]  # fmt: skip


def test_only_a_whole_transaction_is_atomic() -> None:
    """A job, an override and a call of several parts are not."""
    effects = (row("a.1"),)
    assert Load(effects, "composite").atomic
    assert Load(effects, "graph").atomic
    assert not Load(effects, "graph", (("a.1",),)).atomic
    assert not Load(effects, "bulk").atomic
    assert not Load(effects, "opaque").atomic


def test_a_load_that_waits_for_a_later_one_is_refused_by_both_names() -> None:
    """Apart, jobs go out behind all else: what waits for one cannot."""
    job = updates("job", 2_001)
    with pytest.raises(RefusedError, match="'a' waits for 'job'") as caught:
        packed([*job, row("a.1"), row("b.1")], needing({"a": {"job"}}), apart=True)
    assert (caught.value.error_code, caught.value.where) == ("link_across_groups", "a")


def test_jobs_go_out_in_the_order_they_wait_in() -> None:
    """Whatever their order in the plan, the job that is waited for is first."""
    effects = [*updates("late", 2_001), *updates("early", 2_001, "Case"), row("x.1"), row("y.1")]
    for side_by_side in (False, True):
        loads = packed(effects, needing({"late": {"early"}}), apart=side_by_side)
        jobs = [each.effects[0].action_id for each in loads if each.carrier == "bulk"]
        assert jobs == ["early", "late"]


def test_transactions_wait_for_the_jobs_before_them() -> None:
    """Each goes out between the jobs it stands between, and one that waits for none before all of them."""
    effects = [
        row("last.1"),
        *updates("two", 2_001),
        row("middle.1"),
        *updates("one", 2_001, "Case"),
        row("first.1"),
    ]
    needs = {"last": {"two"}, "two": {"middle"}, "middle": {"one"}, "one": {"first"}}
    loads = packed(effects, needing(needs), apart=False)
    assert [each.effects[0].action_id for each in loads] == ["first", "one", "middle", "two", "last"]  # fmt: skip


def test_a_plain_call_takes_twenty_three_requests() -> None:
    """A delete of a known version takes two; eleven of them leave one for a create, and not two."""
    gone = [
        row(f"d.{place}", operation="DELETE", record_id=f"00Q{place}", version="2026-11-21T12:00:00Z")
        for place in range(11)
    ]  # fmt: skip
    carriers = [packed([*gone, *rows("a", count)], {}, apart=False)[0].carrier for count in (1, 2)]
    assert carriers == ["composite", "collections"]


def test_waiting_binds_parts_together_only_where_they_stand_apart() -> None:
    """One behind the other they may be cut between; side by side nothing could wait."""
    (load,) = packed([row("a.1"), row("b.1"), row("c.1")], needing({"b": {"a"}}), apart=True)
    assert load.parts == (("a.1", "b.1"), ("c.1",))
    many = [*updates("a", 600), *updates("b", 600, "Case")]
    loads = packed(many, needing({"b": {"a"}}), apart=False)
    assert [len(each.effects) for each in loads] == [1_000, 200]


def test_the_part_that_fits_nowhere_is_named_among_those_that_do() -> None:
    """Whatever stands behind it."""
    with pytest.raises(RefusedError) as caught:
        packed([*family("a", 1_001), row("z.1")], {}, apart=False)
    assert (caught.value.where, caught.value.message[:12]) == ("a", "1001 writes ")
