"""The chain: the fast hash is the hash of the contract, and every fault is named by its first event."""

from __future__ import annotations

from typing import Any, cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actwright.canonical import canonical_bytes, plain
from actwright.document import parse_json
from actwright.runs.record.chain import Link, Walk, first_fault, hash_of
from actwright.runs.record.event import GENESIS, EventKind, JournalEvent
from actwright.runs.record.migrations import version_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEY = TEXT.filter(lambda each: not each.startswith("$"))
LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | TEXT
    | st.floats(allow_nan=False, allow_infinity=False)
)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3)
)
DATA = st.dictionaries(KEY, JSON, max_size=4)
KIND = st.sampled_from(get_args(EventKind))
SMALL = st.dictionaries(st.sampled_from("ab"), TEXT | st.integers(), max_size=2)
ENTRIES = st.lists(st.tuples(KIND, SMALL), min_size=1, max_size=6)
FEW = settings(max_examples=50, deadline=None)


def chained(entries: list[tuple[EventKind, dict[str, Any]]]) -> list[Link]:
    """Return the rows of a run."""
    links: list[Link] = []
    prev_hash = GENESIS
    for seq, (kind, data) in enumerate(entries, start=1):
        text = canonical_bytes(data).decode()
        version = version_of(kind)
        hash_ = hash_of("run_1", seq, f"at {seq}", kind, version, "al", text, prev_hash)
        links.append(("run_1", seq, f"at {seq}", kind, version, "al", text, prev_hash, hash_))
        prev_hash = hash_
    return links


def event(link: Link) -> JournalEvent:
    """Return a row as the event it is."""
    names = ("run_id", "seq", "at", "kind", "version", "actor", "data", "prev_hash", "hash")
    values = dict(zip(names, link, strict=True))
    return JournalEvent.model_validate(values | {"data": plain(parse_json(link[6], where="data"))})


@FEW
@given(texts=st.tuples(TEXT, TEXT, TEXT), seq=st.integers(1, 10**6), kind=KIND, data=DATA)
def test_the_fast_hash_is_the_hash_of_the_contract(
    texts: tuple[str, str, str], seq: int, kind: EventKind, data: dict[str, Any]
) -> None:
    """Put together from text, it is the SHA-256 over the canonical JSON of the event, in each of its forms."""
    (run_id, at, actor), text = texts, canonical_bytes(data).decode()
    for version in (1, 2):
        hash_ = hash_of(run_id, seq, at, kind, version, actor, text, GENESIS)
        read = event((run_id, seq, at, kind, version, actor, text, GENESIS, hash_))
        assert read.expected_hash() == hash_


@FEW
@given(ENTRIES)
def test_a_walk_finds_a_chain_whole(entries: list[tuple[EventKind, dict[str, Any]]]) -> None:
    """Event by event, until one stands behind an end."""
    walk, links = Walk("run_1"), chained(entries)
    kinds = [each[3] for each in links]
    end = kinds.index("run_ended") + 1 if "run_ended" in kinds else len(links)
    assert [walk.fault(each) for each in links[:end]] == [None] * end
    assert walk.hashes == [each[8] for each in links[:end]]
    if end < len(links):
        assert f"event {end + 1} " in str(walk.fault(links[end]))
        assert f"event {end + 1} " in str(first_fault([event(each) for each in links]))


@FEW
@given(ENTRIES, st.data())
def test_any_change_to_any_column_is_named(
    entries: list[tuple[EventKind, dict[str, Any]]], data: st.DataObject
) -> None:
    """Whatever one column of one event is changed to, the walk stops at that event, or at the gap it leaves."""
    links = chained([each for each in entries if each[0] != "run_ended"] or [("run_taken", {})])
    place = data.draw(st.integers(0, len(links) - 1))
    column = data.draw(st.integers(0, 8))
    old = links[place][column]
    new = data.draw(
        (st.integers(-3, 99) if isinstance(old, int) else TEXT).filter(lambda x: x != old)
    )
    changed = list(links[place])
    changed[column] = new
    links[place] = cast("Link", tuple(changed))
    walk = Walk("run_1")
    told = next(filter(None, map(walk.fault, links)), None)
    assert told is not None or column == 0
    if column > 0:
        assert f"event {place + 1} " in str(told) or f"event {new} " in str(told)


def test_another_order_is_named() -> None:
    """Two events that changed places are told as what they are."""
    first, second, third = chained([("run_taken", {"by": str(number)}) for number in range(3)])
    moved: Link = (*second[:1], 3, *second[2:])
    walk = Walk("run_1")
    assert walk.fault(first) is None
    assert walk.fault(third) == "event 2 is missing"
    assert walk.fault((*third[:1], 2, *third[2:])) == (
        "event 2 (run_taken) was event 3: the order was changed"
    )
    assert walk.fault(second) is None
    assert walk.fault(moved) == "event 3 (run_taken) was event 2: the order was changed"


def test_texts_cannot_reach_into_each_other() -> None:
    """Bytes moved from one column into the next give another hash, or a fault."""
    ((*_, hash_),) = chained([("run_taken", {"by": "x", "data": 1})])
    at = 'at 1","data":{"by":"x'
    shifted = ("run_1", 1, at, "run_taken", 1, "al", '{"data":1}', GENESIS, hash_)
    assert Walk("run_1").fault(shifted) is not None


@pytest.mark.parametrize(("kind", "version"), [("run_flew", 1), ("run_taken", 2), ("run_taken", 0)])
def test_an_unknown_kind_or_form_is_named(kind: str, version: int) -> None:
    """Also where its hash is right: nobody knows what it means."""
    hash_ = hash_of("run_1", 1, "at", kind, version, "al", "{}", GENESIS)
    told = Walk("run_1").fault(("run_1", 1, "at", kind, version, "al", "{}", GENESIS, hash_))
    assert told == f"event 1 is {kind!r} in form {version}, which this program does not know"
