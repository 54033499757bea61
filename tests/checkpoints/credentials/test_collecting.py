"""Collecting: several people say yes one by one, and a no of anybody takes all back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.grant_scene import Desk, need, preview

from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.credentials.approvers import Approver
from actwright.errors import (
    ConfirmationExpiredError,
    ConfirmationForeignError,
    ConfirmationMissingError,
    ConfirmationRefusedError,
    ConfirmationUsedError,
)

TWO = preview(approval=need(2))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an empty store at noon."""
    made = Desk(tmp_path)
    yield made
    made.close()


def test_two_say_yes_one_by_one(desk: Desk) -> None:
    """What stands is told after each, and the run starts with either yes once both are there."""
    ann = desk.key("Ann")
    alone = str(desk.answers.collected(TWO))
    assert alone.startswith("0 of 2: nobody yet; waiting for Ann, and 1 more who may")
    assert "actwright approvers add NAME" in alone
    bo = desk.key("Bo")
    assert str(desk.answers.collected(TWO)) == "0 of 2: nobody yet; waiting for 2 of Ann, Bo"
    (first,) = desk.sign(TWO, ann)
    assert str(desk.answers.collected(TWO)) == "1 of 2: Ann; waiting for one of Bo"
    with pytest.raises(ConfirmationMissingError, match="1 of 2: Ann; waiting for one of Bo"):
        desk.answers.check(first, TWO)
    (second,) = desk.sign(TWO, bo)
    assert str(desk.answers.collected(TWO)) == "2 of 2: Ann, Bo"
    desk.answers.check(first, TWO)
    desk.start(TWO, second)
    for each in (first, second):
        with pytest.raises(ConfirmationUsedError):
            desk.answers.check(each, TWO)


def test_the_record_names_the_keys(desk: Desk) -> None:
    """Who signed stands in the first event, with the ids of their keys and never the keys."""
    keys = [desk.key("Ann"), desk.key("Bo")]
    yes = desk.sign(TWO, *keys)
    told = desk.answers.told(yes[-1], TWO)["signatures"]
    assert [each["approver"] for each in told] == ["Ann", "Bo"]  # type: ignore[attr-defined]  # a list
    assert [each["keyId"] for each in told] == [each.key_id for each in yes]  # type: ignore[attr-defined]  # same
    assert not any(key in str(told) for key in keys)


def test_a_plain_yes_is_told_as_ever(desk: Desk) -> None:
    """Nothing is added to the first event of a run that one person let begin."""
    plain = preview()
    assert desk.answers.told(desk.answers.record(plain, approver="Ann"), plain) == {}


def test_a_no_of_anybody_takes_all_back(desk: Desk) -> None:
    """Also without a key; and both have to say yes again."""
    ann, bo = desk.key("Ann"), desk.key("Bo")
    first, second = desk.sign(TWO, ann, bo)
    desk.answers.record(TWO, approver="somebody", answer="no")
    for each in (first, second):
        with pytest.raises(ConfirmationRefusedError, match="somebody said no"):
            desk.answers.check(each, TWO)
    (again,) = desk.sign(TWO, ann)
    assert str(desk.answers.collected(TWO)) == "1 of 2: Ann; waiting for one of Bo"
    with pytest.raises(ConfirmationMissingError):
        desk.answers.check(again, TWO)


def test_each_yes_expires_for_itself(desk: Desk) -> None:
    """The first one was too long ago when the second came."""
    ann, bo = desk.key("Ann"), desk.key("Bo")
    desk.answers.record(TWO, key=ann, lifetime=timedelta(minutes=10))
    desk.clock.move(minutes=11)
    (second,) = desk.sign(TWO, bo)
    assert str(desk.answers.collected(TWO)) == "1 of 2: Bo; waiting for one of Ann"
    with pytest.raises(ConfirmationMissingError):
        desk.answers.check(second, TWO)
    desk.clock.move(minutes=31)
    with pytest.raises(ConfirmationExpiredError):
        desk.answers.check(second, TWO)


def test_a_key_revoked_meanwhile_counts_no_more(desk: Desk) -> None:
    """Between the check and the start, too."""
    ann, bo = desk.key("Ann"), desk.key("Bo")
    _, yes = desk.sign(TWO, ann, bo)
    desk.answers.check(yes, TWO)
    desk.approvers.revoke("Ann", by="root", why="left")
    with desk.store.write() as transaction, pytest.raises(ConfirmationMissingError):
        desk.answers.consume(transaction, yes, TWO, run_id="run_1")


def test_a_no_meanwhile_counts(desk: Desk) -> None:
    """Between the check and the start, for one person as for two."""
    plain = preview()
    yes = desk.answers.record(plain, approver="Ann")
    desk.answers.check(yes, plain)
    desk.answers.record(plain, approver="Bo", answer="no")
    with desk.store.write() as transaction, pytest.raises(ConfirmationRefusedError):
        desk.answers.consume(transaction, yes, plain, run_id="run_1")


@pytest.mark.parametrize(
    ("people", "who", "says"),
    [
        (1, (), "one approver's key"),
        (2, (), "the keys of 2 people"),
        (1, ("finance",), "one approver's key, of finance"),
    ],
)
def test_without_a_key_it_is_told_what_is_needed(
    desk: Desk, people: int, who: tuple[str, ...], says: str
) -> None:
    """A typed name is nobody's key, where the policy names people or asks for keys."""
    shown = preview(approval=need(people, *who, keys=not who))
    with pytest.raises(ConfirmationMissingError, match=says) as caught:
        desk.answers.record(shown, approver="Ann")
    assert caught.value.error_code == "confirmation_key_needed"


def test_who_is_not_named_may_not(desk: Desk) -> None:
    """By name or by role."""
    shown = preview(approval=need(1, "finance", "Bo"))
    key, right, named = desk.key("Ann"), desk.key("Cy", "Finance"), desk.key("Bo")
    with pytest.raises(ConfirmationForeignError, match="Ann may not say yes") as caught:
        desk.sign(shown, key)
    assert caught.value.error_code == "approver_not_named"
    for each in (right, named):
        (yes,) = desk.sign(shown, each)
        desk.answers.check(yes, shown)


def test_the_key_says_who_answers(desk: Desk) -> None:
    """Another name beside it is refused; the holder's own, and none, are the same."""
    key = desk.key("Ann")
    shown = preview()
    assert desk.answers.record(shown, key=key).approver == "Ann"
    assert desk.answers.record(shown, key=key, approver="ann").approver == "Ann"
    with pytest.raises(ConfirmationForeignError, match="The key is Ann's"):
        desk.answers.record(shown, key=key, approver="Bo")


def test_nobody_left_to_ask_is_told(desk: Desk) -> None:
    """With the roles that are wanted."""
    shown = preview(approval=need(2, "finance"))
    desk.sign(shown, desk.key("Ann", "finance"))
    assert "1 more, and no other approver is registered who may (finance)" in str(
        desk.answers.collected(shown)
    )


def test_what_an_older_program_wrote_is_read_as_it_was_meant() -> None:
    """A plain yes without a key or a grant, and an approver without roles."""
    kept = {
        "id": f"cnf_{'0' * 20}",
        "previewId": TWO.id,
        "digest": TWO.digest,
        "approver": "Ann",
        "login": "ann",
        "answer": "yes",
        "at": "2026-11-21T12:00:00.000Z",
        "expiresAt": "2026-11-21T12:30:00.000Z",
    }
    plain = Confirmation.model_validate(kept)
    assert (plain.key_id, plain.grant) == ("", None)
    at = {"at": kept["at"], "salt": "00", "keyHash": "00"}
    old = Approver.model_validate({"id": "0", "name": "Ann", "addedBy": "root", **at})
    assert (old.kind, old.roles) == ("approve", ())
    assert "00" not in repr(old).replace(kept["at"], "")
