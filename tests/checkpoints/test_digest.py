"""The digest: whatever means something changes it, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.checkpoints.digest import preview_digest
from actwright.checkpoints.preview import PreviewedAction
from actwright.org.effect import Cascade, Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import Family, FieldValue

WORD = st.text("abcdefghij", min_size=1, max_size=6)
NUMBER = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2)

Parts: TypeAlias = dict[str, str]


def change(
    field: str = "Amount",
    before: FieldValue = Decimal(1),
    after: FieldValue = Decimal(2),
    family: Family = "decimal",
    **more: object,
) -> FieldChange:
    """Return a change."""
    document = {"field": field, "label": "Amount", "family": family, "provenance": "goal"}
    values = {"before": before, "after": after}
    return FieldChange.model_validate(document | values | more)


def effect(*changes: FieldChange, **more: object) -> Effect:
    """Return an effect."""
    document = {
        "id": "a1.1",
        "action_id": "a1",
        "operation": "UPDATE",
        "object": "Opportunity",
        "record_id": "006000000000001AAA",
        "version": "2026-11-21T15:00:00Z",
        "changes": changes or (change(),),
    }
    return Effect.model_validate(document | more)


def taken(
    effects: Effect | Sequence[Effect],
    other: Mapping[str, str] | None = None,
    *,
    group: str = "g1",
    **carried: object,
) -> str:
    """Return the digest over one group of these effects."""
    many = (effects,) if isinstance(effects, Effect) else tuple(effects)
    said = {
        "question": "Change it?",
        "policy": "p1",
        "user": "005000000000001AAA",
        "org": "00D000000000001EAA",
        "implementation": "standard.update",
        "label": "Update",
        "username": "alice",
        "url": "https://a.example",
    } | dict(other or {})
    return preview_digest(
        groups=[
            EffectGroup.model_validate({"id": group, "org": said["org"], "effects": many} | carried)
        ],
        actions=[
            PreviewedAction(
                action_id="a1",
                blueprint="B",
                label=said["label"],
                implementation=said["implementation"],
                implementation_kind="standard",
            )
        ],
        question=said["question"],
        user=RunningUser(id=said["user"], username=said["username"]),
        org=OrgIdentity(id=said["org"], url=said["url"]),
        policy_version=said["policy"],
    )


BASE = taken(effect())


@given(st.sampled_from(["question", "policy", "user", "org", "implementation"]), WORD)
def test_who_where_how_and_what_was_asked_are_in_it(part: str, other: str) -> None:
    """Another question, policy, person, org or implementation is another digest."""
    parts: Parts = {part: other}
    assert taken(effect(), parts) != BASE


@given(NUMBER, NUMBER)
def test_every_value_is_in_it(before: Decimal, after: Decimal) -> None:
    """Two changes have one digest exactly where both of their values are equal numbers."""
    same = (before, after) == (Decimal(1), Decimal(2))
    assert (taken(effect(change(before=before, after=after))) == BASE) is same


@given(
    st.sampled_from(["action_id", "object", "record_id", "ref", "key_field", "version"]),
    WORD,
)
def test_everything_that_names_the_target_is_in_it(part: str, other: str) -> None:
    """Another action, object, record, reference, key or version is another digest."""
    assert taken(effect(**{part: other})) != BASE


@given(
    st.sampled_from([("field", "Other"), ("linked_to", "a2"), ("provenance", "model")]),
    st.sampled_from(["CREATE", "UPSERT", "DELETE"]),
)
def test_field_link_provenance_and_operation_are_in_it(
    part: tuple[str, str], operation: str
) -> None:
    """Another field, link, provenance or operation is another digest."""
    name, other = part
    assert taken(effect(change(**{name: other}))) != BASE  # type: ignore[arg-type]  # one name at a time
    assert taken(effect(operation=operation)) != BASE
    assert taken(effect(also_for=("a9",))) != BASE


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_effects_is_in_it(order: list[str]) -> None:
    """The same effects in another order are another digest."""
    straight = taken([effect(action_id=each) for each in "abc"])
    assert (taken([effect(action_id=each) for each in order]) == straight) is (
        order == ["a", "b", "c"]
    )


def test_the_place_is_in_it() -> None:
    """The same ids at another address, or in an org that is not local, are another org."""
    assert taken(effect(), {"url": "https://b.example"}) != BASE


def test_atomicity_is_in_it() -> None:
    """A group that may be half done is another digest than one that may not."""
    assert taken(effect(), atomic=False) != BASE


@given(WORD)
def test_labels_and_ids_for_tracing_stay_out(word: str) -> None:
    """Rewording whatever only people read, or renaming a trace id, keeps the digest."""
    reworded = change(label=word, source=word, before_text=word, after_text=word)
    renamed = effect(reworded, id=word, object_label=word, record_name=word)
    assert taken(renamed, dict.fromkeys(("label", "username"), word), group=word) == BASE


@given(st.permutations(["A", "B", "C"]))
def test_the_order_of_fields_in_one_record_stays_out(order: list[str]) -> None:
    """The fields of one write happen together, in whatever order they were listed."""
    straight = taken(effect(*(change(field=each) for each in "ABC")))
    assert taken(effect(*(change(field=each) for each in order))) == straight


@given(NUMBER, st.integers(0, 12))
def test_equal_numbers_are_one_number(number: Decimal, zeros: int) -> None:
    """1.0 and 1.00 have the same digest."""
    longer = Decimal(f"{number:f}" + "0" * zeros)
    assert taken(effect(change(after=longer))) == taken(effect(change(after=number)))


@given(st.dates())
def test_a_date_is_no_text(day: object) -> None:
    """The same characters as text, and as a date, are two digests."""
    as_text = change(before=None, after=str(day), family="string")
    as_date = change(before=None, after=str(day), family="date")
    assert taken(effect(as_text)) != taken(effect(as_date))


def test_a_number_is_no_text_and_an_empty_field_no_word() -> None:
    """5 and "5", nothing and "None", yes and "true" stay apart."""
    pairs: list[tuple[tuple[FieldValue, Family], tuple[FieldValue, Family]]] = [
        ((Decimal(5), "decimal"), ("5", "string")),
        ((5, "integer"), (Decimal(5), "decimal")),
        ((None, "string"), ("None", "string")),
        ((True, "boolean"), ("true", "string")),
    ]
    for (left, one), (right, two) in pairs:
        first = taken(effect(change(before=None, after=left, family=one)))
        assert first != taken(effect(change(before=None, after=right, family=two)))


@given(st.integers(2**53, 2**62))
def test_long_integers_are_not_rounded(number: int) -> None:
    """Neighbours past 2^53 have digests of their own."""
    one = taken(effect(change(before=None, after=number, family="integer")))
    assert one != taken(effect(change(before=None, after=number + 1, family="integer")))


CHILDREN = Cascade(object="Task", label="Tasks", count=2, records="x")


@pytest.mark.parametrize(
    "other",
    [
        {"also_deletes": (CHILDREN,)},
        {"promises": ("mails Bob",)},
        {"kind": "opaque"},
        {"also_for": ("a2",)},
    ],
)
def test_what_goes_along_with_an_effect_is_in_it(other: dict[str, object]) -> None:
    """Children that go with a delete, promises, and for whom it is done are part of what is said yes to."""
    assert taken(effect(**other)) != BASE


@pytest.mark.parametrize("other", [{"count": 3}, {"records": "y"}, {"object": "Case"}])
def test_every_child_that_goes_along_is_in_it(other: dict[str, object]) -> None:
    """Another number of children, or another child in the place of one, is another delete."""
    one = taken(effect(also_deletes=(CHILDREN,)))
    assert taken(effect(also_deletes=(CHILDREN.model_copy(update=other),))) != one
    renamed = CHILDREN.model_copy(update={"label": "To-dos"})
    assert taken(effect(also_deletes=(renamed,))) == one


@pytest.mark.parametrize(
    "other",
    [
        {"carrier": "collections"},
        {"carrier": "bulk"},
        {"allow_duplicates": True},
        {"parts": (("a1.1",),)},
    ],
)
def test_how_a_group_is_carried_is_in_it(other: dict[str, object]) -> None:
    """Carrier, parts, and whether duplicates are saved decide what can become of it."""
    assert taken(effect(), None, group="g1", **other) != BASE


def test_parts_are_those_effects_and_not_their_ids() -> None:
    """Which records stand or fall together is bound; exchanged ids do not hide that, renamed ones do not change it."""

    def standing(*ids: str, parts: tuple[tuple[str, ...], ...]) -> str:
        rows = ("006000000000001AAA", "006000000000002AAA", "006000000000003AAA")
        made = [effect(id=key, record_id=row) for key, row in zip(ids, rows, strict=True)]
        return taken(made, parts=parts)

    first = standing("a", "b", "c", parts=(("a", "b"), ("c",)))
    assert standing("a", "c", "b", parts=(("a", "b"), ("c",))) != first
    assert standing("x", "y", "z", parts=(("x", "y"), ("z",))) == first


@given(st.integers(0, 29), st.sampled_from(["record_id", "version"]), WORD)
def test_every_single_row_of_many_is_in_it(place: int, part: str, other: str) -> None:
    """One other row, or another version of one, among many is another digest."""
    rows = [effect(id=f"a1.{at}", record_id=f"006{at:015}") for at in range(30)]
    changed = [*rows]
    changed[place] = rows[place].model_copy(update={part: other})
    assert taken(changed) != taken(rows)
    assert taken(rows[:place] + rows[place + 1 :]) != taken(rows)
