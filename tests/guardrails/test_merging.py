"""One issue for one thing: the graver severity counts, and the record is named where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from typing import Literal

import pytest

from actwright.blueprints.guardrail import GuardrailSpec, NoParams
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.registry import register_guardrail
from actwright.guardrails.verdict import judge
from actwright.org.effect import FieldChange
from actwright.org.ports import RecordSnapshot

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
ONE, OTHER = "006000000000001AAA", "006000000000002AAA"


def _says(severity: Literal["error", "warning"]) -> Callable[..., Iterator[Issue]]:
    def check(_params: NoParams, _context: EffectContext) -> Iterator[Issue]:
        yield Issue(
            code="field_not_editable", field="Margin__c", message="Locked.", severity=severity
        )

    return check


def _contexts(make_context: MakeContext, *records: str, **more: object) -> list[EffectContext]:
    return [
        make_context(effect={"id": f"a1.{place}", "record_id": record}, rows=len(records), **more)
        for place, record in enumerate(records, start=1)
    ]


@pytest.mark.parametrize("order", list(permutations(["HARD", "SOFT"])))
def test_the_graver_severity_counts(make_context: MakeContext, order: tuple[str, ...]) -> None:
    """What one check refuses, another that merely warns does not soften, whichever comes first."""
    register_guardrail("HARD", _says("error"))
    register_guardrail("SOFT", _says("warning"))
    guardrails = tuple(GuardrailSpec(type=each) for each in order)
    soft = (GuardrailSpec(type="SOFT"),) * 2
    for given, severity in ((guardrails, "error"), (soft, "warning")):
        found = judge([make_context(guardrails=given)])
        (issue,) = (each for each in found if each.code == "field_not_editable")
        assert issue.severity == severity


def test_one_right_for_many_records_is_of_none_of_them(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A missing right is said once for all records; it names the record only where there is but one."""
    change = make_change("Margin__c", 5)
    contexts = [
        replace(each, effect=each.effect.model_copy(update={"changes": (change,)}))
        for each in _contexts(make_context, ONE, OTHER)
    ]
    codes = {(each.code, each.record_id) for each in judge(contexts)}
    assert ("field_not_editable", None) in codes
    (first,) = (each for each in judge(contexts[:1]) if each.code == "field_not_editable")
    assert first.record_id == ONE


def test_record_access_names_each_record(
    make_context: MakeContext, snapshot: RecordSnapshot
) -> None:
    """Which records are closed to the person is said record by record, also for a single one."""
    contexts = [
        replace(each, snapshot=replace(snapshot, id=str(each.effect.record_id), editable=False))
        for each in _contexts(make_context, ONE, OTHER)
    ]
    found = [each for each in judge(contexts) if each.code == "record_not_editable"]
    assert [each.record_id for each in found] == [ONE, OTHER]
    alone = replace(contexts[0], rows=1)
    (single,) = (each for each in judge([alone]) if each.code == "record_not_editable")
    assert single.record_id == ONE


def test_a_misspelt_field_is_said_to_be_one(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A field nobody sees may be misspelt; one that is merely read-only is not."""
    hidden, locked = make_change("Nowhere__c", "x"), make_change("Margin__c", 5)
    hints = {each.code: str(each.hint) for each in judge([make_context(hidden, locked)])}
    assert hints["field_not_visible"].startswith("Check the spelling. Nobody could be named")
    assert hints["field_not_editable"].startswith("Nobody could be named")


def test_a_refused_value_is_not_called_new_as_well(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Where a guardrail refuses it, the warning that the org would accept it misleads; without one it stands."""
    change = make_change("StageName", "Clsoed Won")
    params: dict[str, object] = {"field": "StageName", "values": ["Closed Won"]}
    spec = GuardrailSpec(type="ENUM_ALLOWED", params=params)
    refused = [each.code for each in judge([make_context(change, guardrails=(spec,))])]
    assert "enum_not_allowed" in refused
    assert "picklist_value_unlisted" not in refused
    assert "picklist_value_unlisted" in [each.code for each in judge([make_context(change)])]
