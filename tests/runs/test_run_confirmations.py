"""A yes that is not exactly to this, now and for the first time, starts nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from tests.scenario import (
    Rest,
    amount,
    confirmed,
    previewed,
    task,
    texts,
    win,
)

from actwright import Actwright, Confirmation
from actwright.errors import (
    DocumentEditedError,
    RefusedError,
)
from actwright.testing import FixedClock, LocalOrg

STAGE = "Negotiation/Review"


class TestConfirmations:
    """A yes that is not exactly to this, now and for the first time, starts nothing."""

    def test_a_no_is_a_warning_and_writes_nothing(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """The person who said no is named."""
        preview = previewed(app, win(name=deal))
        envelope = app.run(preview, app.confirm(preview, approver="Bo", answer="no"))
        assert envelope.stopped_by == "confirmation_refused"
        assert "Bo said no" in texts(envelope.warnings)
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    def test_a_later_no_takes_a_yes_back(self, app: Actwright, admin: Rest, deal: str) -> None:
        """The newest answer to a preview counts, whichever confirmation is handed in."""
        preview, yes = confirmed(app, win(name=deal))
        app.confirm(preview, approver="Bo", answer="no")
        envelope = app.run(preview, yes)
        assert envelope.stopped_by == "confirmation_refused"
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    def test_two_yeses_to_one_preview_start_one_run(self, app: Actwright) -> None:
        """A preview runs once, however often somebody says yes to it."""
        preview, first = confirmed(app, task(subject="Only once"))
        second = app.confirm(preview, approver="Bo")
        assert app.run(preview, first).success
        assert app.run(preview, second).stopped_by == "confirmation_used"

    def test_an_expired_yes_writes_nothing(
        self, shared_org: LocalOrg, admin: Rest, deal: str
    ) -> None:
        """A yes is too old at the very moment it expires, and good a millisecond before."""
        clock = FixedClock()
        app = shared_org.as_user(clock=clock)
        preview, yes = confirmed(app, win(name=deal))
        clock.advance(timedelta(minutes=30))
        late = app.run(preview, yes)
        assert late.stopped_by == "confirmation_expired"
        assert yes.expires_at in texts(late.warnings)
        assert admin.field("Opportunity", deal, "StageName") == STAGE
        clock.advance(timedelta(milliseconds=-1))
        assert app.run(preview, yes).success

    def test_a_used_yes_writes_nothing_again(self, app: Actwright, deal: str) -> None:
        """The second run names the first."""
        preview, yes = confirmed(app, win(name=deal))
        first = app.run(preview, yes)
        second = app.run(preview, yes)
        assert first.success
        assert second.stopped_by == "confirmation_used"
        assert first.run_id is not None
        assert first.run_id in texts(second.warnings)
        assert second.run_id is None

    def test_a_yes_to_another_preview_writes_nothing(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """Even a second preview of the same plan needs its own yes."""
        other, yes = confirmed(app, win(name=deal))
        again = app.preview(other.plan_id)
        envelope = app.run(again, yes)
        assert envelope.stopped_by == "confirmation_foreign"
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    @pytest.mark.parametrize("field", ["digest", "expires_at", "approver", "answer", "preview_id"])
    def test_a_yes_edited_in_memory_is_foreign(self, app: Actwright, deal: str, field: str) -> None:
        """Whatever is changed in a confirmation, it is no longer the one in the store."""
        preview, yes = confirmed(app, win(name=deal))
        edited = yes.model_copy(update={field: "2999-01-01T00:00:00.000Z"})
        assert app.run(preview, edited).stopped_by == "confirmation_foreign"

    def test_a_yes_made_up_in_memory_is_missing(self, app: Actwright, deal: str) -> None:
        """A confirmation the store does not hold confirms nothing."""
        preview = previewed(app, win(name=deal))
        forged = Confirmation(
            id="cnf_" + "0" * 20,
            preview_id=preview.id,
            digest=preview.digest,
            approver="Mallory",
            answer="yes",
            at=preview.at,
            expires_at="2999-01-01T00:00:00.000Z",
        )
        assert app.run(preview, forged).stopped_by == "confirmation_missing"

    def test_an_edited_preview_is_refused(self, app: Actwright, admin: Rest, deal: str) -> None:
        """A preview changed after it was confirmed is no longer the stored one."""
        preview, yes = confirmed(app, win(name=deal))
        effect = preview.groups[0].effects[0]
        change = effect.changes[0].model_copy(update={"after": "Closed Lost"})
        group = preview.groups[0].model_copy(
            update={"effects": (effect.model_copy(update={"changes": (change,)}),)}
        )
        with pytest.raises(DocumentEditedError):
            app.run(preview.model_copy(update={"groups": (group,)}), yes)
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    def test_issues_cannot_be_taken_out_of_a_preview(self, app: Actwright) -> None:
        """A blocked preview stripped of its issues is another document."""
        preview = previewed(app, amount("a1", "No Such Deal", 5))
        with pytest.raises(DocumentEditedError):
            app.confirm(preview.model_copy(update={"issues": ()}), approver="Alice")
        with pytest.raises(RefusedError):
            app.confirm(preview, approver="Alice")

    def test_another_persons_preview_is_foreign(
        self, shared_org: LocalOrg, admin: Rest, deal: str
    ) -> None:
        """A preview made with Alice's rights is not carried out with the administrator's."""
        preview, yes = confirmed(shared_org.as_user(), win(name=deal))
        envelope = shared_org.as_user("admin").run(preview, yes)
        assert envelope.stopped_by == "confirmation_foreign"
        assert admin.field("Opportunity", deal, "StageName") == STAGE


def test_of_two_runs_of_one_yes_exactly_one_writes(
    shared_org: LocalOrg, admin: Rest, deal: str
) -> None:
    """Two processes' worth of Actwright start the same confirmation at once, and one of them is turned away."""
    apps = [shared_org.as_user(), shared_org.as_user()]
    subject = f"Once for {deal}"
    preview, yes = confirmed(apps[0], task(subject=subject))
    gate = Barrier(2)

    def start(app: Actwright) -> str | None:
        app.org.objects()
        gate.wait()
        return app.run(preview, yes).stopped_by

    with ThreadPoolExecutor(2) as pool:
        stopped = sorted(pool.map(start, apps), key=str)
    assert stopped == [None, "confirmation_used"]
    assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")) == 1
