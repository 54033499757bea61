"""Documents: written once, never changed, read back as they were."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actwright.contract import Contract
from actwright.errors import DocumentError, StoreError
from actwright.org.query import JsonScalar
from actwright.store.database import Database
from actwright.store.documents import Documents, claim, holder_of

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


class Note(Contract):
    """A document for tests."""

    text: str = ""
    data: dict[str, JsonScalar] = {}  # noqa: RUF012 - pydantic copies it


@pytest.fixture
def store(database: Database) -> Database:
    """Give an empty store, on both."""
    return database


def test_a_document_never_changes(store: Database) -> None:
    """The very same document may be stored again, another one under its key may not."""
    notes = Documents(store, "note")
    notes.add("n1", Note(text="one"), at="now")
    notes.add("n1", Note(text="one"), at="later")
    with pytest.raises(StoreError, match="already stands"):
        notes.add("n1", Note(text="two"), at="later")
    found = notes.get("n1")
    assert found is not None
    assert (found.json(), found.at) == ({"data": {}, "text": "one"}, "now")


def test_kinds_do_not_mix(store: Database) -> None:
    """A key of one kind is not found among another."""
    Documents(store, "note").add("n1", Note(), at="now")
    assert Documents(store, "other").get("n1") is None


def test_a_key_that_is_not_there_is_not_there(store: Database) -> None:
    """Whatever a key is made of, it is looked up and not found."""
    for key in ("", "absent", "\ud800", "\x00", "' OR 1=1 --", "n" * 100_000):
        assert Documents(store, "note").get(key) is None


def test_the_latest_is_the_one_stored_last(store: Database) -> None:
    """The order of storing counts, not the clock, nor the ids."""
    notes = Documents(store, "note")
    for key, at in (("b", "2"), ("c", "9"), ("a", "1")):
        notes.add(key, Note(text=key), at=at, parent="p")
    found = notes.latest_of("p")
    assert found is not None
    assert found.id == "a"
    assert notes.latest_of("q") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), SCALARS, max_size=4))
def test_whatever_goes_in_comes_out(store: Database, data: dict[str, JsonScalar]) -> None:
    """Any plain value reads back as the same number or text, long integers included."""
    note = Note(data=data)
    notes = Documents(store, "note")
    key = f"n{abs(hash(note.model_dump_json()))}"
    notes.add(key, note, at="now")
    found = notes.get(key)
    assert found is not None
    assert Note.model_validate(found.json()).data == data


def test_damage_is_told(store: Database) -> None:
    """A body that is no JSON any more names the document."""
    with store.write() as connection:
        connection.execute(
            "INSERT INTO document (kind, id, body, at) VALUES ('note', 'n1', '{', 'now')"
        )
    found = Documents(store, "note").get("n1")
    assert found is not None
    with pytest.raises(DocumentError, match="n1"):
        found.json()


def test_a_claim_can_be_made_once(store: Database) -> None:
    """The second claimer is told no, and the first one stays the holder."""
    with store.write() as connection:
        assert claim(connection, "c", "k", holder="one", at="now")
        assert not claim(connection, "c", "k", holder="two", at="now")
    assert holder_of(store, "c", "k") == "one"
    assert holder_of(store, "c", "other") is None
