"""The proof of a rehearsal: only an answer that leaves nothing open counts, whatever else it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.connectors.salesforce.answer import OrgJson, strict_json
from actwright.connectors.salesforce.rehearsal_answer import Tried, graph_answers, outcomes_of
from actwright.errors import OrgProtocolError
from actwright.org.effect import Effect
from actwright.org.outcome import EffectOutcome

HALTED = (400, [{"errorCode": "PROCESSING_HALTED", "message": "rolled back"}])
NEVER = (404, [{"errorCode": "NOT_FOUND", "message": "no such record"}])
RULE = (400, [{"errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Too much", "fields": ["Amount"]}])  # fmt: skip
MADE = (201, {"id": "001000000000001AAA", "success": True, "errors": []})
BACK = {"success": False, "errors": [{"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": "back"}]}  # fmt: skip
BAD = {"success": False, "errors": [{"statusCode": "STRING_TOO_LONG", "message": "long", "fields": ["Name"]}]}  # fmt: skip
KEPT = {"id": "001000000000001AAA", "success": True, "errors": []}
Part = tuple[Any, Any]


def _effect(name: str) -> Effect:
    return Effect(id=name, action_id="a", operation="CREATE", object="Account")


SINGLES = Tried({"e0": (_effect("x"),), "e1": (_effect("y"),)})
ROWS = Tried({"c0": (_effect("x"), _effect("y"))}, frozenset({"c0"}))


def _answer(tried: Tried, *parts: Part, never: tuple[Part, Part] = (NEVER, HALTED)) -> OrgJson:
    names = [*tried.carried, "never1", "never2"]
    entries = [
        {"referenceId": name, "httpStatusCode": status, "body": body, "httpHeaders": {}}
        for name, (status, body) in zip(names, [*parts, *never], strict=True)
    ]
    return strict_json(json.dumps({"compositeResponse": entries}))


def _statuses(outcomes: tuple[EffectOutcome, ...]) -> list[str]:
    return [each.status for each in outcomes]


def test_what_was_only_taken_back_would_work() -> None:
    """Where the impossible request was the only failure, everything before it would have been carried out."""
    assert _statuses(outcomes_of(SINGLES, _answer(SINGLES, HALTED, HALTED))) == ["rolled_back"] * 2
    assert _statuses(outcomes_of(ROWS, _answer(ROWS, HALTED))) == ["rolled_back"] * 2
    assert _statuses(outcomes_of(ROWS, _answer(ROWS, (200, [BACK, BACK])))) == ["rolled_back"] * 2


def test_what_failed_itself_says_why() -> None:
    """A refusal comes with the org's words and fields; what merely shared its transaction has none."""
    first, second = outcomes_of(SINGLES, _answer(SINGLES, HALTED, RULE, never=(HALTED, HALTED)))
    assert (first.status, first.faults) == ("rolled_back", ())
    assert (second.status, second.faults[0].message, second.faults[0].fields) == (
        "failed",
        "Too much",
        ("Amount",),
    )
    rows = outcomes_of(ROWS, _answer(ROWS, (200, [BACK, BAD]), never=(HALTED, HALTED)))
    assert _statuses(rows) == ["rolled_back", "failed"]
    assert rows[1].faults[0].code == "STRING_TOO_LONG"


def test_a_collection_refused_as_a_whole_refuses_each_row() -> None:
    """An error in the place of rows is the error of each of them."""
    found = outcomes_of(ROWS, _answer(ROWS, RULE, never=(HALTED, HALTED)))
    assert _statuses(found) == ["failed", "failed"]


@pytest.mark.parametrize(
    ("tried", "parts", "never"),
    [
        pytest.param(SINGLES, (MADE, HALTED), (NEVER, HALTED), id="one was made"),
        pytest.param(SINGLES, ((204, None), RULE), (HALTED, HALTED), id="one was changed"),
        pytest.param(SINGLES, ((0, None), HALTED), (NEVER, HALTED), id="a status that is none"),
        pytest.param(SINGLES, (("400", None), HALTED), (NEVER, HALTED), id="a status in words"),
        pytest.param(SINGLES, ((True, None), HALTED), (NEVER, HALTED), id="a status that is true"),
        pytest.param(SINGLES, (HALTED, HALTED), (MADE, HALTED), id="the first was carried out"),
        pytest.param(SINGLES, (HALTED, HALTED), (NEVER, MADE), id="the second was carried out"),
        pytest.param(SINGLES, (HALTED, HALTED), (HALTED, HALTED), id="nothing failed itself"),
        pytest.param(ROWS, ((200, [KEPT, BAD]),), (NEVER, HALTED), id="one row was kept"),
        pytest.param(ROWS, ((400, [KEPT, BAD]),), (NEVER, HALTED), id="kept under an error"),
        pytest.param(ROWS, ((200, [{"success": None}, BAD]),), (NEVER, HALTED), id="row unsaid"),
        pytest.param(ROWS, ((200, [{}, BAD]),), (NEVER, HALTED), id="row without a word"),
        pytest.param(ROWS, ((200, [BAD]),), (NEVER, HALTED), id="too few rows"),
        pytest.param(ROWS, ((200, [BAD, BAD, BAD]),), (NEVER, HALTED), id="too many rows"),
        pytest.param(ROWS, ((200, []),), (NEVER, HALTED), id="no rows"),
        pytest.param(ROWS, ((200, {"success": False}),), (NEVER, HALTED), id="a row for rows"),
        pytest.param(ROWS, ((200, [BACK, BACK]),), (HALTED, HALTED), id="rows without a cause"),
        pytest.param(SINGLES, ((200, [BACK]), HALTED), (NEVER, HALTED), id="rows for a single"),
    ],
)
def test_an_answer_that_leaves_something_open_is_no_proof(
    tried: Tried, parts: tuple[Part, ...], never: tuple[Part, Part]
) -> None:
    """Success anywhere, silence anywhere, or a failure without a cause: each is told as unproven."""
    with pytest.raises(OrgProtocolError):
        outcomes_of(tried, _answer(tried, *parts, never=never))


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"compositeResponse": []}, {"compositeResponse": [{}]}, {"compositeResponse": "x"}],
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_proof(body: OrgJson) -> None:
    """An answer that does not cover each request proves nothing about any."""
    with pytest.raises(OrgProtocolError):
        outcomes_of(SINGLES, body)


_PARTS = st.sampled_from([HALTED, NEVER, RULE, MADE, (204, None), (200, [KEPT]), (500, "?")])


@given(st.lists(_PARTS, min_size=4, max_size=4))
def test_no_answer_with_a_success_in_it_is_ever_a_proof(parts: list[Part]) -> None:
    """Over all mixtures of parts: an outcome comes back only where every request failed, and never says done."""
    document = _answer(SINGLES, *parts[:2], never=(parts[2], parts[3]))
    proven = all(status >= 300 for status, _ in parts) and any(each != HALTED for each in parts)
    if proven:
        assert set(_statuses(outcomes_of(SINGLES, document))) <= {"failed", "rolled_back"}
    else:
        with pytest.raises(OrgProtocolError):
            outcomes_of(SINGLES, document)


def test_each_graph_answers_for_itself() -> None:
    """The answers come by the graph's id, in any order."""
    graphs = [{"graphId": name, "isSuccessful": False, "graphResponse": {"of": name}} for name in ("p1", "p0")]  # fmt: skip
    found = graph_answers(strict_json(json.dumps({"graphs": graphs})), ["p0", "p1"])
    assert found == {"p0": {"of": "p0"}, "p1": {"of": "p1"}}


@pytest.mark.parametrize(
    "graphs",
    [
        [],
        [{"graphId": "p0", "isSuccessful": True}],
        [{"graphId": "p0"}],
        [{"graphId": "p0", "isSuccessful": "false"}],
        [{"graphId": "p1", "isSuccessful": False}],
        [{"graphId": "p0", "isSuccessful": False}] * 2,
        "p0",
    ],
)
def test_a_graph_that_does_not_say_it_failed_is_no_proof(graphs: object) -> None:
    """Only ``false`` in as many words, once for each graph, counts."""
    with pytest.raises(OrgProtocolError):
        graph_answers(strict_json(json.dumps({"graphs": graphs})), ["p0"])
