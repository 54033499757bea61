"""Attacks on approver keys: forged, borrowed, doubled, downgraded; none of them makes a yes, or two of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.grant_scene import (
    Desk,
    effect,
    need,
    preview,
    refused,
)
from tests.opaque_scene import ALLOWED
from tests.scenario import previewed, task

from actwright import Actwright, Confirmation, Preview
from actwright.checkpoints.credentials.presenting import vouching
from actwright.checkpoints.digest import digest_of
from actwright.errors import (
    ConfirmationForeignError,
    InputError,
    exit_code_of,
)
from actwright.store.documents import Documents
from actwright.testing import LocalOrg

TWO = preview(approval=need(2))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an empty store at noon."""
    made = Desk(tmp_path)
    yield made
    made.close()


KEYS: dict[str, Callable[[str, str], str]] = {
    "empty": lambda *_: "",
    "blank": lambda *_: "   ",
    "cut": lambda ann, _: ann[:-1],
    "longer": lambda ann, _: f"{ann}A",
    "small letters": lambda ann, _: ann.lower() + "x",
    "the id alone": lambda ann, _: ann.partition(".")[0],
    "the id with a dot": lambda ann, _: ann.partition(".")[0] + ".",
    "somebody else's secret": lambda ann, bo: f"{ann.partition('.')[0]}.{bo.partition('.')[2]}",
    "as a plan key": lambda ann, _: ann.replace("apk_", "plk_"),
    "sql": lambda *_: "apk_' OR '1'='1.x",
    "a null byte": lambda ann, _: f"{ann}\0",
    "a lone surrogate": lambda ann, _: f"{ann}\ud800",
    "endless": lambda ann, _: ann + "x" * 10**6,
    "full width": lambda ann, _: ann.replace("a", "\uff41"),
    "the hash's name": lambda *_: "keyHash",
}


@pytest.mark.parametrize("name", KEYS)
def test_what_is_no_key_confirms_nothing(desk: Desk, name: str) -> None:
    """Wrong and malformed keys are told alike, and never repeated."""
    forged = KEYS[name](desk.key("Ann"), desk.key("Bo"))
    with pytest.raises(ConfirmationForeignError) as caught:
        desk.answers.record(TWO, key=forged)
    assert (caught.value.error_code, caught.value.exit_code) == ("key_refused", 3)
    secret = forged.partition(".")[2].strip()
    assert len(secret) < 8 or secret not in f"{caught.value} {caught.value.hint}"
    assert desk.answers.collected(TWO).given == ()


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, key: desk.answers.record(TWO, key=key),
        lambda desk, key: desk.answers.record(preview(), key=key),
        lambda desk, key: desk.answers.record(TWO, key=key, approver="Ann"),
        lambda desk, key: desk.answers.record(TWO, key=key, answer="no"),
    ],
)
def test_a_plan_key_never_answers(desk: Desk, act: Callable[[Desk, str], object]) -> None:
    """Not for two people, not for one, not under another name, and it does not even say no."""
    desk.key("Ann")
    key = desk.key("Planner", plans=True)
    assert refused(lambda: act(desk, key)) == "plan_key"
    assert refused(lambda: act(desk, key.replace("plk_", "apk_"))) == "key_refused"


def test_a_plan_key_of_an_approver_does_not_count_for_them(desk: Desk) -> None:
    """One person may have both; only one of them says yes."""
    desk.key("Ann")
    planning = desk.key("Ann", plans=True)
    assert refused(lambda: desk.answers.record(TWO, key=planning)) == "plan_key"


@pytest.mark.parametrize(
    "name", ["ANN", "A\u200bnn", "\u0391nn", "\u0410nn", "\uff21nn", "Ann.", "\u00c1nn", "A n n"]
)
def test_no_look_alike_is_registered_beside_ann(desk: Desk, name: str) -> None:
    """Ann cannot get a second key under a name that reads like hers, and be two people."""
    desk.key("Ann")
    with pytest.raises(InputError):
        desk.key(name)


@pytest.mark.parametrize("role", ["Ann", "ANN", "\u0410nn"])
def test_no_role_is_called_like_a_person(desk: Desk, role: str) -> None:
    """Who is to confirm is named by name or role, so that one must not pass for the other."""
    desk.key("Ann")
    with pytest.raises(InputError):
        desk.key("Bo", role)


@pytest.mark.parametrize("name", ["Finance", "F\u00eenance", "f i n a n c e"])
def test_no_person_is_called_like_a_role(desk: Desk, name: str) -> None:
    """The other way round."""
    desk.key("Bo", "finance")
    with pytest.raises(InputError):
        desk.key(name)


@pytest.mark.parametrize(
    "approver",
    ["grant:grt_0", "GRANT:x", "gr\u200bant:x", " grant:x", "\uff47rant:x", "grant\uff1ax"],
)
def test_no_person_is_called_like_a_grant(desk: Desk, approver: str) -> None:
    """Whoever reads the record must not take a name for a grant."""
    with pytest.raises(InputError, match="no person"):
        desk.answers.record(preview(), approver=approver)


@pytest.mark.parametrize(
    "approver", ["unattended", "un\u0430ttended", "UNATTENDED.", "unattend\u00e9d"]
)
def test_nobody_in_disguise_is_nobody(desk: Desk, approver: str) -> None:
    """Away from the local org a yes has a person's name."""
    assert refused(lambda: desk.answers.record(preview(), approver=approver)) == (
        "confirmation_unattended"
    )


def _same_key_twice(desk: Desk) -> Confirmation:
    return desk.sign(TWO, *[desk.key("Ann")] * 2)[-1]


def _same_person_again(desk: Desk) -> Confirmation:
    desk.sign(TWO, desk.key("Ann"))
    desk.approvers.revoke("Ann", by="root", why="lost")
    return desk.sign(TWO, desk.key("Ann"))[-1]


def _signed_for_another(desk: Desk) -> Confirmation:
    ann, bo = desk.key("Ann"), desk.key("Bo")
    desk.sign(preview(approval=need(2), key="1" * 20), ann)
    return desk.sign(TWO, bo)[-1]


def _no_in_between(desk: Desk) -> Confirmation:
    ann, bo = desk.key("Ann"), desk.key("Bo")
    desk.sign(TWO, ann)
    desk.answers.record(TWO, approver="x", answer="no")
    return desk.sign(TWO, bo)[-1]


def _old_clock(desk: Desk) -> Confirmation:
    ann, bo = desk.key("Ann"), desk.key("Bo")
    desk.clock.move(hours=1)
    desk.sign(TWO, ann)
    desk.clock.move(hours=-1)
    return desk.sign(TWO, bo)[-1]


def _another_digest(desk: Desk) -> Confirmation:
    ann, bo = desk.key("Ann"), desk.key("Bo")
    desk.sign(TWO.model_copy(update={"digest": "f" * 60}), ann)
    return desk.sign(TWO, bo)[-1]


def _revoked_since(desk: Desk) -> Confirmation:
    yes = desk.sign(TWO, desk.key("Ann"), desk.key("Bo"))[-1]
    desk.approvers.revoke("Ann", by="root", why="left")
    return yes


def _edited_key_id(desk: Desk) -> Confirmation:
    yes = desk.sign(TWO, desk.key("Ann"))[-1]
    desk.edit("confirmation", lambda document: document.update(keyId="0" * 16))
    return desk.answers.get(yes.id)


def _grant_for_the_second(desk: Desk) -> Confirmation:
    grant = desk.make(effect())
    desk.covered(TWO, grant)
    return desk.sign(TWO, desk.key("Ann"))[-1]


@pytest.mark.parametrize(
    "make",
    [
        _same_key_twice,
        _same_person_again,
        _signed_for_another,
        _no_in_between,
        _old_clock,
        _another_digest,
        _revoked_since,
        _edited_key_id,
        _grant_for_the_second,
    ],
)
def test_one_person_is_not_two(desk: Desk, make: Callable[[Desk], Confirmation]) -> None:
    """By no way does a preview for two start with less, whichever yes is handed in."""
    assert refused(lambda: desk.start(TWO, make(desk))) == "confirmation_incomplete"


@pytest.mark.parametrize(
    "changes", [{"key_id": "0" * 16}, {"approver": "Cy"}, {"grant": None, "answer": "YES"}]
)
def test_a_yes_made_by_hand_is_foreign(desk: Desk, changes: dict[str, Any]) -> None:
    """Put together past its checks it is not the one in the store."""
    yes = desk.sign(TWO, desk.key("Ann"), desk.key("Bo"))[-1]
    forged = Confirmation.model_construct(**(dict(yes) | changes))
    assert refused(lambda: desk.start(TWO, forged)) == "confirmation_foreign"


@pytest.fixture(scope="module")
def app(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return shared_org.as_user(settings=ALLOWED)


def needing(app: Actwright, shown: Preview, *who: str, people: int = 2) -> Preview:
    """Return the preview as a policy would have it that asks for keys, and store it."""
    asked = shown.model_copy(
        update={"id": f"prv_{shown.id[:3:-1]}", "approval": need(people, *who), "digest": ""}
    )
    return app.previews.add(asked.model_copy(update={"digest": digest_of(asked)}))


def test_keys_are_in_no_journal_no_store_and_no_error(
    app: Actwright, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Two sign, the run tells who, and their keys are nowhere to be found."""
    keys = [app.approvers.add(each, by="root")[1] for each in ("Kay", "Lou")]
    shown = needing(app, previewed(app, task(subject="two signed")))
    first = app.confirm(shown, key=keys[0])
    refusal = app.run(shown, first)
    assert refusal.stopped_by == "confirmation_missing"
    assert exit_code_of(refusal.stopped_by) == 3
    assert "1 of 2: Kay; waiting for one of Lou" in " ".join((*refusal.warnings, *refusal.errors))
    result = app.run(shown, app.confirm(shown, key=keys[1]))
    assert result.success
    started = app.events(result.run_id or "")[0].data
    assert [each["approver"] for each in started["signatures"]] == ["Kay", "Lou"]
    kept = b"".join(each.read_bytes() for each in app.settings.home.glob("actwright.db*"))
    told = capsys.readouterr()
    for each in keys:
        secret = each.partition(".")[2]
        assert secret.encode() not in kept
        assert secret not in told.out + told.err + caplog.text + repr(app.approvers.everyone())
        assert secret not in result.model_dump_json()


@pytest.mark.parametrize(
    "easier", [need(1), need(2, keys=False), need(2, "Kay"), need(1, keys=False)]
)
def test_a_need_made_easier_in_a_copy_is_found(app: Actwright, easier: Any) -> None:
    """What a policy asks for is in the digest; a file with less in it is another document."""
    shown = needing(app, previewed(app, task()), "finance")
    copy = shown.model_copy(update={"approval": easier})
    assert refused(lambda: app.confirm(copy, approver="Alice")) == "document_edited"
    with_digest = copy.model_copy(update={"digest": digest_of(copy)})
    assert refused(lambda: app.confirm(with_digest, approver="Alice")) == "document_edited"


def test_unattended_says_yes_to_no_policy(app: Actwright) -> None:
    """Also on the local org a preview that needs people is confirmed by people."""
    shown = needing(app, previewed(app, task()), people=1)
    assert refused(lambda: app.confirm(shown, approver="unattended")) == "confirmation_key_needed"
    grant = app.make_grant(app.propose_grant(shown, approver="Ann"))
    assert refused(lambda: app.confirm_by_grant(shown, grant.id)) == "grant_exceeded"


def test_a_flood_of_keys_hides_nobody(desk: Desk) -> None:
    """However many keys are registered behind hers, Ann is known: she counts, has no twin, and is asked to vouch."""
    ann = desk.key("Ann")
    (known,) = desk.approvers.everyone()
    bot = known.model_copy(update={"kind": "plan", "name": "bot"})
    with desk.store.write() as transaction:
        for number in range(1_001):
            each = bot.model_copy(update={"id": f"{number:016x}"})
            Documents(desk.store, "approver").put(transaction, each.id, each, at=each.at)
    assert [each.name for each in desk.approvers.active()] == ["Ann"]
    assert refused(lambda: desk.key("ann")) == "approver_exists"
    assert refused(lambda: vouching(desk.approvers, None)) == "approver_key_needed"
    shown = preview(approval=need(1))
    assert desk.start(shown, desk.sign(shown, ann)[0])
