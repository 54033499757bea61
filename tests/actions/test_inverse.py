"""Inverses: how each effect is taken back, or that it cannot be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actwright.actions.inverse import inverse
from actwright.org.effect import Effect, FieldChange

VALUES = st.one_of(st.none(), st.text("abc", min_size=1))


def effect(operation: str, before: str | None = "Old", after: str | None = "New") -> Effect:
    """Return an effect on one field."""
    change = FieldChange(
        field="StageName", label="Stage", before=before, after=after, provenance="goal"
    )
    return Effect.model_validate(
        {
            "id": "a.1",
            "action_id": "a",
            "operation": operation,
            "object": "Opportunity",
            "record_id": None if operation == "CREATE" else "006000000000001AAA",
            "record_name": "Acme",
            "ref": "a" if operation == "CREATE" else None,
            "version": "2026-11-21T15:00:00Z",
            "changes": (change,),
        }
    )


@given(VALUES, VALUES)
def test_an_update_is_set_back(before: str | None, after: str | None) -> None:
    """The inverse writes the values before over those after, and its own inverse is the update again."""
    once = inverse(effect("UPDATE", before, after)).effect
    assert once is not None
    assert (once.changes[0].before, once.changes[0].after) == (after, before)
    assert once.changes[0].provenance == "record"
    assert once.version is None
    twice = inverse(once).effect
    assert twice is not None
    assert (twice.changes[0].before, twice.changes[0].after) == (before, after)


def test_a_create_is_deleted() -> None:
    """Once it has run, the inverse knows which record."""
    back = inverse(effect("CREATE"), created_id="006000000000009AAA").effect
    assert back is not None
    assert (back.operation, back.record_id, back.changes) == ("DELETE", "006000000000009AAA", ())


def test_what_cannot_be_taken_back_says_so() -> None:
    """A delete has no inverse, and a sentence why."""
    found = inverse(effect("DELETE"))
    assert found.effect is None
    assert "recycle bin" in found.text


def test_an_upsert_is_taken_back_as_what_it_was() -> None:
    """Where the key matched, the values go back; where it did not, the new record goes."""
    matched = inverse(effect("UPSERT")).effect
    created = inverse(effect("UPSERT").model_copy(update={"record_id": None})).effect
    assert matched is not None
    assert created is not None
    assert (matched.operation, created.operation) == ("UPDATE", "DELETE")
