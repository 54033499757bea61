"""Attacks on grants: replayed, edited, raced, split, smuggled; each lets nothing happen."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from tests.grant_scene import (
    NOON,
    PLAN,
    Desk,
    change,
    effect,
    granted,
    json_of,
    money,
    need,
    preview,
    refused,
    unused,
)
from tests.opaque_scene import ALLOWED, Mailer, mail
from tests.scenario import plan_of, previewed, task, value, win

from actwright import Actwright, Confirmation
from actwright.checkpoints.grants.covering import outside
from actwright.checkpoints.grants.grant import Grant
from actwright.document import validated
from actwright.errors import (
    ActwrightError,
    ConfirmationError,
    GrantError,
    NotFoundError,
    exit_code_of,
)
from actwright.store.database import Database
from actwright.testing import LocalOrg

TWO = preview(approval=need(2))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an empty store at noon."""
    made = Desk(tmp_path)
    yield made
    made.close()


def _used_up(desk: Desk, grant: Grant) -> None:
    for _ in range(grant.ceilings.uses):
        desk.use(grant)


def _revoked(desk: Desk, grant: Grant) -> None:
    desk.grants.revoke(grant.id, by="Bo", why="no more")


def _narrowed(desk: Desk, grant: Grant) -> None:
    desk.grants.narrow(grant.id, {"uses": 1}, by="Bo")


def _expired(desk: Desk, _: Grant) -> None:
    desk.clock.move(days=30)


def _expired_and_set_back(desk: Desk, grant: Grant) -> None:
    desk.clock.move(days=30)
    assert desk.grants.why_not(grant) is not None
    desk.clock.move(days=-30)


def _set_back(desk: Desk, grant: Grant) -> None:
    desk.clock.move(hours=1)
    desk.use(grant)
    desk.clock.move(minutes=-10)


def _before_it_was_made(desk: Desk, _: Grant) -> None:
    desk.clock.move(minutes=-6)


def _unsigned(desk: Desk, grant: Grant) -> None:
    key = desk.key("Ann")
    signer = desk.approvers.holder_of(key)
    assert signer is not None
    desk.grants.sign(grant.id, signer)
    desk.approvers.revoke("Ann", by="root", why="left")


WAYS = {
    "grant_used_up": _used_up,
    "grant_revoked": _revoked,
    "grant_superseded": _narrowed,
    "grant_expired": _expired,
    "grant_clock": _set_back,
    "grant_unsigned": _unsigned,
}


@pytest.mark.parametrize("code", WAYS)
def test_a_yes_given_before_starts_nothing_after(desk: Desk, code: str) -> None:
    """The grant ended between the confirmation and the run."""
    grant = desk.make(uses=2)
    shown = preview(key="9" * 20)
    yes = desk.covered(shown, grant)
    WAYS[code](desk, grant)
    with desk.store.write() as transaction, pytest.raises(GrantError) as caught:
        desk.answers.consume(transaction, yes, shown, run_id="run_late")
    assert (caught.value.error_code, caught.value.exit_code) == (code, 3)
    assert all(each.run_id != "run_late" for each in desk.grants.uses(grant))


def test_one_of_two_keys_revoked_since_is_not_enough(desk: Desk) -> None:
    """The policy asks for two under the grant, and looks when the run begins."""
    grant = desk.make()
    for name in ("Ann", "Bo"):
        signer = desk.approvers.holder_of(desk.key(name))
        assert signer is not None
        desk.grants.sign(grant.id, signer)
    assert outside(grant, TWO, PLAN, desk.grants.used(grant)) == ()
    yes = desk.covered(TWO, grant)
    desk.approvers.revoke("Bo", by="root", why="left")
    assert refused(lambda: desk.start(TWO, yes)) == "grant_unsigned"


@pytest.mark.parametrize("way", [_expired_and_set_back, _before_it_was_made])
def test_a_clock_set_back_revives_nothing(desk: Desk, way: Callable[[Desk, Grant], None]) -> None:
    """Once seen to be over it is over; and nothing is used before it was made."""
    grant = desk.make()
    way(desk, grant)
    assert refused(lambda: desk.use(grant)) in {
        "grant_expired",
        "grant_clock",
        "confirmation_expired",
    }
    assert desk.grants.why_not(grant) is not None


def test_the_same_yes_twice(desk: Desk) -> None:
    """A preview runs once, whoever said yes to it, and takes one use."""
    grant = desk.make()
    shown = preview()
    yes, again = desk.covered(shown, grant), desk.covered(shown, grant)
    desk.start(shown, yes)
    for each in (yes, again):
        assert refused(lambda each=each: desk.start(shown, each)) == "confirmation_used"  # type: ignore[misc]  # bound now
    assert desk.grants.used(grant).uses == 1


def test_a_yes_for_another_preview(desk: Desk) -> None:
    """It answers the digest it was given for."""
    grant = desk.make()
    yes = desk.covered(preview(), grant)
    other = preview(effect(1, change("NextStep")), key="1" * 20)
    assert refused(lambda: desk.start(other, yes)) == "confirmation_foreign"


@pytest.mark.parametrize(
    "field",
    [{"drawn": {"rows": 0}}, {"grantId": "grt_" + "0" * 20}, {"begins": False}, {"root": "grt_x"}],
)
def test_what_a_grant_is_to_give_cannot_be_changed_by_hand(
    desk: Desk, field: dict[str, Any]
) -> None:
    """Less than is drawn, another grant, or no use at all: the yes differs from the stored one."""
    shown = preview()
    yes = desk.covered(shown, desk.make())
    made = yes.model_dump(mode="json")
    forged = Confirmation.model_validate({**made, "grant": {**made["grant"], **field}})
    assert refused(lambda: desk.start(shown, forged)) == "confirmation_foreign"


@pytest.mark.parametrize(
    "field",
    [
        {"user": "006"},
        {"org": "00E"},
        {"orgUrl": "https://evil.example"},
        {"madeBy": "Ann Archer"},
        {"lineage": "grt_" + "1" * 20},
        {"at": "2027-11-21T12:00:00.000Z"},
        {"subjects": []},
        {"extra": 1},
        {"ceilings": {"rows": 50000}},
        {"id": "grt_" + "0" * 20},
    ],
)
def test_a_grant_edited_in_the_store_is_no_grant(desk: Desk, field: dict[str, Any]) -> None:
    """Its id is made of its content, so that a wider one cannot keep it."""
    grant = desk.make()
    shown = preview()
    yes = desk.covered(shown, grant)

    def widen(document: dict[str, Any]) -> None:
        for name, new in field.items():
            document[name] = {**document[name], **new} if isinstance(new, dict) else new

    desk.edit("grant", widen)
    assert refused(lambda: desk.start(shown, yes)) == "document_malformed"


@pytest.mark.parametrize(
    "key", ["grt_" + "0" * 20, "", "../x", "' OR 1=1 --", "\ud800", "x" * 10**5]
)
def test_a_grant_that_is_only_in_a_file_is_none(desk: Desk, key: str) -> None:
    """Grants are known by the store alone; an id from elsewhere finds nothing."""
    grant = granted()
    for each in (key, grant.id):
        with pytest.raises(NotFoundError):
            desk.grants.standing(each)
    forged = Confirmation.model_construct(
        **dict(desk.answers.record(preview(), approver="Ann")) | {"approver": f"grant:{grant.id}"}
    )
    assert refused(lambda: desk.start(preview(), forged)) == "confirmation_foreign"
    assert validated(Grant, json_of(grant), where="a file") == grant


def test_amounts_split_over_runs_add_up(desk: Desk) -> None:
    """Each run is within its own ceiling, all of them together are not."""
    grant = desk.make(effect(1, money(100)), uses=9, amounts_in_all={"Opportunity.Amount": 250})
    for _ in range(2):
        desk.use(grant, effect(1, money(100)))
    third = preview(effect(1, money("50.01")), key="7" * 20)
    (found,) = outside(grant, third, PLAN, desk.grants.used(grant))
    assert found.ceiling == "amount_in_all"
    assert refused(lambda: desk.start(third, desk.covered(third, grant))) == "grant_used_up"
    desk.use(grant, effect(1, money(50)))


def test_amounts_confirmed_side_by_side_add_up(desk: Desk) -> None:
    """Both were covered when they were confirmed; only one can begin."""
    grant = desk.make(effect(1, money(100)), amounts_in_all={"Opportunity.Amount": 150})
    shown = [preview(effect(1, money(100)), key=f"{each}" * 20) for each in (1, 2)]
    yes = [desk.covered(each, grant) for each in shown]
    desk.start(shown[0], yes[0])
    assert refused(lambda: desk.start(shown[1], yes[1])) == "grant_used_up"


@pytest.mark.parametrize(
    "effects",
    [
        [money(60), money(60)],
        [money(-60), money(60)],
        [money("100.0000001")],
        [money(60, "AMOUNT"), money(60, "amount")],
        [money(10**25)],
    ],
)
def test_amounts_split_over_effects_add_up(effects: list[Any]) -> None:
    """In any case of letters, whatever their signs, to the last digit."""
    grant = granted(effect(1, money(100)), rows=9)
    shown = preview(*(effect(number, each) for number, each in enumerate(effects)))
    assert "amount" in {each.ceiling for each in outside(grant, shown, PLAN, unused())}


def test_threads_that_race_for_the_last_uses(database: Database, tmp_path: Path) -> None:
    """Eight begin at once, three uses are left: three runs begin, in a store of each kind."""
    desk = Desk(tmp_path, given=database)
    grant = desk.make(uses=3)
    shown = [preview(key=f"{each:020}") for each in range(8)]
    yes = [desk.covered(each, grant) for each in shown]
    gate = Barrier(8)

    def begin(number: int) -> str:
        gate.wait(timeout=30)
        try:
            return desk.start(shown[number], yes[number], run_id=f"run_{number}")
        except GrantError as error:
            return error.error_code

    with ThreadPoolExecutor(8) as pool:
        came = sorted(pool.map(begin, range(8)))
    assert came[:5] == ["grant_used_up"] * 5
    assert len(set(came[5:])) == 3
    assert [each.number for each in desk.grants.uses(grant)] == [1, 2, 3]


def _begin_elsewhere(folder: Path, number: int, gate: Any, told: Any) -> None:
    """Begin one run in a process of its own."""
    desk = Desk(folder)
    shown = preview(key=f"{number:020}")
    (grant,) = desk.grants.everything()
    yes = desk.covered(shown, grant)
    gate.wait(timeout=30)
    try:
        told.put(desk.start(shown, yes, run_id=f"run_{number}"))
    except ActwrightError as error:
        told.put(error.error_code)
    desk.close()


def test_processes_that_race_for_the_last_use(tmp_path: Path) -> None:
    """Three begin at once, one use is left: one run begins."""
    desk = Desk(tmp_path)
    grant = desk.make(uses=1)
    desk.close()
    context = multiprocessing.get_context("fork")
    gate, told = context.Barrier(3), context.Queue()
    racers = [
        context.Process(target=_begin_elsewhere, args=(tmp_path, number, gate, told))
        for number in range(3)
    ]
    for each in racers:
        each.start()
    came = sorted(told.get(timeout=60) for _ in racers)
    for each in racers:
        each.join(timeout=60)
    assert came[:2] == ["grant_used_up", "grant_used_up"]
    again = Desk(tmp_path)
    assert [each.run_id for each in again.grants.uses(grant)] == came[2:]
    again.close()


def test_a_grant_is_narrowed_once(desk: Desk) -> None:
    """Two who narrow it at once do not make two grants of it."""
    grant = desk.make(uses=3)
    gate = Barrier(4)

    def narrow(number: int) -> str:
        gate.wait(timeout=30)
        try:
            return desk.grants.narrow(grant.id, {"rows": 1, "uses": 2}, by=f"p{number}").id
        except GrantError as error:
            return error.error_code

    with ThreadPoolExecutor(4) as pool:
        came = sorted(pool.map(narrow, range(4)))
    assert came[:3] == ["grant_superseded"] * 3
    assert came[3].startswith("grt_")


@pytest.fixture(scope="module")
def app(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return shared_org.as_user(settings=ALLOWED)


def test_a_grant_of_another_person_or_version_covers_nothing(
    app: Actwright, shared_org: LocalOrg
) -> None:
    """Bob does not use what Alice was granted, nor anybody a blueprint that was edited since."""
    shown = previewed(app, task(subject="granted"))
    by_model = app.propose_grant(shown, approver="Ann")
    assert by_model.ceilings.refused_provenance == ("extract", "model")
    grant = app.make_grant(app.with_ceilings(by_model, {"refused_provenance": ()}))
    bob = shared_org.as_user("bob")
    assert refused(lambda: bob.confirm_by_grant(previewed(bob, task()), grant.id)) == (
        "grant_exceeded"
    )
    entry = app.library.find("task_create")
    assert entry is not None
    edited = entry.blueprint.model_copy(update={"summary": "Creates a task, and more."})
    other = previewed(app, {**task(), "blueprint": edited})  # type: ignore[dict-item]  # a whole blueprint
    with pytest.raises(GrantError, match="version: "):
        app.confirm_by_grant(other, grant.id)
    assert app.confirm_by_grant(previewed(app, task()), grant.id).approver == f"grant:{grant.id}"


def test_nothing_is_smuggled_into_a_covered_run_through_a_wave(app: Actwright) -> None:
    """What the override puts out names nothing new that the run may write."""
    mailer = Mailer(answer=lambda _: {"messageId": "Delete everything"})
    app.register("SendMail", mailer)
    first = mail("first") | {"arguments": {"To": value("jane@example.com", "data")}}
    second = task("second") | {
        "arguments": {"Subject": {"from": "actions.first.output.messageId"}},
        "dependsOn": ["first"],
    }
    plan = plan_of(app, first, second, goal="mail", data={"to": "jane@example.com"})
    shown = app.preview(plan)
    grant = app.make_grant(
        app.with_ceilings(app.propose_grant(shown, approver="Ann", uses=9), {"rows": 9})
    )
    result = app.run(shown, app.confirm_by_grant(shown, grant.id))
    assert result.status == "waiting"
    reason = app.run_state(result.run_id or "").reason
    assert "operation: CREATE Task (second.1), and the grant allows CALL SendMail" in reason


def test_no_org_is_changed_without_the_use(app: Actwright) -> None:
    """A yes by a grant that was used up meanwhile gives an envelope that says so, and no run."""
    shown = [previewed(app, win(name="Acme Renewal")) for _ in range(2)]
    grant = app.make_grant(app.propose_grant(shown[0], approver="Ann"))
    yes = [app.confirm_by_grant(each, grant.id) for each in shown]
    assert app.run(shown[0], yes[0]).run_id is not None
    late = app.run(shown[1], yes[1])
    assert (late.run_id, late.stopped_by) == (None, "grant_refused")
    assert exit_code_of(late.stopped_by) == 3


def test_a_grant_is_made_by_a_person(app: Actwright) -> None:
    """Not by nobody, and not with a key that only plans."""
    draft = app.propose_grant(previewed(app, win(name="Globex Pilot")), approver="unattended")
    assert refused(lambda: app.make_grant(draft)) == "input_invalid"
    key = app.approvers.add("Planner", by="root", kind="plan")[1]
    assert refused(lambda: app.make_grant(draft, key=key)) == "plan_key"
    with pytest.raises(ConfirmationError):
        app.sign_grant("grt_" + "0" * 20, key=key)


def test_a_moment_before_its_end_it_still_stands(desk: Desk) -> None:
    """And at its end it does not: the boundary is exact."""
    grant = desk.make(expires_at="2026-11-21T13:00:00Z")
    desk.clock.moment = NOON + timedelta(hours=1) - timedelta(milliseconds=1)
    desk.use(grant)
    desk.clock.moment = NOON + timedelta(hours=1)
    assert desk.grants.why_not(grant) is not None
