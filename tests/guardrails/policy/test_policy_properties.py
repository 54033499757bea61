"""Properties: a rule that denies never lets more through, and the order of rules says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.policy_scene import change, context, policy, said

from actwright.errors import PolicyError
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.org.effect import EffectOperation
from actwright.org.provenance import Provenance

_ORDER = ("allow", "warn", "require", "deny")
_OPERATIONS: tuple[EffectOperation, ...] = ("CREATE", "UPDATE", "DELETE", "UPSERT")
_PIECES = {
    "objects": ["Opportunity", "Account"],
    "fields": ["Name", "Amount", "Account.Name"],
    "operations": [str(each) for each in _OPERATIONS],
    "provenance": ["goal", "model"],
    "fieldKinds": ["money", "mail"],
    "roles": ["Rep", "Boss"],
}
_FROM: tuple[Provenance, ...] = ("goal", "model", "record")


@st.composite
def matches(draw: st.DrawFn) -> str:
    """Return what a rule is about."""
    named = draw(st.lists(st.sampled_from(sorted(_PIECES)), unique=True, max_size=3))
    parts = []
    for each in named:
        values = draw(st.lists(st.sampled_from(_PIECES[each]), unique=True, min_size=1))
        parts.append(f"{each}: [{', '.join(values)}]")
    return f"match: {{{', '.join(parts)}}}"


_EFFECTS = st.sampled_from(["allow", "deny", "warn", "require, require: {people: 2}"])
RULES = st.builds(lambda match, effect: f"{match}, effect: {effect}", matches(), _EFFECTS)
DENYING = st.builds(lambda match: f"{match}, effect: deny", matches())
HEADS = st.sampled_from(["", "default: deny"])


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Return one to three effects."""
    fields = st.tuples(st.sampled_from(["Name", "Amount", "Email"]), st.sampled_from(_FROM))
    one = st.tuples(
        st.sampled_from(_PIECES["objects"]),
        st.sampled_from(_OPERATIONS),
        st.lists(fields, min_size=1, max_size=2, unique_by=lambda it: it[0]),
    )
    return draw(st.lists(one, min_size=1, max_size=3))


Scene = list[tuple[str, EffectOperation, list[tuple[str, Provenance]]]]
"""Effects: object, operation, and fields with their provenance."""


def _judged(rules: Sequence[str], head: str, scene: Scene) -> PolicyVerdict:
    contexts = [
        context(
            *(
                change(name, 5 if name == "Amount" else "x", provenance=origin)
                for name, origin in fields
            ),
            on=on,
            operation=operation,
            number=place,
        )
        for place, (on, operation, fields) in enumerate(scene, start=1)
    ]
    return said(policy(*rules, head=head), *contexts)


def _named(rules: Sequence[str]) -> list[str]:
    return [f"id: {chr(97 + at)}, {each}" for at, each in enumerate(rules)]


@settings(max_examples=40)
@given(st.lists(RULES, max_size=4), DENYING, HEADS, scenes())
def test_a_rule_that_denies_never_lets_more_through(
    rules: list[str], denying: str, head: str, scene: Scene
) -> None:
    """With one more of them, whatever is decided is decided as gravely or more so; or the policy is refused."""
    try:
        before = _judged(_named(rules), head, scene)
        after = _judged(_named([*rules, denying]), head, scene)
    except PolicyError as error:
        event(error.error_code)
        return
    assert _ORDER.index(after.word) >= _ORDER.index(before.word)


@settings(max_examples=40)
@given(st.data(), st.lists(RULES, min_size=1, max_size=4), HEADS, scenes())
def test_the_order_of_rules_says_nothing(
    data: st.DataObject, rules: list[str], head: str, scene: Scene
) -> None:
    """In any order, the same rules decide the same, ask for the same, and point to the same rules."""

    def told(chosen: Sequence[str]) -> object:
        try:
            verdict = _judged(chosen, head, scene)
        except PolicyError as error:
            return error.error_code
        decided = sorted((each.rule.id, each.effect, each.count) for each in verdict.decisions)
        return verdict.word, verdict.approval.people, decided

    named = _named(rules)
    assert told(named) == told(data.draw(st.permutations(named)))


def test_gravity_is_an_order() -> None:
    """Each word is graver than the one before: two effects together are as grave as the graver one."""
    rules = [
        f"match: {{fields: [{name}]}}, effect: {effect}"
        for name, effect in (
            ("Name", "warn"),
            ("Amount", "require, require: {people: 2}"),
            ("Email", "deny"),
        )
    ]
    alone: list[Scene] = [
        [("Account", "UPDATE", [(name, "goal")])] for name in ("Phone", "Name", "Amount", "Email")
    ]
    assert [_judged(rules, "", each).word for each in alone] == list(_ORDER)
    for first, second in pairwise(alone):
        assert _judged(rules, "", [*first, *second]).word == _judged(rules, "", second).word
