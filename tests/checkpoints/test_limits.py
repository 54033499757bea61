"""Limits: how many writes are too many, what is a mass change, and deletes nobody allowed."""

from __future__ import annotations

import pytest

from actwright.checkpoints.limits import Limits, delete_issues
from actwright.errors import RefusedError
from actwright.org.effect import Effect


def effects(
    count: int, operation: str = "UPDATE", name: str = "Case", action: str = "a"
) -> list[Effect]:
    """Return some effects of one action."""
    return [
        Effect.model_validate(
            {
                "id": f"{action}.{place}",
                "action_id": action,
                "operation": operation,
                "object": name,
                "object_label": name,
            }
        )
        for place in range(count)
    ]


def test_as_many_writes_as_allowed_pass() -> None:
    """One more is refused with both numbers and the way out."""
    Limits(most_writes=1_000).check(1_000)
    with pytest.raises(RefusedError, match=r"1,001 writes.*at most 1,000") as caught:
        Limits(most_writes=1_000).check(1_001, where="a.forEach")
    assert caught.value.error_code == "too_many_writes"
    assert caught.value.where == "a.forEach"
    assert "max_writes" in (caught.value.hint or "")


def test_a_mass_change_names_what_happens_to_how_many_of_what() -> None:
    """The most comes first; an action or an object is named where there is one only."""
    limits = Limits(mass_change=3)
    assert limits.warnings(effects(2)) == ()
    (one,) = limits.warnings(effects(3))
    assert (one.code, one.severity, one.guardrail) == ("mass_change", "warning", "BASELINE")
    assert (one.object, one.action_id) == ("Case", "a")
    (two,) = limits.warnings([*effects(1, "DELETE", "Task", "b"), *effects(3_000)])
    assert "changes 3,000 Case records, deletes 1 Task record." in two.message
    assert (two.object, two.action_id) == (None, None)


def test_deletes_are_refused_once_an_action() -> None:
    """A thousand deletes of one action are one refusal."""
    many = [*effects(1_000, "DELETE"), *effects(2, "DELETE", action="b"), *effects(2, action="c")]
    found = delete_issues(many)
    assert [(each.code, each.action_id) for each in found] == [
        ("delete_not_allowed", "a"),
        ("delete_not_allowed", "b"),
    ]
