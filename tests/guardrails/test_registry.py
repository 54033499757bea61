"""Registering guardrails, and what happens when a check breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from pydantic import ValidationError

from actwright.blueprints.guardrail import FieldParams, GuardrailSpec, NoParams, declare_guardrail
from actwright.contract import Contract
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.registry import check_guardrails, clear_guardrails, register_guardrail
from actwright.org.effect import FieldChange

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]


class LimitParams(Contract):
    """``limit``: how many fields an action may write."""

    limit: int


def few_fields(params: LimitParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where too many fields are written."""
    if len(context.effect.changes) > params.limit:
        yield Issue(code="too_many_fields", message="Too many fields.")


def test_a_registered_guardrail_is_checked(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A kind of the user's own is accepted in blueprints, gets its parameters, and is named in its issues."""
    register_guardrail("FEW_FIELDS", few_fields, LimitParams)
    spec = GuardrailSpec(type="few_fields", params={"limit": 1}, message="Keep it small!")
    context = make_context(make_change("Amount", 1), make_change("Name", "x"), guardrails=(spec,))
    (issue,) = check_guardrails(context)
    assert issue == Issue(
        code="too_many_fields",
        action_id="a1",
        object="Opportunity",
        guardrail="FEW_FIELDS",
        message="Keep it small! Too many fields.",
    )


def test_the_last_registration_wins(make_context: MakeContext) -> None:
    """Registering a kind again replaces its check."""
    register_guardrail("MINE", lambda _params, _context: [Issue(code="old", message="Old.")])
    register_guardrail("MINE", lambda _params, _context: [Issue(code="new", message="New.")])
    context = make_context(guardrails=(GuardrailSpec(type="MINE"),))
    assert [each.code for each in check_guardrails(context)] == ["new"]


@pytest.mark.parametrize("kind", ["FLS_EDIT", "FLS_WRITE", "lower", "NO SPACE", "", "9LIVES"])
def test_a_name_must_be_free_and_well_formed(kind: str) -> None:
    """A built-in kind cannot be replaced, and a name is an upper-case identifier."""
    with pytest.raises(ValueError):
        register_guardrail(kind, lambda _params, _context: [])


def test_clearing_forgets_the_kind() -> None:
    """After clearing, a blueprint that carries the kind is refused."""
    register_guardrail("MINE", lambda _params, _context: [])
    clear_guardrails()
    with pytest.raises(ValidationError):
        GuardrailSpec(type="MINE")


def _raising(_params: NoParams, _context: EffectContext) -> Iterable[Issue]:
    raise RuntimeError("out of order")


def _raising_late(_params: NoParams, _context: EffectContext) -> Iterator[Issue]:
    yield Issue(code="seen", message="Seen.")
    raise KeyError("late")


def _forgetful(_params: NoParams, _context: EffectContext) -> Iterable[Issue]:
    return None  # type: ignore[return-value]  # what a check that forgets its return does


def _wrong(_params: NoParams, _context: EffectContext) -> Iterable[Issue]:
    return ["nope"]  # type: ignore[list-item]  # what an untyped check may answer


@pytest.mark.parametrize("check", [_raising, _raising_late, _forgetful, _wrong])
def test_a_broken_check_refuses(
    make_context: MakeContext, check: Callable[[NoParams, EffectContext], Iterable[Issue]]
) -> None:
    """A check that raises, or answers with no issues at all, stops the plan."""
    register_guardrail("BROKEN", check)
    (issue,) = check_guardrails(make_context(guardrails=(GuardrailSpec(type="BROKEN"),)))
    assert (issue.code, issue.severity, issue.guardrail) == ("guardrail_failed", "error", "BROKEN")


def test_a_kind_without_a_check_refuses(make_context: MakeContext) -> None:
    """A declared kind that nobody registered a check for stops the plan."""
    declare_guardrail("DECLARED", NoParams)
    (issue,) = check_guardrails(make_context(guardrails=(GuardrailSpec(type="DECLARED"),)))
    assert (issue.code, issue.severity) == ("guardrail_failed", "error")


def test_a_withdrawn_kind_refuses(make_context: MakeContext) -> None:
    """A blueprint read before its kind was withdrawn is refused, not passed."""
    register_guardrail("MINE", lambda _params, _context: [])
    context = make_context(guardrails=(GuardrailSpec(type="MINE"),))
    clear_guardrails()
    assert [each.code for each in check_guardrails(context)] == ["guardrail_failed"]


def test_own_kinds_have_their_field_checked(make_context: MakeContext) -> None:
    """A kind whose parameters name a field refuses a field that is not there."""
    register_guardrail("TIDY", lambda _params, _context: [], FieldParams)
    spec = GuardrailSpec(type="TIDY", params={"field": "Nmae"})
    assert [each.code for each in check_guardrails(make_context(guardrails=(spec,)))] == [
        "field_not_visible"
    ]


def test_a_plan_guardrail_is_about_the_objects_that_have_its_field(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The plan's guardrail passes an action without its field, and checks the fields that are there."""
    idle = GuardrailSpec(type="NUMERIC_POSITIVE", params={"field": "Quantity"})
    partly = GuardrailSpec(type="PII_REDACT", params={"fields": ["Phone", "Description"]})
    context = make_context(make_change("Description", "x"), plan_guardrails=(idle, partly))
    assert [each.field for each in check_guardrails(context)] == ["Description"]
