"""The guardrails PII_REDACT, SHARING_REQUIRED and MAX_ROWS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actwright.blueprints.guardrail import GuardrailSpec, guardrail_kinds
from actwright.guardrails.context import EffectContext
from actwright.guardrails.kinds import BUILT_IN
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import FieldChange
from actwright.org.ports import RecordSnapshot

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
PII = GuardrailSpec(type="PII_REDACT", params={"fields": ["Description", "Name"]})
SHARING = GuardrailSpec(type="SHARING_REQUIRED")


def test_every_declared_kind_has_a_check() -> None:
    """The contract's kinds and the checks are the same set."""
    assert set(guardrail_kinds()) == set(BUILT_IN)


@pytest.mark.parametrize(
    ("after", "before", "blocked"),
    [("555-12-3456", None, True), ("  \n", None, False), (None, None, False), (None, "x", False)],
)
def test_personal_data_is_blocked(
    make_context: MakeContext,
    make_change: MakeChange,
    after: str | None,
    before: str | None,
    blocked: bool,  # noqa: FBT001  pytest passes it by name
) -> None:
    """Any value in the field is refused; blanks and emptying the field pass."""
    context = make_context(make_change("Description", after, before), guardrails=(PII,))
    codes = [(each.code, each.field) for each in check_guardrails(context)]
    assert codes == ([("pii_blocked", "Description")] if blocked else [])


def test_blocked_data_is_never_repeated(make_context: MakeContext, make_change: MakeChange) -> None:
    """The message names the field and keeps the value to itself."""
    context = make_context(make_change("Description", "555-12-3456"), guardrails=(PII,))
    (issue,) = check_guardrails(context)
    assert "555" not in issue.model_dump_json()


@pytest.mark.parametrize(
    ("operation", "access", "code"),
    [
        ("UPDATE", (True, False), None),
        ("UPDATE", (False, True), "record_not_editable"),
        ("UPDATE", (None, None), "record_access_unknown"),
        ("UPSERT", (False, True), "record_not_editable"),
        ("DELETE", (False, True), None),
        ("DELETE", (True, False), "record_not_deletable"),
        ("DELETE", (True, None), "record_access_unknown"),
    ],
)
def test_sharing_is_about_the_very_record(
    make_context: MakeContext,
    snapshot: RecordSnapshot,
    operation: str,
    access: tuple[bool | None, bool | None],
    code: str | None,
) -> None:
    """The person must be allowed this operation on this record; no answer is a refusal."""
    editable, deletable = access
    record = replace(snapshot, editable=editable, deletable=deletable)
    context = make_context(operation=operation, guardrails=(SHARING,), snapshot=record)
    assert [each.code for each in check_guardrails(context)] == ([code] if code else [])


def test_sharing_on_a_missing_record_refuses(make_context: MakeContext) -> None:
    """A record nobody can see is not shared."""
    context = make_context(guardrails=(SHARING,), snapshot=None)
    assert [each.code for each in check_guardrails(context)] == ["record_not_found"]


def test_sharing_has_nothing_to_say_of_a_new_record(make_context: MakeContext) -> None:
    """A create has no record to be shared."""
    assert check_guardrails(make_context(operation="CREATE", guardrails=(SHARING,))) == ()


@pytest.mark.parametrize(("rows", "codes"), [(1, []), (5, []), (6, ["too_many_rows"])])
def test_rows_are_counted(make_context: MakeContext, rows: int, codes: list[str]) -> None:
    """An action may touch as many records as allowed, and not one more."""
    limit = GuardrailSpec(type="MAX_ROWS", params={"max": 5})
    context = make_context(guardrails=(limit,), rows=rows)
    assert [each.code for each in check_guardrails(context)] == codes
