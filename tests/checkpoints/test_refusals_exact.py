"""Refusals in full: how an issue calls the record, its field and its duplicates."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.checkpoints.deep.refusals import refusal_issues
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect, FieldChange
from actwright.org.outcome import DuplicateMatch, EffectOutcome, Fault


def effect(*changes: tuple[str, str | None], **more: Any) -> Effect:
    """Return the effect of creating a contact with these values."""
    given: dict[str, Any] = {"id": "a.1", "action_id": "a", "operation": "CREATE"}
    made = tuple(
        FieldChange(field=field, label=field, after=after, provenance="goal")
        for field, after in changes
    )
    return Effect.model_validate(given | {"object": "Contact", "changes": made} | more)


def told(of: Effect, **fault: Any) -> Issue:
    """Return the issue of one fault."""
    faults = (Fault.model_validate({"code": "ODD", "message": "No.", **fault}),)
    (issue,) = refusal_issues(of, EffectOutcome(effect_id=of.id, status="failed", faults=faults))
    return issue


def matches(*rules: str) -> tuple[DuplicateMatch, ...]:
    """Return the matches of duplicate rules."""
    return tuple(DuplicateMatch(object="Contact", record_id="003", rule=each) for each in rules)


@pytest.mark.parametrize(
    ("of", "title"),
    [
        (effect(), "The new Contact"),
        (effect(("Name", "N"), ("LastName", "L")), 'Contact "N"'),
        (effect(("Name", None), ("LastName", "L")), 'Contact "L"'),
        (effect(("Subject", "S")), 'Contact "S"'),
        (effect(("FirstName", "F"), ("LastName", "L")), 'Contact "F L"'),
        (effect(("FirstName", None), ("LastName", "L")), 'Contact "L"'),
        (effect(("Email", "e")), "The new Contact"),
        (effect(("Name", "N"), record_name="Own"), 'Contact "Own"'),
        (effect(object_label="Person", record_name="Own", record_id="003"), 'Person "Own" (003)'),
        (effect(record_id="003"), "The new Contact (003)"),
    ],
)
def test_a_record_is_called_by_its_name(of: Effect, title: str) -> None:
    """Its own name, else the one a new record would get; the label before the object, the id behind both."""
    assert told(of).message == f"{title}: the org would refuse it: No. (ODD)"


def test_names_are_cut_at_eighty_characters() -> None:
    """Eighty are shown whole; of more, the cut shows."""
    whole = told(effect(object_label="L" * 80, record_name="N" * 80)).message
    assert whole.startswith(f'{"L" * 80} "{"N" * 80}": ')
    cut = told(effect(object_label="L" * 81, record_name="N" * 81)).message
    assert cut.startswith(f'{"L" * 79}… "{"N" * 79}…": ')


def test_the_orgs_words_are_cut_at_six_hundred_characters() -> None:
    """A message of any length leaves room for its code."""
    assert told(effect(), message="m" * 600).message.endswith(f" {'m' * 600} (ODD)")
    assert told(effect(), message="m" * 601).message.endswith(f" {'m' * 599}… (ODD)")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ((), None),
        (("email", "LastName"), "LastName"),
        (("lastname",), "LastName"),
        (("Phone", "Fax"), "Phone"),
        (("a person's words", "Phone"), "Phone"),
        (("Größe", "Phone"), "Phone"),
        (("two words",), None),
    ],
)
def test_a_field_the_effect_writes_comes_before_any_other_name(
    fields: tuple[str, ...], field: str | None
) -> None:
    """In the effect's own spelling; else the first that could be a field's name at all."""
    assert told(effect(("LastName", "L")), fields=fields).field == field


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            matches("One"),
            "the duplicate rule One blocks it: there is 1 record like it. The org says: Twin",
        ),
        (
            matches("One", "Two"),
            "the duplicate rule One blocks it: there are 2 records like it. The org says: Twin",
        ),
        ((), "a duplicate rule blocks it: there are records like it. The org says: Twin"),
    ],
)
def test_duplicates_are_counted_under_the_first_rule(
    found: tuple[DuplicateMatch, ...], words: str
) -> None:
    """One record, two records; without a match that may be seen, no number."""
    issue = told(effect(record_id="003"), code="DUPLICATES_DETECTED", message="Twin", duplicates=found)  # fmt: skip
    assert words in issue.message
    assert (issue.guardrail, issue.record_id, issue.duplicates) == ("ORG", "003", found)


def test_a_fault_without_a_reason_is_still_an_issue() -> None:
    """The org's silence is told as such, for each action the effect belongs to."""
    outcome = EffectOutcome(effect_id="a.1", status="failed")
    issues = list(refusal_issues(effect(also_for=("b",)), outcome))
    assert [(each.action_id, each.code) for each in issues] == [
        ("a", "org_would_refuse"),
        ("b", "org_would_refuse"),
    ]
    assert issues[0].message.endswith("The org gave no reason. (UNKNOWN)")
