"""Composing: everything that was found out stands in the document, and nothing that was taken out does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from tests.checkpoints.row_scene import plan_for
from tests.checkpoints.small_org import DEAL, SECOND, small_org, writing, written
from tests.memory_org import FakeClock
from tests.scenario import action, blueprint

from actwright.actions.implementation import ResolvedArgument
from actwright.canonical import Json
from actwright.checkpoints.composing import Findings, compose
from actwright.checkpoints.preview import Preview, PreviewedAction, Terms
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.guardrails.policy.policy import BUILT_IN_VERSION
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.personal_data import PersonalCount

TAKEN = (PersonalCount(kind="email", count=1),)
CODE: Mapping[str, Json] = {"apiName": "Number", "fieldApiName": "Code"}


def shown(*names: str, key: str = "a") -> PreviewedAction:
    """Return an action as it is shown, each of its arguments with the same text."""
    return PreviewedAction(
        action_id=key,
        blueprint="B",
        label="L",
        implementation="standard.update",
        implementation_kind="standard",
        arguments=tuple(
            ResolvedArgument(
                input=each, value="jane@x.example", source="goal", text="Jane", provenance="goal"
            )
            for each in names
        ),
    )


def composed(
    *effects: Effect,
    actions: Sequence[PreviewedAction] = (),
    planned: Sequence[Mapping[str, Json]] = (),
    words: str = "",
    apart: bool = False,
    stays: Mapping[str, str] | None = None,
) -> Preview:
    """Return the preview of effects in one group, or each in its own."""
    parts = [(each,) for each in effects] if apart else [effects] if effects else []
    groups = [EffectGroup(id="g", org="00D", effects=tuple(each)) for each in parts]
    own = action("a", blueprint("UPDATE", "Deal", "Id", CODE, "Stage"))
    plan = plan_for(*(planned or [own])).model_copy(update={"checkpoint": words})
    found = Findings(
        plan=plan,
        terms=Terms(apart=apart),
        actions=tuple(actions),
        groups=tuple(groups),
        rows=(),
        issues=(),
        deep=None,
        calls=7,
        policy=PolicyVerdict(BUILT_IN_VERSION, kept=stays or {}),
    )
    return compose(found, small_org(), FakeClock())


def kept(field: str = "Code", *, taken: bool = True) -> FieldChange:
    """Return a change, with or without something taken out of it."""
    return written(field, "[email]", source="cut", taken_out=TAKEN if taken else ())


def told(preview: Preview) -> list[tuple[object, str | None, str | None]]:
    """Return what the arguments of the first action are shown as."""
    return [(each.value, each.source, each.text) for each in preview.actions[0].arguments]


WHOLE, CUT = ("jane@x.example", "goal", "Jane"), ("[email]", "cut", None)


def test_what_applying_takes_is_counted_with_the_children_that_are_counted_again() -> None:
    """Calls, writes and transactions; what the preview took is as it was measured."""
    change, gone = (
        writing(DEAL, written("Code", "x")),
        writing(SECOND, id="a.2", operation="DELETE"),
    )
    plain, deleting = (
        composed(change, writing(SECOND, written("Code", "x"), id="a.2")),
        composed(change, gone),
    )
    assert plain.cost.preview_calls == 7
    assert (plain.cost.writes, plain.cost.transactions) == (2, 1)
    assert deleting.cost.apply_calls == plain.cost.apply_calls + 1
    assert composed(change, gone, apart=True).cost.transactions == 2
    assert composed().cost.writes == 0


def test_the_planners_words_are_cut_and_stand_beside_the_question() -> None:
    """Three hundred characters of them, on one line."""
    for words, expected in (("x" * 300, "x" * 300), ("y" * 301, "y" * 299 + "…"), ("a\nb", "a b")):
        preview = composed(writing(DEAL, written("Code", "x")), words=words)
        assert preview.planner_words == expected
        assert expected not in preview.question


def test_how_each_effect_is_taken_back_is_said() -> None:
    """What changes nothing leaves nothing to take back, and a delete cannot be."""
    same = writing(DEAL, written("Code", "x", before="x"), record_name="First")
    other = writing(SECOND, written("Code", "x", before="w"), id="a.2", record_name="Second")
    gone = writing(SECOND, id="a.3", operation="DELETE")
    first, second, third = composed(same, other, gone).undo
    assert first.text == 'Deal "First" has Code x already: there is nothing to take back.'
    assert second.text == "Set Code of Deal Second back to the values before."
    assert [it.possible for it in (first, second, third)] == [True, True, False]
    assert [it.effect_id for it in (first, second, third)] == ["a.1", "a.2", "a.3"]


def test_what_a_guardrail_took_out_is_shown_nowhere() -> None:
    """Neither as value, nor as source, nor as text; other arguments stay as they are."""
    effect = writing(DEAL, kept("code"), kept("Stage", taken=False))
    found = composed(effect, actions=[shown("Number", "Stage", "Unknown")])
    assert told(found) == [CUT, WHOLE, WHOLE]
    untouched = composed(writing(DEAL, kept(taken=False)), actions=[shown("Number")])
    assert told(untouched) == [WHOLE]


def test_what_two_actions_write_together_is_taken_out_of_both() -> None:
    """And out of no third one, nor out of one the plan does not hold."""
    keys = ("a", "b", "c")
    planned = [action(key, blueprint("UPDATE", "Deal", "Id", CODE)) for key in keys]
    effect = writing(DEAL, kept(), also_for=("b",))
    actions = [shown("Number", key=key) for key in (*keys, "gone")]
    found = composed(effect, actions=actions, planned=planned)
    values = [each.arguments[0].value for each in found.actions]
    assert values == ["[email]", "[email]", "jane@x.example", "jane@x.example"]


@pytest.mark.parametrize(("kind", "expected"), [("opaque", [WHOLE, CUT]), ("record", [CUT, WHOLE])])
def test_an_override_that_acts_by_itself_is_handed_inputs_and_no_fields(
    kind: str, expected: list[object]
) -> None:
    """What was taken out of an input is told by the input's name, what out of a field by the field's."""
    inputs: list[Mapping[str, Json]] = [CODE, {"apiName": "Code", "fieldApiName": "Stage"}]
    planned = [action("a", blueprint("UPDATE", "Deal", "Id", *inputs))]
    effect = writing(DEAL, kept(), kind=kind)
    assert told(composed(effect, actions=[shown("Number", "Code")], planned=planned)) == expected


def test_a_preview_says_who_where_and_when() -> None:
    """And no two have one id, while the same content has one digest."""
    effect = writing(DEAL, written("Code", "x"))
    first, second = composed(effect), composed(effect)
    org = small_org()
    assert (first.running_user, first.org) == (org.user, org.identity)
    assert first.at.startswith("2026-11-21T12:00:00")
    assert first.id != second.id
    assert first.digest == second.digest
    assert (first.goal, first.policy_version) == ("close them as lost", BUILT_IN_VERSION)


def test_no_undo_is_promised_that_the_policy_would_refuse() -> None:
    """The preview says beforehand what stays, and why; of all else it tells the way back."""
    change, other = (
        writing(DEAL, written("Code", "x")),
        writing(SECOND, written("Code", "y"), id="a.2"),
    )
    ways = composed(change, other, stays={change.id: "Nobody deletes: rule r, policy.yaml:3."}).undo
    assert [each.possible for each in ways] == [False, True]
    assert ways[0].text == (
        "Cannot be undone under the policy as it is now: Nobody deletes: rule r, policy.yaml:3."
    )
