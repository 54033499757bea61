"""Limits to the letter: where a mass begins, what it is called, and whose deletes nobody allowed."""

from __future__ import annotations

import pytest
from tests.checkpoints.small_org import writing

from actwright.checkpoints.limits import Limits, delete_issues
from actwright.errors import RefusedError
from actwright.org.effect import Effect

FITS, CUT = "x" * 80, "x" * 79 + "…"


def effects(count: int = 1, **more: object) -> list[Effect]:
    """Return so many changes of deals."""
    return [writing(f"006{place}", id=f"a.{place}", **more) for place in range(count)]


def test_a_preview_holds_ten_thousand_writes_and_warns_from_two_hundred() -> None:
    """Unless a person set it otherwise."""
    Limits().check(10_000)
    with pytest.raises(RefusedError, match="10,001 writes; one preview holds at most 10,000"):
        Limits().check(10_001)
    assert Limits().warnings(effects(199)) == ()
    assert len(Limits().warnings(effects(200))) == 1


def test_an_object_is_called_by_its_label_and_its_name() -> None:
    """Where the two differ, both; eighty characters of either."""
    limits = Limits(mass_change=1)
    mixed = [*effects(1), *effects(1, object_label="Opportunity", object="Opp")]
    (issue,) = limits.warnings(mixed)
    assert "changes 1 Deal record, changes 1 Opportunity (Opp) record." in issue.message
    for label, shown in ((FITS, FITS), (FITS + "x", CUT)):
        assert f" {shown} (Deal) " in limits.warnings(effects(object_label=label))[0].message
        (refused,) = delete_issues(effects(operation="DELETE", object_label=label))
        assert refused.message == f"Deleting {shown} records is not allowed here."


def test_each_deed_has_its_verb() -> None:
    """And a thousand reads as people write it."""
    for operation, verb in (
        ("CREATE", "creates"),
        ("UPDATE", "changes"),
        ("UPSERT", "upserts"),
        ("DELETE", "deletes"),
        ("CALL", "runs"),
    ):
        (issue,) = Limits(mass_change=1).warnings(effects(1_000, operation=operation))
        assert issue.message == f"A mass change: the plan {verb} 1,000 Deal records."
        assert (issue.object, issue.action_id) == ("Deal", "a")


def test_what_acts_by_itself_counts_as_a_delete_for_an_action_that_deletes() -> None:
    """And for no other; a plain write of such an action is none."""
    acting = effects(kind="opaque", operation="CALL")
    assert [each.object for each in delete_issues(acting, {"a"})] == ["Deal"]
    assert delete_issues(acting, {"b"}) == ()
    assert delete_issues(acting) == ()
    assert delete_issues(effects(), {"a"}) == ()


def test_a_refused_delete_names_its_object_as_people_do() -> None:
    """By its label, or by its name where it has none."""
    (called,) = delete_issues(effects(operation="DELETE", object_label="Opportunity"))
    assert called.message == "Deleting Opportunity records is not allowed here."
    (plain,) = delete_issues(effects(operation="DELETE"))
    assert plain.message == "Deleting Deal records is not allowed here."
    assert (plain.object, plain.action_id, plain.guardrail) == ("Deal", "a", "POLICY")
