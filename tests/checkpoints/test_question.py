"""The question: generated from the effects, in words, and safe to print whatever they hold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from actwright.checkpoints.wording.effect_words import field_sentence, plain_value
from actwright.checkpoints.wording.question import question, sentence
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import FieldValue

ALICE = RunningUser(id="005", username="alice@demo")
DEMO = OrgIdentity(id="00D", url="http://127.0.0.1:1", name="Demo")


def changed(label: str = "Stage", **more: object) -> FieldChange:
    """Return a change."""
    return FieldChange.model_validate(
        {"field": "F", "label": label, "provenance": "goal", "before": "Old", "after": "New"} | more
    )


def effect(operation: str = "UPDATE", *changes: FieldChange, name: str = "Acme") -> Effect:
    """Return an effect."""
    return Effect.model_validate(
        {
            "id": "a.1",
            "action_id": "a",
            "operation": operation,
            "object": "Opportunity",
            "record_id": "006",
            "record_name": name,
            "changes": changes,
        }
    )


def asked(*effects: Effect) -> str:
    """Return the question about some effects."""
    return question(effects, user=ALICE, org=DEMO)


def test_what_where_and_as_whom_is_asked() -> None:
    """One sentence an effect, then the person and the org."""
    assert asked(effect("UPDATE", changed()), effect("DELETE")) == (
        'Change Opportunity "Acme": Stage Old -> New. DELETE Opportunity "Acme". '
        "Do this as alice@demo in Demo?"
    )
    assert asked() == "Nothing would happen."


def test_many_effects_are_counted_and_none_is_left_out() -> None:
    """Five are spelled out; the others are counted by what they do."""
    text = asked(*(effect("UPDATE", changed()) for _ in range(7)), effect("DELETE"))
    assert "And change 2 more Opportunity records." in text
    assert "And delete 1 more Opportunity." in text


def test_many_fields_are_counted() -> None:
    """Six fields are spelled out, the others counted."""
    fields = [changed(f"F{place}") for place in range(8)]
    assert sentence(effect("UPDATE", *fields)).endswith(", and 2 more fields.")


def test_an_id_stands_behind_the_name_of_its_record() -> None:
    """A name alone could be anybody's."""
    change = changed("Owner", family="id", before=None, after="005A", after_text="Bob")
    assert field_sentence(change) == "Owner (empty) -> Bob (005A)"
    linked = changed("Account", after=None, linked_to="acc", after_text="the new Account")
    assert field_sentence(linked, new=True) == "Account the new Account"


def test_values_read_as_people_write_them() -> None:
    """Yes and no, plain decimals, empty fields."""
    pairs: list[tuple[FieldValue, str]] = [
        (None, "(empty)"),
        (True, "yes"),
        (False, "no"),
        (Decimal("120000.50"), "120,000.5"),
        (Decimal("1E+3"), "1,000"),
        (7, "7"),
    ]
    assert [plain_value(value) for value, _ in pairs] == [shown for _, shown in pairs]


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_hostile_words_stay_on_their_line(name: str, label: str, after: str) -> None:
    """Whatever records and fields are called, the question is one printable line of bounded length."""
    change = changed(label, before=None, after="x").model_copy(update={"after": after})
    text = asked(effect("UPDATE", change, name=name))
    assert len(text.splitlines()) == 1
    assert not set(text) & set("\x1b\x9b\u202e\u2066\u200b\n\r")
    assert len(text) < 600
