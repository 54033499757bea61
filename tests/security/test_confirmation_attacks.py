"""Attacks on the confirmation: forged, replayed, swapped, raced; each changes nothing and says why."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.chaos.doomed import Gate, Zygote
from tests.scenario import Rest, confirmed, new_deal, previewed, sign_in, task, texts, win

from actwright import Actwright, Confirmation, Settings
from actwright.errors import ActwrightError, exit_code_of
from actwright.runs.record.appending import Also
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.testing import LocalOrg

STAGE = "Negotiation/Review"


@pytest.fixture(scope="module")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


@pytest.fixture
def app(shared_org: LocalOrg, tmp_path: Path) -> Actwright:
    """Give Alice's Actwright, over a store that the test may break."""
    settings = Settings(home=tmp_path, org="local", user="alice")
    own = Actwright(settings=settings, local_org=shared_org._running)
    return shared_org._stack.enter_context(own)


@pytest.fixture
def deal(admin: Rest) -> str:
    """Give the name of an opportunity nobody else touches."""
    return new_deal(admin)


def rewrite(app: Actwright, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Edit a stored document with the triggers out of the way, as somebody with the file could."""
    stranger = sqlite3.connect(app.settings.home / "actwright.db")
    stranger.execute("DROP TRIGGER IF EXISTS document_no_update")
    key, body = stranger.execute(
        "SELECT id, body FROM document WHERE kind = ? ORDER BY seq DESC", (kind,)
    ).fetchone()
    document = json.loads(body)
    change(document)
    stranger.execute("UPDATE document SET body = ? WHERE id = ?", (json.dumps(document), key))
    stranger.commit()
    stranger.close()


def attempt(app: Actwright, preview_id: str, confirmation_id: str) -> str:
    """Run what the store holds by now, and return why nothing was done."""
    try:
        envelope = app.run(preview_id, app.confirmations.get(confirmation_id))
    except ActwrightError as error:
        return error.error_code
    assert not envelope.success
    return str(envelope.stopped_by)


def test_values_changed_in_the_store_are_found_by_the_digest(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """A preview whose effect was edited in the database no longer has its digest."""
    preview, yes = confirmed(app, win(name=deal))

    def lose(document: dict[str, Any]) -> None:
        document["groups"][0]["effects"][0]["changes"][0]["after"] = "Closed Lost"

    rewrite(app, "preview", lose)
    assert attempt(app, preview.id, yes.id) == "document_edited"
    assert admin.field("Opportunity", deal, "StageName") == STAGE


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ({"answer": "maybe"}, "document_malformed"),
        ({"digest": "0" * 64}, "confirmation_foreign"),
        ({"previewId": "prv_" + "0" * 20}, "confirmation_foreign"),
        ({"expiresAt": "soon"}, "document_malformed"),
        ({"expiresAt": "2999-01-01T00:00:00"}, "document_malformed"),
        ({"extra": "field"}, "document_malformed"),
    ],
)
def test_a_confirmation_edited_in_the_store_is_not_taken(
    app: Actwright, admin: Rest, deal: str, edit: dict[str, str], code: str
) -> None:
    """A foreign digest or preview, or rubbish in a field, and nothing runs."""
    preview, yes = confirmed(app, win(name=deal))
    rewrite(app, "confirmation", lambda document: document.update(edit))
    assert attempt(app, preview.id, yes.id) == code
    assert admin.field("Opportunity", deal, "StageName") == STAGE


def test_a_no_turned_into_a_yes_is_foreign_to_who_holds_the_no(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """The confirmation handed in and the one in the store must be the same."""
    preview = previewed(app, win(name=deal))
    held = app.confirm(preview, approver="Bo", answer="no")
    rewrite(app, "confirmation", lambda document: document.update(answer="yes"))
    assert app.run(preview, held).stopped_by == "confirmation_foreign"
    assert admin.field("Opportunity", deal, "StageName") == STAGE


def test_a_preview_moved_to_another_plan_is_refused(app: Actwright, admin: Rest, deal: str) -> None:
    """The plan a preview names must be the one it was made of, by its content."""
    preview, yes = confirmed(app, win(name=deal))
    other = previewed(app, task())
    rewrite(app, "preview", lambda _: None)
    stranger = sqlite3.connect(app.settings.home / "actwright.db")
    body = preview.model_dump(mode="json") | {"planId": other.plan_id}
    stranger.execute("UPDATE document SET body = ? WHERE id = ?", (json.dumps(body), preview.id))
    stranger.commit()
    stranger.close()
    assert attempt(app, preview.id, yes.id) == "drift"
    assert admin.field("Opportunity", deal, "StageName") == STAGE


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": "YES"},
        {"answer": True},
        {"expires_at": None},
        {"id": "\ud800"},
        {"id": "../../x"},
        {"id": "' OR '1'='1"},
        {"approver": "x" * 10**6},
    ],
)
def test_an_object_made_by_hand_confirms_nothing(
    app: Actwright, admin: Rest, deal: str, changes: dict[str, Any]
) -> None:
    """A confirmation put together past its checks is compared with the store's, and loses."""
    preview, yes = confirmed(app, win(name=deal))
    forged = Confirmation.model_construct(**(dict(yes) | changes))
    envelope = app.run(preview, forged)
    assert exit_code_of(envelope.stopped_by) == 3
    assert admin.field("Opportunity", deal, "StageName") == STAGE


class Meddler(Journal):
    """A journal that lets somebody change the org in the moment between the last look and the send."""

    def __init__(self, app: Actwright, meddle: Callable[[], None]) -> None:
        super().__init__(app._database, app.clock)
        self.meddle = meddle

    def append(
        self,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        also: Also | None = None,
        at: str | None = None,
    ) -> Head:
        """Append, and meddle right behind the intent."""
        last = super().append(run_id, entries, actor=actor, after=after, also=also, at=at)
        self._meddle(entries)
        return last

    async def aappend(
        self,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        also: Also | None = None,
        at: str | None = None,
    ) -> Head:
        """Do the same on an event loop."""
        last = await super().aappend(run_id, entries, actor=actor, after=after, also=also, at=at)
        self._meddle(entries)
        return last

    def _meddle(self, entries: Sequence[Entry]) -> None:
        if any(kind == "group_intended" for kind, _ in entries):
            self.meddle()


def test_a_change_between_the_last_look_and_the_send_is_caught_by_the_org(
    app: Actwright, admin: Rest
) -> None:
    """The version travels with the write: the org refuses it, and both actions are taken back."""
    preview, yes = confirmed(app, win(name="Globex Pilot"), task(subject="never"))

    def meddle() -> None:
        time.sleep(1.1)  # the header has a one-second grain
        admin.change("Opportunity", "Globex Pilot", NextStep="meddled")

    app.journal = Meddler(app, meddle)
    envelope = app.run(preview, yes)
    assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("drift", 4)
    assert [each.status for each in envelope.results] == ["failed", "rolled_back"]
    assert "PRECONDITION_FAILED" in texts(envelope.errors)
    assert admin.field("Opportunity", "Globex Pilot", "StageName") == "Prospecting"
    assert admin.rows("SELECT Id FROM Task WHERE Subject = 'never'") == []


def test_processes_that_race_for_one_yes_write_once(
    app: Actwright, shared_org: LocalOrg, admin: Rest, *, deal: str, zygote: Zygote, tmp_path: Path
) -> None:
    """Three processes start the same confirmation at once: one writes, two are told that it was used."""
    subject = f"Race {deal}"
    preview, yes = confirmed(app, task(subject=subject))
    gates = [Gate.at(tmp_path / f"racer{each}") for each in range(3)]
    with ExitStack() as stack:
        reached = [stack.enter_context(each.watched()) for each in gates]
        racers = [
            zygote.child(
                "tests.security.racing:race",
                home=str(app.settings.home),
                url=shared_org.url,
                preview=preview.id,
                confirmation=yes.id,
                folder=str(each.folder),
            )
            for each in gates
        ]
        for each in reached:
            next(each)
        for gate in gates:
            gate.open()
        assert [each.ended() for each in racers] == [0, 0, 0]
    answers = sorted((each.folder / "answer").read_text(encoding="utf-8") for each in gates)
    assert answers == ["None", "confirmation_used", "confirmation_used"]
    assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")) == 1
