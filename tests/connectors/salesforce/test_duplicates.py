"""What a duplicate rule answers is read as far as it is sure, and as inert text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.connectors.salesforce.answer import mapping, strict_json
from actwright.connectors.salesforce.duplicates import duplicate_header, duplicates_of
from actwright.connectors.salesforce.errors import faults_of
from actwright.org.outcome import DuplicateMatch

ANN = "003000000000001AAA"


def _match(record: object, confidence: object = 98.5) -> dict[str, object]:
    return {"record": record, "matchConfidence": confidence}


def _result(*matches: object, **more: Any) -> dict[str, Any]:
    found = {"entityType": "Contact", "matchRecords": list(matches)}
    return {"allowSave": True, "duplicateRule": "Same_Email", "matchResults": [found]} | more


def _read(result: object) -> Any:
    return duplicates_of(mapping(strict_json(json.dumps({"duplicateResult": result})), "a fault"))


def test_a_match_has_its_record_its_rule_and_how_sure_it_is() -> None:
    """Id, object and name are the record's own; the rule is the duplicate rule."""
    record = {"attributes": {"type": "Contact"}, "Id": ANN[:15], "Name": "Ann\u202e Adams\n"}
    found = _read(_result(_match(record)))
    assert found.overridable
    assert found.matches == (
        DuplicateMatch(
            object="Contact", record_id=ANN, name="Ann Adams", rule="Same_Email", confidence=98.5
        ),
    )


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_only_a_rule_that_says_so_may_be_overridden(said: object) -> None:
    """Anything but ``true`` counts as a rule that blocks."""
    assert not _read(_result(allowSave=said)).overridable


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"Id": ANN}, None),
        ({"Id": ANN, "FirstName": "Ann", "LastName": "Adams"}, "Ann Adams"),
        ({"Id": ANN, "LastName": "Adams", "FirstName": None}, "Adams"),
        ({"Id": ANN, "Name": {"of": "another shape"}}, None),
    ],
)
def test_a_record_is_called_by_what_is_told_of_it(record: object, name: str | None) -> None:
    """Without a name the id stands alone; the object is the matching rule's."""
    (match,) = _read(_result(_match(record))).matches
    assert (match.object, match.name) == ("Contact", name)


@pytest.mark.parametrize("confidence", [None, True, "98", -1, 101])
def test_a_confidence_out_of_reason_is_none(confidence: object) -> None:
    """Only a percentage counts."""
    (match,) = _read(_result(_match({"Id": ANN}, confidence))).matches
    assert match.confidence is None


def test_a_record_matched_twice_is_told_once_and_ids_are_checked() -> None:
    """Two matching rules may find one record; what has no id of a record's shape is left out."""
    bad = _match({"Id": "../x"})
    found = _read(_result(_match({"Id": ANN}), _match({"Id": ANN}), bad, _match({}), "x"))
    assert [each.record_id for each in found.matches] == [ANN]


def test_more_matches_than_anybody_reads_are_cut() -> None:
    """A rule that matches the whole org does not fill the preview."""
    ids = (f"003{n:012d}" for n in range(1, 100))
    found = _read(_result(*(_match({"Id": each}) for each in ids)))
    assert len(found.matches) == 20


def test_faults_carry_them() -> None:
    """An error of a row, and one of a collection's row, holds its matches; another error has none."""
    body = {"errorCode": "DUPLICATES_DETECTED", "message": "Use one", "duplicateResult": _result(_match({"Id": ANN}))}  # fmt: skip
    row = {**body, "statusCode": body.pop("errorCode")}
    plain = {"errorCode": "STRING_TOO_LONG", "message": "long"}
    faults = faults_of(strict_json(json.dumps([row, plain])))
    assert [(len(each.duplicates), each.overridable) for each in faults] == [(1, True), (0, False)]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["matchResults", "matchRecords", "record", "Id", "attributes", "type"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_no_shape_of_answer_breaks_the_reader(result: object) -> None:
    """Whatever stands where the result belongs, there is an answer, and it allows nothing."""
    assert not _read(result).overridable


def test_the_header_says_what_a_person_said() -> None:
    """Saving is allowed only where a person said so; matches are told as that person may see them."""
    assert duplicate_header(allow_save=False) == (
        "allowSave=false; includeRecordDetails=true; runAsCurrentUser=true"
    )
    assert duplicate_header(allow_save=True).startswith("allowSave=true;")
