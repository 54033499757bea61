"""Confirmations held against a store alone: who may answer, what an answer allows, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.checkpoints.edited_plans import effect, preview_made

from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.preview import Preview
from actwright.errors import (
    ConfirmationExpiredError,
    ConfirmationForeignError,
    ConfirmationMissingError,
    ConfirmationRefusedError,
    ConfirmationUsedError,
    InputError,
    RefusedError,
)
from actwright.guardrails.issue import Issue
from actwright.store.sqlite import SqliteDatabase
from actwright.testing import FixedClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PREVIEW = preview_made(effect(after="7"), key="a" * 20)
OTHER = preview_made(effect(after="8"), key="b" * 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give an empty store."""
    opened = SqliteDatabase(tmp_path / "actwright.db")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FixedClock:
    """Give a clock that stands at noon."""
    return FixedClock(NOON)


@pytest.fixture
def answers(store: SqliteDatabase, clock: FixedClock) -> Confirmations:
    """Give the confirmations of the empty store."""
    return Confirmations(store, clock)


def away(preview: Preview) -> Preview:
    """Return the preview as if it were of an org that we did not start."""
    org = preview.org.model_copy(update={"local": False, "url": "https://acme.example"})
    return preview.model_copy(update={"org": org})


def use(store: SqliteDatabase, answers: Confirmations, yes: Confirmation, run_id: str) -> None:
    """Use a confirmation up."""
    with store.write() as connection:
        answers.consume(connection, yes, PREVIEW, run_id=run_id)


def test_an_answer_is_kept_whole(answers: Confirmations) -> None:
    """It says who answered from which account, what and when, and for half an hour unless told otherwise."""
    given = answers.record(PREVIEW, approver="Alice", login="alice@demo")
    assert (given.preview_id, given.digest) == (PREVIEW.id, PREVIEW.digest)
    assert (given.approver, given.login, given.answer) == ("Alice", "alice@demo", "yes")
    assert given.at.startswith("2026-11-21T12:00:00")
    assert given.expires_at.startswith("2026-11-21T12:30:00")
    assert answers.get(given.id) == answers.latest(PREVIEW) == given
    assert answers.record(PREVIEW, approver="Alice").id != given.id


def test_a_yes_starts_what_it_was_given_for(answers: Confirmations) -> None:
    """Nothing is wrong with a fresh yes to the very preview, and asking does not use it up."""
    yes = answers.record(PREVIEW, approver="Alice")
    answers.check(yes, PREVIEW)
    answers.check(yes, PREVIEW)
    assert answers.used_by(PREVIEW) is None


@pytest.mark.parametrize("moment", ["soon", "2026-11-21T12:00:00"])
@pytest.mark.parametrize("name", ["at", "expiresAt"])
def test_an_expiry_nobody_can_read_is_no_confirmation(
    answers: Confirmations, name: str, moment: str
) -> None:
    """A moment without a zone, or none at all, breaks the contract."""
    whole = answers.record(PREVIEW, approver="Alice").model_dump()
    with pytest.raises(ValidationError, match=name):
        Confirmation.model_validate(whole | {name: moment})


def test_a_yes_ends_at_the_second_it_said(answers: Confirmations, clock: FixedClock) -> None:
    """A moment before it still starts the run; at that moment it does not, and the way on is told."""
    yes = answers.record(PREVIEW, approver="Alice", lifetime=timedelta(minutes=5))
    clock.advance(timedelta(minutes=5, seconds=-1))
    answers.check(yes, PREVIEW)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(ConfirmationExpiredError, match=r"expired at 2026-11-21T12:05:00") as caught:
        answers.check(yes, PREVIEW)
    assert caught.value.hint == "actwright preview plan_0, then confirm again."


@pytest.mark.parametrize(
    "lifetime", [timedelta(0), timedelta(seconds=-1), timedelta(days=7, seconds=1)]
)
def test_a_lifetime_out_of_bounds_is_refused(answers: Confirmations, lifetime: timedelta) -> None:
    """None at all, or more than seven days; just within the bounds it is taken."""
    with pytest.raises(InputError) as caught:
        answers.record(PREVIEW, approver="Alice", lifetime=lifetime)
    assert caught.value.where == "lifetime"
    for fits in (timedelta(seconds=1), timedelta(days=7)):
        answers.record(PREVIEW, approver="Alice", lifetime=fits)


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_a_name_nobody_can_see_is_none(answers: Confirmations, name: str) -> None:
    """Whoever answers gives a name."""
    with pytest.raises(InputError) as caught:
        answers.record(PREVIEW, approver=name)
    assert caught.value.where == "approver"


@pytest.mark.parametrize("name", ["unattended", " UnAttended ", "unat\u200btended"])
def test_nobody_says_yes_to_an_org_that_is_not_local(answers: Confirmations, name: str) -> None:
    """On a local org ``unattended`` is an answer, elsewhere only a person's is."""
    answers.record(PREVIEW, approver=name)
    with pytest.raises(ConfirmationForeignError, match=r"https://acme\.example") as caught:
        answers.record(away(PREVIEW), approver=name)
    assert caught.value.error_code == "confirmation_unattended"
    assert caught.value.hint == f"actwright confirm {PREVIEW.id}"
    assert answers.record(away(PREVIEW), approver="Alice").approver == "Alice"


def test_a_blocked_preview_takes_a_no_only(answers: Confirmations) -> None:
    """The refusal is that of the first blocking issue, its field, code and hint included."""
    fields = ("Amount", "StageName")
    issues = [
        Issue(code=f"bad_{each}", field=each, message=f"{each} is bad.", hint=f"Mend {each}.")
        for each in fields
    ]
    blocked = preview_made(effect(after="7"), issues=issues)
    with pytest.raises(RefusedError, match=f"{blocked.id} cannot be confirmed: Amount is bad") as e:
        answers.record(blocked, approver="Alice")
    told = (e.value.where, e.value.hint, e.value.error_code)
    assert told == ("Amount", "Mend Amount.", "bad_Amount")
    assert answers.record(blocked, approver="Alice", answer="no").answer == "no"


def test_a_warning_blocks_nothing(answers: Confirmations) -> None:
    """Whoever says yes has seen it."""
    warning = Issue(code="mass_change", message="Many.", severity="warning")
    warned = preview_made(effect(after="7"), issues=[warning])
    assert answers.record(warned, approver="Alice").answer == "yes"


def test_there_is_no_yes_to_nothing(answers: Confirmations) -> None:
    """A preview without effects is refused with a code of its own, and a no to it is taken down."""
    with pytest.raises(RefusedError, match="would do nothing") as caught:
        answers.record(preview_made(), approver="Alice")
    told = (caught.value.where, caught.value.hint, caught.value.error_code)
    assert told == (None, None, "preview_empty")
    answers.record(preview_made(), approver="Alice", answer="no")


def test_what_nobody_answered_is_told_as_missing(answers: Confirmations) -> None:
    """Of a preview, with the command to answer it; of an id, with no more of it than forty characters."""
    answers.record(OTHER, approver="Alice")
    with pytest.raises(ConfirmationMissingError, match=f"Nobody has confirmed {PREVIEW.id}") as e:
        answers.latest(PREVIEW)
    assert e.value.hint == f"actwright confirm {PREVIEW.id}"
    with pytest.raises(ConfirmationMissingError, match=f"no confirmation 'c{'x' * 39}' in"):
        answers.get("c" + "x" * 99)


def test_an_answer_changed_on_its_way_allows_nothing(answers: Confirmations) -> None:
    """Only what the store holds counts, to the letter."""
    yes = answers.record(PREVIEW, approver="Alice")
    with pytest.raises(ConfirmationForeignError, match="differs from the one in the store"):
        answers.check(yes.model_copy(update={"approver": "Bob"}), PREVIEW)


@pytest.mark.parametrize("change", [{"digest": "0"}, {"id": OTHER.id}])
def test_a_yes_to_another_preview_allows_nothing(
    answers: Confirmations, change: dict[str, str]
) -> None:
    """Not even one with the same digest under another id, or with the same id and another digest."""
    yes = answers.record(PREVIEW, approver="Alice")
    with pytest.raises(ConfirmationForeignError, match=f"another preview, {PREVIEW.id}"):
        answers.check(yes, PREVIEW.model_copy(update=change))


def test_a_no_stops_the_run_whichever_answer_is_brought(
    answers: Confirmations, clock: FixedClock
) -> None:
    """A later no takes an earlier yes back, and the refusal names whose no it was and when."""
    yes = answers.record(PREVIEW, approver="Alice")
    clock.advance(timedelta(minutes=1))
    no = answers.record(PREVIEW, approver="Bob", answer="no")
    for brought in (yes, no):
        with pytest.raises(ConfirmationRefusedError, match=f"Bob said no to .* at {no.at}"):
            answers.check(brought, PREVIEW)


def test_a_no_stays_a_no_after_another_person_said_yes(
    answers: Confirmations, clock: FixedClock
) -> None:
    """The no itself starts nothing, under the name of who gave it; the later yes does."""
    no = answers.record(PREVIEW, approver="Bob", answer="no")
    clock.advance(timedelta(minutes=1))
    yes = answers.record(PREVIEW, approver="Alice")
    with pytest.raises(ConfirmationRefusedError, match=f"Bob said no to .* at {no.at}"):
        answers.check(no, PREVIEW)
    answers.check(yes, PREVIEW)


def test_a_preview_runs_once(store: SqliteDatabase, answers: Confirmations) -> None:
    """Its yes is used up, so is every other yes to it, and no further one is taken; a no still is."""
    yes, second = (answers.record(PREVIEW, approver="Alice") for _ in range(2))
    use(store, answers, yes, "run_1")
    assert (answers.used_by(PREVIEW), answers.used_by(OTHER)) == ("run_1", None)
    for brought in (yes, second):
        with pytest.raises(ConfirmationUsedError, match="was used by run_1") as caught:
            answers.check(brought, PREVIEW)
        assert caught.value.hint == "actwright inspect run_1"
    with pytest.raises(ConfirmationUsedError, match="already carried out by run_1") as late:
        answers.record(PREVIEW, approver="Alice")
    assert late.value.hint == "actwright preview plan_0"
    assert answers.record(PREVIEW, approver="Alice", answer="no").answer == "no"
    answers.check_unspent(OTHER)


def test_of_two_runs_one_is_faster(store: SqliteDatabase, answers: Confirmations) -> None:
    """The slower one finds the confirmation used, whichever yes it brings, and is told by which run."""
    yes, second = (answers.record(PREVIEW, approver="Alice") for _ in range(2))
    use(store, answers, yes, "run_1")
    for brought in (yes, second):
        with pytest.raises(ConfirmationUsedError, match="used by run_1;") as caught:
            use(store, answers, brought, "run_2")
        assert caught.value.hint == "actwright inspect run_1"
    assert answers.used_by(PREVIEW) == "run_1"
