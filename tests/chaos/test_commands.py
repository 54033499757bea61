"""Commands that come twice, out of order and all at once while a child carries the run out: each counts once, or not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.chaos.conftest import Scenes
from tests.chaos.scene import Scene, refuse_a_write

from actwright import Actwright
from actwright.errors import ActwrightError, InterventionError, NotFoundError
from actwright.runs.interventions.intervention import Intervention

STEPS = 4
COMMITS = 11


def wish(action: str, key: str, **more: object) -> Intervention:
    """Return an intervention under a key."""
    told = {"action": action, "actor": "dora", "why": f"because of {key}", "key": key, **more}
    return Intervention.model_validate(told)


def sent(one: Scene, wanted: Intervention) -> str:
    """Step in, and return how that went: accepted, repeated, or the code of its refusal."""
    try:
        accepted = one.app.intervene(one.run_id, wanted)
    except ActwrightError as refused:
        return refused.error_code
    return "repeated" if accepted.repeated else "accepted"


@pytest.mark.parametrize("place", [1, 2, 4, 5, 7, COMMITS - 1])
def test_a_cancel_that_comes_many_times_at_once_ends_the_run_once(
    scene: Scenes, place: int
) -> None:
    """Behind whichever commit five copies of one cancel arrive, one is taken, and nothing is begun any more."""
    one = scene(steps=STEPS)
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        for _, _event in zip(range(place), reached, strict=False):
            pass
        before = one.kinds.count("group_intended")
        with ThreadPoolExecutor(5) as threads:
            said = list(threads.map(lambda _: sent(one, wish("cancel", "c")), range(5)))
        gate.open()
        child.ended()
    assert sorted(said) == ["accepted", *["repeated"] * 4]
    assert one.kinds.count("intervened") == 1
    assert one.run is not None
    assert one.run.status == "cancelled"
    assert one.kinds.count("group_intended") == before
    assert sum(one.effects) == before
    one.check_record()


def test_a_key_used_for_something_else_changes_nothing(scene: Scenes) -> None:
    """Two different commands under one key: the first one counts, whichever comes again, and the second is refused."""
    one = scene(steps=STEPS)
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        next(reached)
        assert sent(one, wish("cancel", "k")) == "accepted"
        assert sent(one, wish("abort_flow", "k")) not in {"accepted", "repeated"}
        assert sent(one, wish("cancel", "k")) == "repeated"
        gate.open()
        child.ended()
    assert one.run is not None
    assert one.run.status == "cancelled"
    one.check_record()


@pytest.mark.parametrize("seed", range(4))
def test_commands_in_any_order_leave_one_truthful_run(scene: Scenes, seed: int) -> None:
    """Whatever comes, doubled, shuffled and at once, and whatever is refused of it: one end, and each effect told."""
    dice = random.Random(seed)  # noqa: S311 - an order, no secret
    one = scene(steps=STEPS)
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        for _, _event in zip(range(dice.randint(1, COMMITS - 2)), reached, strict=False):
            pass
        commands = _commands() * 2
        dice.shuffle(commands)
        gate.open()
        with ThreadPoolExecutor(4) as threads:
            said = list(threads.map(lambda each: (each.key, sent(one, each)), commands))
        child.ended()
    taken = Counter(key for key, told in said if told == "accepted")
    assert set(taken.values()) <= {1}
    keys = [each.data["key"] for each in one.events if each.kind == "intervened"]
    assert sorted(keys) == sorted(taken)
    one.app.recover()
    state = one.run
    assert state is not None
    if taken:
        assert state.status in {"cancelled", "aborted", "completed", "failed"}
    one.check_record()


@pytest.mark.parametrize("fails", [False, True])
def test_an_objection_holds_a_run_whose_last_call_is_out(
    scene: Scenes, opening: Callable[..., Actwright], tmp_path: Path, *, fails: bool
) -> None:
    """Whatever the process makes of the answer it waited for, the run stays held until approvers have decided."""
    one = scene(steps=1, app=opening(tmp_path / "home"))
    for name in ("Ann", "Ben", "Cleo"):
        one.app.approvers.add(name, by="dora")
    if fails:
        refuse_a_write(one.admin)
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate, at="call", on_failure="pause")
        next(reached)
        assert sent(one, wish("override", "o")) == "accepted"
        gate.open()
        child.ended()
    assert one.run is not None
    assert (one.run.status, one.run.waiting_for) == ("paused", "override")
    behind = one.kinds[one.kinds.index("intervened") + 1 :]
    assert behind == ["group_settled", *([] if fails else ["group_observed"])]
    assert one.effects == [int(not fails)]


def test_a_command_to_a_run_that_has_ended_changes_nothing(scene: Scenes) -> None:
    """Every command that comes too late is refused by name, and the journal stays as it was."""
    one = scene(steps=2)
    one.check()
    told = one.events
    for each in _commands():
        with pytest.raises(InterventionError):
            one.app.intervene(one.run_id, each)
    assert one.events == told


def test_a_command_to_no_run_is_refused(scene: Scenes) -> None:
    """An unknown run is named."""
    one = scene(steps=2)
    with pytest.raises(NotFoundError, match="run_0"):
        one.app.intervene("run_0", wish("cancel", "x"))
    one.check()


def _commands() -> list[Intervention]:
    """Return one of each kind that a run under way may get."""
    return [
        wish("retry", "r"),
        wish("skip_stage", "s"),
        wish("cancel", "c"),
        wish("abort_flow", "a"),
        wish("confirm_continue", "cc"),
        wish("provide_clarification", "p", answer="happened"),
    ]
