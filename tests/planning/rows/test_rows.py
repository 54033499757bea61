"""What holds for every phrase that means many records: it is understood whole, or not at all."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.memory_org import TODAY, demo_org

from actwright.planning.ranking.indexes import Indexes
from actwright.planning.rows.row_records import RowRecords
from actwright.planning.rows.row_states import StateTests
from actwright.planning.rows.row_tests import RowTests
from actwright.planning.rows.rows import rows_phrase
from actwright.planning.words.reading import RecordPhrase
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import tokenize

ORG = demo_org()
INDEXES = Indexes()
BEFORE: dict[str, dict[str, tuple[tuple[str, str, object], ...]]] = {
    "Case": {
        "open": (("IsClosed", "=", False),),
        "high priority": (("Priority", "=", "High"),),
        "escalated": (("Status", "=", "Escalated"),),
        "unassigned": (("Owner.Type", "!=", "User"),),
    },
    "Opportunity": {
        "open": (("IsClosed", "=", False),),
        "won": (("IsWon", "=", True),),
        "lost": (("IsClosed", "=", True), ("IsWon", "=", False)),
        "overdue": (("CloseDate", "<", "2026-11-21"), ("IsClosed", "=", False)),
    },
    "Lead": {"new": (("Status", "=", "New"),), "hot": (("Rating", "=", "Hot"),)},
}
BEHIND: dict[str, dict[str, tuple[tuple[str, str, object], ...]]] = {
    "Case": {
        "older than 90 days": (("CreatedDate", "<", "2026-08-23T04:00:00Z"),),
        "newer than a week": (("CreatedDate", ">=", "2026-11-15T05:00:00Z"),),
        "created this month": (
            ("CreatedDate", ">=", "2026-11-01T04:00:00Z"),
            ("CreatedDate", "<", "2026-12-01T05:00:00Z"),
        ),
        "not modified since 2026-10-01": (("LastModifiedDate", "<", "2026-10-01T04:00:00Z"),),
        "with origin Email": (("Origin", "=", "Email"),),
        "without a contact": (("ContactId", "=", None),),
        "that are not escalated": (("Status", "!=", "Escalated"),),
        "assigned to me": (("OwnerId", "=", ORG.user.id),),
    },
    "Opportunity": {
        "closing this month": (("CloseDate", ">=", "2026-11-01"), ("CloseDate", "<=", "2026-11-30")),
        "closing before 2027-01-01": (("CloseDate", "<=", "2026-12-31"),),
        "closing next quarter": (("CloseDate", ">=", "2027-01-01"), ("CloseDate", "<=", "2027-03-31")),
        "over 50k": (("Amount", ">", 50_000),),
        "worth less than $10,000": (("Amount", "<", 10_000),),
        "with an amount of 5k or more": (("Amount", ">=", 5_000),),
        "in Prospecting or Qualification": (("StageName", "IN", ("Prospecting", "Qualification")),),
        "without a next step": (("NextStep", "=", None),),
        "with a next step": (("NextStep", "!=", None),),
    },
    "Lead": {
        "from Globex": (("Company", "=", "Globex"),),
        "without an email or phone": (("Email", "=", None), ("Phone", "=", None)),
        "with rating Cold": (("Rating", "=", "Cold"),),
        "whose city is Boston": (("City", "=", "Boston"),),
    },
}  # fmt: skip
PLURALS = {"Case": "cases", "Opportunity": "opportunities", "Lead": "leads"}
STRANGE = ["purple", "xqzvw", "mostly", "unless", "sometimes", "hopefully", "important", "nearly", "42nd"]  # fmt: skip
PHRASES = [
    "all open cases of Acme",
    "every opportunity of Contoso older than 90 days",
    "all my new cases",
    "all overdue tasks",
    "all leads from Globex without an email",
    "every opportunity closing this month over 50k",
    "all cases with high priority assigned to Carol",
    "all open opportunities except Acme Renewal",
    "all of Bob's open opportunities in Prospecting or Qualification",
    "every case of Acme created before 2026-10-01 that is not escalated",
    "all tasks that are waiting on someone else since last month",
]
READERS: list[tuple[type, str]] = [
    (StateTests, "at"),
    (RowTests, "at"),
    (RowTests, "since"),
    (RowRecords, "before"),
    (RowRecords, "behind"),
]


def scope(text: str) -> Scope:
    """Return a scope over the demo org, as alice in New York."""
    return Scope(
        text,
        tokenize(text),
        TODAY,
        INDEXES.objects(ORG),
        INDEXES.fields(ORG),
        user=ORG.user,
        zone=ZoneInfo("America/New_York"),
    )


def read(text: str) -> RecordPhrase | None:
    """Return what a whole text means as rows of any common object."""
    whole = scope(text)
    names = ("Case", "Opportunity", "Lead", "Task", "Contact", "Account")
    return rows_phrase(whole, 0, whole.end, names)


def conditions(phrase: RecordPhrase | None) -> set[tuple[str, str, object]]:
    """Return the conditions that need no record to be looked up."""
    assert phrase is not None
    assert phrase.rows is not None
    where = (each for test in phrase.rows.tests for each in test.where)
    return {(each.field, each.operator, _hashable(each.value)) for each in where}


def _deaf(*_arguments: object, **_named: object) -> None:
    """Stand in for a reader that understands nothing."""


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


@examples(150)
@given(data=st.data(), name=st.sampled_from(sorted(PLURALS)))
def test_every_condition_said_is_in_the_query(data: st.DataObject, name: str) -> None:
    """Whatever conditions are joined in whatever order: the query holds each of them, and no other."""
    before = data.draw(st.lists(st.sampled_from(sorted(BEFORE[name])), max_size=2, unique=True))
    behind = data.draw(st.lists(st.sampled_from(sorted(BEHIND[name])), max_size=3, unique=True))
    joins = data.draw(st.lists(st.sampled_from([" ", " and ", ", "]), min_size=3, max_size=3))
    if not before + behind:
        return
    tail = "".join(join + each for join, each in zip(joins, behind, strict=False))
    text = f"all {' '.join(before)} {PLURALS[name]}{' ' + tail.lstrip(' ,') if tail else ''}"
    text = text.replace(f"{PLURALS[name]} and ", f"{PLURALS[name]} ")
    wanted = [each for one in before for each in BEFORE[name][one]]
    wanted += [each for one in behind for each in BEHIND[name][one]]
    assert conditions(read(" ".join(text.split()))) == set(wanted), text


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_phrases_are_understood(phrase: str) -> None:
    """Each of them means rows, so that what is said of its parts below says something."""
    assert read(phrase) is not None


@examples(150)
@given(data=st.data(), phrase=st.sampled_from(PHRASES), word=st.sampled_from(STRANGE))
def test_a_word_nobody_understands_ends_it(data: st.DataObject, phrase: str, word: str) -> None:
    """A strange word anywhere makes the phrase mean no rows, or one record's name that has to be found: never fewer words."""
    words = phrase.split()
    at = data.draw(st.integers(min_value=1, max_value=len(words)))
    found = read(" ".join([*words[:at], word, *words[at:]]))
    if found is not None:
        assert found.rows is not None
        named = [each.record.words for each in found.rows.records]
        told = [str(one.value) for each in found.rows.tests for one in each.where]
        assert any(word in each for each in (*named, *told)), found.rows


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize(("owner", "reader"), READERS)
def test_a_condition_that_is_not_understood_is_never_dropped(
    phrase: str, owner: type, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any one reader deaf, a phrase means what it meant, or nothing: no query grows wider."""
    whole = read(phrase)
    monkeypatch.setattr(owner, reader, _deaf)
    assert read(phrase) in (whole, None)


@examples(150)
@given(words=st.lists(st.sampled_from(sorted({w for p in PHRASES for w in p.split()} | set(STRANGE))), max_size=12))  # fmt: skip
def test_any_words_are_read_without_an_error(words: list[str]) -> None:
    """Words in any order mean rows with at least one condition or record, or nothing."""
    found = read(" ".join(["all", *words]))
    if found is not None:
        assert found.rows is not None
        assert found.rows.tests or found.rows.records


@pytest.mark.parametrize(
    "phrase",
    [
        "all cases",
        "every opportunity",
        "all cases and",
        "all cases with",
        "all cases of",
        "all open cases of Acme with",
        "my case",
        "open cases of Acme",
        "any open case",
        "all cases created after Monday",
        "all cases created before next week",
        "all cases created in 2031",
        "all cases over 5k",
        "all tasks with priority",
        "all leads without fun",
    ],
)
def test_what_says_too_little_means_no_rows(phrase: str) -> None:
    """Nothing said of the rows, a bound that is none, or a word left over: no rows."""
    assert read(phrase) is None
