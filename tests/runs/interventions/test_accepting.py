"""Accepted once: the same key again, in any order, from many threads, while the run moves on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.kept_runs import unguarded
from tests.runs.interventions.staged_run import (
    FAILED,
    RUN,
    StagedRun,
    ended,
    sent,
    wish,
)

from actwright.errors import (
    ConfirmationUsedError,
    InterventionError,
    JournalConflictError,
    JournalDamagedError,
)
from actwright.runs.engine.record import Record
from actwright.runs.engine.store import PrivateStore
from actwright.runs.interventions.intervention import Intervention, InterventionAction
from actwright.runs.interventions.standing import Standing
from actwright.runs.record.chain import first_fault
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry


def test_the_same_key_again_changes_nothing(staged_on_both: StagedRun) -> None:
    """It returns what the first one left, also where it would not apply any more."""
    first = staged_on_both.at("retry").step_in("retry", key="k1")
    again = staged_on_both.step_in("retry", key="k1")
    assert (first.repeated, again.repeated) == (False, True)
    assert again.data == first.data
    assert again.state == first.state == staged_on_both.state


def test_the_same_key_for_something_else_is_refused(staged_on_both: StagedRun) -> None:
    """Another action, another reason or another person is another intervention."""
    before = staged_on_both.at("retry").step_in("retry", key="k1").state
    for other in (
        wish("cancel", key="k1"),
        wish("retry", key="k1", why="changed my mind"),
        wish("retry", key="k1", actor="Eve"),
    ):
        with pytest.raises(InterventionError, match="was used for another") as caught:
            staged_on_both.desk.accept(RUN, other)
        assert caught.value.error_code == "intervention_key_used"
    assert staged_on_both.state == before


@pytest.mark.parametrize(
    ("standing", "action"),
    [
        ("retry", "abort_flow"),
        ("retry", "cancel"),
        ("retry", "retry"),
        ("running", "override"),
        ("override", "uphold"),
        ("doubt", "provide_clarification"),
    ],
)
def test_nothing_is_written_behind_an_edited_journal(
    staged: StagedRun, standing: Standing, action: InterventionAction
) -> None:
    """Whoever steps in is told which event was changed, and no row moves."""
    before = staged.at(standing).edited("six accounts", "no accounts")
    with pytest.raises(JournalDamagedError, match=r"event 1 \(run_started\) was changed") as caught:
        staged.step_in(action, signed_by="Ann" if action == "uphold" else None)
    assert caught.value.hint == f"actwright verify {RUN}"
    assert staged.rows == before


def test_nothing_is_written_where_the_end_was_cut_off(staged: StagedRun) -> None:
    """What is left fits together; that more was there, only the register knows. It is damage, and no conflict."""
    staged.begun(*sent("g1", "done"))
    with unguarded(staged.journal.database) as execute:
        execute("DELETE FROM journal WHERE seq > 1")
    with pytest.raises(JournalDamagedError, match="event 2 is missing"):
        staged.step_in("cancel")
    with pytest.raises(JournalDamagedError, match="event 2 is missing"):
        asyncio.run(Record.opened(PrivateStore(staged.journal), staged.clock, RUN, "al"))


def test_on_postgres_neither(staged_on_both: StagedRun) -> None:
    """A repeat of what was accepted before the edit is refused too: what it came to cannot be told any more."""
    staged_on_both.at("retry").step_in("abort_flow", key="k1")
    before = staged_on_both.edited("six accounts", "no accounts")
    with pytest.raises(JournalDamagedError):
        staged_on_both.step_in("abort_flow", key="k1")
    assert staged_on_both.rows == before


def test_a_yes_that_is_said_twice_at_once_is_one(staged: StagedRun) -> None:
    """Whoever comes second finds the confirmation used by the very same intervention, and is told the same."""
    staged.at("confirmation")
    yes = wish("confirm_continue", key="k1", confirmation_id="cnf_1")

    def beaten(entries: Sequence[Entry]) -> None:
        staged.add(*entries)
        raise ConfirmationUsedError("It was used.")

    assert staged.desk.accept(RUN, yes, hand_over=beaten).repeated
    other = wish("confirm_continue", key="k2", confirmation_id="cnf_1")
    with pytest.raises(ConfirmationUsedError):
        staged.desk.accept(RUN, other, hand_over=refuse)


def refuse(_: Sequence[Entry]) -> None:
    """Say that somebody else has used the confirmation."""
    raise ConfirmationUsedError("It was used.")


def test_a_repeat_is_known_after_the_run_has_ended(staged: StagedRun) -> None:
    """Whoever did not hear the answer may ask again at any time."""
    staged.at("retry").step_in("abort_flow", key="k1")
    staged.add(ended("aborted"))
    assert staged.step_in("abort_flow", key="k1").repeated
    with pytest.raises(InterventionError, match="has ended as aborted"):
        staged.step_in("abort_flow", key="k2")


def test_without_a_key_each_is_another(staged: StagedRun) -> None:
    """The second retry finds nothing to retry."""
    staged.at("retry").step_in("retry")
    with pytest.raises(InterventionError, match="does not apply"):
        staged.step_in("retry")


def test_many_at_once_are_accepted_once(staged_on_both: StagedRun) -> None:
    """Eight people press the same button under one key: one event."""
    staged_on_both.at("retry")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: staged_on_both.step_in("retry", key="k1"), range(8)))
    assert sum(not each.repeated for each in found) == 1
    assert [each.kind for each in staged_on_both.events].count("intervened") == 1
    assert first_fault(staged_on_both.events) is None


def test_of_two_that_exclude_each_other_one_wins(staged_on_both: StagedRun) -> None:
    """The other is judged against what the first one left, and refused."""
    staged_on_both.at("retry")

    def press(action: str) -> str:
        try:
            staged_on_both.step_in(
                "retry" if action == "retry" else "skip_stage", also=("g2", "g4")
            )
        except InterventionError:
            return "refused"
        return "accepted"

    with ThreadPoolExecutor(2) as threads:
        found = sorted(threads.map(press, ["retry", "skip"]))
    assert found == ["accepted", "refused"]
    assert first_fault(staged_on_both.events) is None


def test_a_run_that_moves_on_is_read_and_judged_again(
    staged: StagedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancel finds its place behind what the driver wrote meanwhile."""
    staged.at("running")
    append = staged.journal.append
    seen: list[bool] = []

    def interrupted(*arguments: object, **named: object) -> object:
        if not seen:
            seen.append(True)
            append(RUN, sent("g3", "done"), actor="driver", after=staged.journal.head(RUN))
        return append(*arguments, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(staged.journal, "append", interrupted)
    staged.step_in("cancel")
    assert [each.kind for each in staged.events[-2:]] == ["group_settled", "intervened"]


def test_a_run_that_ends_meanwhile_is_not_stepped_into(
    staged: StagedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second look finds the end, and says so."""
    staged.at("running")
    append = staged.journal.append
    seen: list[bool] = []

    def overtaken(*arguments: object, **named: object) -> object:
        if not seen:
            seen.append(True)
            append(RUN, [ended()], actor="driver", after=staged.journal.head(RUN))
        return append(*arguments, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(staged.journal, "append", overtaken)
    with pytest.raises(InterventionError, match="has ended as completed"):
        staged.step_in("cancel")
    assert staged.events[-1].kind == "run_ended"


def test_a_run_that_never_stands_still_is_given_up(
    staged: StagedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told to say it again; nothing was changed."""
    before = staged.at("running").events

    def never(*_: object, **__: object) -> object:
        raise JournalConflictError("overtaken")

    monkeypatch.setattr(staged.journal, "append", never)
    with pytest.raises(JournalConflictError, match="nothing was changed"):
        staged.step_in("cancel")
    assert staged.events == before


def test_what_has_to_come_first_may_refuse_it(staged: StagedRun) -> None:
    """A preview that cannot be made leaves the journal as it was."""
    before = staged.at("retry").events

    def prepare(*_: object) -> dict[str, object]:
        raise InterventionError("there is no such input")

    wanted = wish("retry_with_inputs", inputs={"a1.Nope": 1})
    with pytest.raises(InterventionError, match="no such input"):
        staged.desk.accept(RUN, wanted, prepare=prepare)
    assert staged.events == before


_PRESSED: Sequence[Intervention] = (
    wish("retry", key="k1"),
    wish("skip_stage", key="k2", also=("g2", "g4")),
    wish("cancel", key="k3"),
    wish("abort_flow", key="k4"),
    wish("provide_clarification", key="k5", answer="did not happen"),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(_PRESSED), max_size=8))
def test_in_any_order_each_is_accepted_at_most_once(pressed: list[Intervention]) -> None:
    """Duplicates and reorders leave one event a key, a whole chain, and a state that the accepted ones alone explain."""
    with TemporaryDirectory() as folder:
        staged = StagedRun(Path(folder)).begun(*FAILED)
        for each in pressed:
            with suppress(InterventionError):
                staged.desk.accept(RUN, each)
        told = [each.data["key"] for each in staged.events if each.kind == "intervened"]
        assert len(told) == len(set(told))
        assert first_fault(staged.events) is None
        assert set(fold(staged.events).commands) == set(told)
        staged.close()


@pytest.mark.parametrize(
    "more",
    [
        {"why": " "},
        {"why": "\u202e"},
        {"actor": ""},
        {"key": "a b"},
        {"key": ""},
        {"inputs": {"x" * 201: 1}},
        {"needed": 0},
        {"window_hours": 0.0},
        {"window_hours": float("inf")},
        {"else": 1},
    ],
)
def test_a_malformed_intervention_is_none(more: dict[str, object]) -> None:
    """Who, why and the key are always there, and bounded."""
    with pytest.raises(ValidationError):
        wish("retry", **more)


def test_what_was_left_out_is_not_on_the_record(staged: StagedRun) -> None:
    """The event tells what was asked for, by whom and why, and nothing empty."""
    entry: Entry = ("intervened", staged.at("retry").step_in("retry", key="k1").data)  # type: ignore[assignment]  # a mapping
    assert sorted(entry[1]) == ["action", "becomes", "content", "key", "why"]
