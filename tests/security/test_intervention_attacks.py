"""Attacks by way of interventions: guessed and stolen keys, appointed friends, hostile texts, floods."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.runs.interventions.staged_run import RUN, StagedRun, wish

from actwright.checkpoints.credentials import approvers as approvers_module
from actwright.errors import InterventionError, StoreError
from actwright.runs.interventions.objection import objections
from actwright.runs.record.chain import first_fault


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[StagedRun]:
    """Give a run that an objection holds."""
    made = StagedRun(tmp_path).at("override")
    yield made
    made.close()


def refused(staged: StagedRun, secret: str | None, **more: Any) -> InterventionError:
    """Return how a signature is refused."""
    with pytest.raises(InterventionError) as caught:
        staged.desk.accept(RUN, wish("dismiss", **more), signing_key=secret)
    assert caught.value.error_code == "signature_refused"
    return caught.value


def test_wrong_revoked_late_and_missing_keys_are_told_alike(staged: StagedRun) -> None:
    """Nobody learns from a refusal whether a key ever was one."""
    staged.approvers.revoke("Ben", by="root", why="stolen")
    staged.register("Dora")
    wrong = staged.keys["Ann"][:-1] + "x"
    tried = [wrong, staged.keys["Ben"], staged.keys["Dora"], "", None, "apk_", "x" * 10_000]
    told = {refused(staged, each).message for each in tried}
    assert len(told) == 1
    assert staged.state.waiting_for == "override"


def test_a_refused_key_is_on_the_record_and_in_no_event(staged: StagedRun) -> None:
    """Who tried stands there; neither the key nor any part of it does."""
    stolen = staged.keys["Ben"]
    staged.approvers.revoke("Ben", by="root", why="stolen")
    refused(staged, stolen, why="let me through")
    newest = staged.events[-1]
    assert (newest.kind, newest.actor) == ("intervened", "Bob")
    secret = stolen.partition(".")[2]
    assert all(secret not in each.model_dump_json() for each in staged.events)
    assert staged.state.commands == ("objection",)


def test_a_signature_does_not_keep_its_key(staged: StagedRun) -> None:
    """What is accepted names the approver, not what they signed with."""
    staged.step_in("dismiss", signed_by="Ann")
    written = (staged.folder / "actwright.db").read_bytes()
    written += (staged.folder / "actwright.db-wal").read_bytes()
    assert staged.keys["Ann"].encode() not in written


def test_nobody_signs_twice(staged: StagedRun) -> None:
    """Neither for the same nor for another choice, nor with a second key under the same name."""
    staged.step_in("uphold", signed_by="Ann")
    for action in ("uphold", "dismiss"):
        with pytest.raises(InterventionError, match="has signed this objection already"):
            staged.step_in(action, signed_by="Ann")
    staged.approvers.revoke("Ann", by="root", why="new key")
    staged.register("Ann")
    with pytest.raises(InterventionError, match="registered after it was filed"):
        staged.step_in("uphold", signed_by="Ann")
    assert len(objections(staged.events)[0].signatures) == 1


def test_friends_appointed_while_it_is_open_do_not_count(staged: StagedRun) -> None:
    """Whoever can write to the store cannot sign an open objection away."""
    for name in ("Friend", "Other friend"):
        staged.register(name)
        with pytest.raises(InterventionError):
            staged.step_in("dismiss", signed_by=name)
    assert staged.state.waiting_for == "override"


def test_what_a_key_signed_before_it_was_revoked_is_void(staged: StagedRun) -> None:
    """It stays on the record and counts no more: two others have to sign."""
    staged.step_in("dismiss", signed_by="Ann")
    staged.approvers.revoke("Ann", by="root", why="left")
    assert staged.step_in("dismiss", signed_by="Ben").state.status == "paused"
    assert staged.step_in("dismiss", signed_by="Cleo").state.status == "running"


def test_a_flood_of_guesses_does_not_fill_the_journal(staged: StagedRun) -> None:
    """Twenty are written down; honest signers are heard all the same."""
    before = len(staged.events)
    for number in range(40):
        refused(staged, f"apk_{number:016x}.guess")
    assert len(staged.events) == before + 20
    assert first_fault(staged.events) is None
    staged.step_in("uphold", signed_by="Ann")
    assert staged.step_in("uphold", signed_by="Ben").state.ending == "aborted"


def test_every_key_costs_one_comparison(staged: StagedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known or not, revoked or not: the same hash, the same constant-time comparison."""
    compared: list[tuple[int, int]] = []

    def watched(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(
        approvers_module,
        "hmac",
        type(
            "Watched", (), {"compare_digest": staticmethod(watched), "new": staticmethod(hmac.new)}
        ),
    )
    staged.approvers.revoke("Ben", by="root", why="left")
    for key in (staged.keys["Ann"], staged.keys["Ben"], "apk_0.x", "", "x" * 10_000):
        staged.approvers.holder_of(key)
    assert compared == [(64, 64)] * 5


@examples(60)
@given(st.text(max_size=60))
def test_no_text_is_a_key(staged: StagedRun, text: str) -> None:
    """Whatever is handed in, only the three keys lead to somebody."""
    assert staged.approvers.holder_of(text) is None
    assert staged.approvers.holder_of(f"{staged.keys['Ann']}{text or ' '}") is None


def test_approvers_are_never_changed(staged: StagedRun) -> None:
    """Neither a hash nor a revocation can be rewritten with SQL."""
    staged.approvers.revoke("Ben", by="root", why="left")
    for statement in (
        "UPDATE document SET body = '{}' WHERE kind = 'approver'",
        "DELETE FROM document WHERE kind = 'approver_revoked'",
    ):
        with pytest.raises(StoreError), staged.database.write() as transaction:
            transaction.execute(statement)


def test_texts_of_an_intervention_cannot_act_on_a_terminal(staged: StagedRun) -> None:
    """Escapes and direction marks are gone before anything is written."""
    staged.desk.accept(RUN, wish("cancel", why="\x1b[2Jdone\u202e", actor="Eve\n\x07"))
    newest = staged.events[-1]
    assert (newest.actor, newest.data["why"]) == ("Eve", "[2Jdone")


def test_who_claims_to_be_an_approver_signs_nothing(staged: StagedRun) -> None:
    """A name is no key: the actor of a signature is whose key it was."""
    refused(staged, None, actor="Ann")
    with_key = wish("dismiss", actor="Somebody else")
    staged.desk.accept(RUN, with_key, signing_key=staged.keys["Ann"])
    assert staged.events[-1].actor == "Ann"


def test_a_key_of_another_store_is_none(staged: StagedRun, tmp_path: Path) -> None:
    """Its holder is unknown here."""
    other = StagedRun(tmp_path / "other")
    other.register("Ann")
    refused(staged, other.keys["Ann"])
    other.close()


def test_a_replayed_signature_is_the_same_one(staged: StagedRun) -> None:
    """Under its own key it changes nothing; without the secret it is refused where it is not known yet."""
    staged.step_in("dismiss", signed_by="Ann", key="s1")
    assert staged.step_in("dismiss", signed_by="Ann", key="s1").repeated
    assert staged.state.waiting_for == "override"
    refused(staged, None, key="s2")
