"""Confirmations: who may answer what, for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.scenario import amount, previewed, win

from actwright import Actwright, Preview
from actwright.errors import (
    ConfirmationForeignError,
    ConfirmationMissingError,
    ConfirmationUsedError,
    InputError,
    RefusedError,
)
from actwright.testing import FixedClock, LocalOrg


@pytest.fixture
def preview(app: Actwright) -> Preview:
    """Give a preview that may be confirmed."""
    return previewed(app, win())


def away(preview: Preview) -> Preview:
    """Return the preview as if it were of an org that we did not start."""
    org = preview.org.model_copy(update={"local": False, "url": "https://acme.example"})
    return preview.model_copy(update={"org": org})


def test_a_yes_names_who_gave_it_from_which_account(app: Actwright, preview: Preview) -> None:
    """The approver is recorded with the login name, and both survive the store."""
    yes = app.confirm(preview, approver="Alice Archer")
    assert app.confirmations.get(yes.id) == yes
    assert (yes.approver, yes.preview_id, yes.digest) == (
        "Alice Archer",
        preview.id,
        preview.digest,
    )


def test_nobody_asked_is_allowed_on_a_local_org_only(app: Actwright, preview: Preview) -> None:
    """The approver ``unattended`` stands for a yes nobody gave, and away from home there is none."""
    assert app.confirm(preview, approver="unattended").approver == "unattended"
    with pytest.raises(ConfirmationForeignError) as caught:
        app.confirmations.record(away(preview), approver="unattended")
    assert caught.value.error_code == "confirmation_unattended"
    assert "Only the embedded local org" in caught.value.message
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("name", ["Unattended", " unattended ", "un\u200battended", "unattended\n"])
def test_unattended_in_disguise_is_still_nobody(
    app: Actwright, preview: Preview, name: str
) -> None:
    """Case, blanks and invisible characters do not make a person of nobody."""
    with pytest.raises(ConfirmationForeignError):
        app.confirmations.record(away(preview), approver=name)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\ud800"])
def test_a_yes_needs_a_name(app: Actwright, preview: Preview, name: str) -> None:
    """A blank, or a name nobody can see, is refused."""
    with pytest.raises(InputError):
        app.confirm(preview, approver=name)


def test_a_name_cannot_write_on_the_terminal(app: Actwright, preview: Preview) -> None:
    """Escape codes and line breaks do not get into the record of who said yes."""
    yes = app.confirm(preview, approver="Eve\x1b[2J\nsaid no")
    assert yes.approver == "Eve[2J said no"


@pytest.mark.parametrize("minutes", [0, -1, 7 * 24 * 60 + 1])
def test_a_yes_lives_for_up_to_seven_days(app: Actwright, preview: Preview, minutes: int) -> None:
    """A lifetime of nothing, or of more than a week, is refused."""
    with pytest.raises(InputError):
        app.confirm(preview, approver="Alice", lifetime=timedelta(minutes=minutes))
    longest = app.confirm(preview, approver="Alice", lifetime=timedelta(days=7))
    assert app.confirmations.latest(preview) == longest


def test_a_blocked_preview_can_be_refused_but_not_confirmed(app: Actwright) -> None:
    """There is nothing to say yes to, and the refusal says why."""
    blocked = previewed(app, amount("a", "Nobody's Deal", 5))
    with pytest.raises(RefusedError) as caught:
        app.confirm(blocked, approver="Alice")
    assert caught.value.error_code == "lookup_not_found"
    assert app.confirm(blocked, approver="Alice", answer="no").answer == "no"


def test_the_latest_answer_counts(shared_org: LocalOrg, fixed_clock: FixedClock) -> None:
    """Of several answers the last one given is the latest, even within one millisecond."""
    app = shared_org.as_user(clock=fixed_clock)
    preview = previewed(app, win())
    with pytest.raises(ConfirmationMissingError):
        app.confirmations.latest(preview)
    for answer in ("no", "yes", "no", "yes", "no"):
        given = app.confirm(preview, approver="Alice", answer=answer)
        assert app.confirmations.latest(preview) == given


def test_what_was_carried_out_takes_no_further_yes(app: Actwright, preview: Preview) -> None:
    """A second yes would start nothing, so it is refused with the run's name; a no is still taken down."""
    assert app.confirmations.used_by(preview) is None
    run_id = app.run(preview, app.confirm(preview, approver="alice")).run_id
    assert app.confirmations.used_by(preview) == run_id
    with pytest.raises(ConfirmationUsedError, match=f"already carried out by {run_id}"):
        app.confirm(preview, approver="alice")
    assert app.confirm(preview, approver="alice", answer="no").answer == "no"


def test_an_unknown_confirmation_is_missing(app: Actwright) -> None:
    """An id the store does not hold, whatever it is made of, is told as missing."""
    for key in ("cnf_" + "0" * 20, "", "\ud800", "x' OR 1=1 --"):
        with pytest.raises(ConfirmationMissingError):
            app.confirmations.get(key)
