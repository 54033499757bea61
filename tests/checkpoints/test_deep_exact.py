"""The deep check in its numbers: rounds, calls, what is counted untried, and which rows change places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.memory_org import FakeClock

from actwright.checkpoints.deep.check import LEFT_BEHIND, MOST_CALLS, MOST_ROUNDS, rehearsed
from actwright.checkpoints.preview import DeepCheck
from actwright.errors import OrgProtocolError, RefusedError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import EffectOutcome, GroupOutcome


def effect(key: str, *, ref: str | None = None, to: str | None = None, **more: Any) -> Effect:
    """Return an effect, which may link to another; its action is what stands before the point."""
    link = FieldChange(field="X", label="X", family="id", linked_to=to, provenance="output")
    given: dict[str, Any] = {"operation": "CREATE", "object": "Lead", "ref": ref}
    given |= {"id": key, "action_id": key.partition(".")[0], "changes": (link,) if to else ()}
    return Effect.model_validate(given | more)


def group(*effects: Effect, **more: Any) -> EffectGroup:
    """Return a group of these effects."""
    return EffectGroup(id="g1", org="o", effects=effects, **more)


@dataclass
class Org:
    """Refuses the first of what it is told to refuse, at so many calls a try."""

    refused: Sequence[str] = ()
    calls: int = 1
    tried: list[list[str]] = field(default_factory=list)

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Return what became of the group."""
        ids = [each.id for each in group.effects]
        self.tried.append(ids)
        wrong = next((each for each in ids if each in self.refused), None)
        outcomes = tuple(
            EffectOutcome(effect_id=each, status="failed" if each == wrong else "rolled_back")
            for each in ids
        )
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=self.calls)


def check(org: Org, *groups: EffectGroup) -> DeepCheck:
    """Return what was tried."""
    return rehearsed(org, groups, FakeClock())[0]


def test_rounds_are_those_of_the_group_that_took_most() -> None:
    """Calls add up over the groups; rounds do not."""
    first = group(effect("a.1"), effect("b.1"), effect("c.1"))
    found = check(Org(["a.1", "b.1"]), first, group(effect("d.1")))
    assert (found.api_calls, found.rounds, found.complete) == (4, 3, True)


def test_what_is_left_is_tried_for_as_long_as_a_round_is_left() -> None:
    """Four refusals leave a round for the rest; with a fifth the rest stays untried."""
    names = [f"a{place}.1" for place in range(MOST_ROUNDS + 1)]
    enough = check(Org(names[: MOST_ROUNDS - 1]), group(*map(effect, names)))
    assert (enough.rounds, enough.complete) == (MOST_ROUNDS, True)
    ran_out = (
        "the org kept refusing others first; take out or mend what it refused, and preview again."
    )
    short = check(Org(names[:MOST_ROUNDS]), group(*map(effect, names)))
    assert (short.complete, short.said[0]) == (
        False,
        f"1 write got no answer: {ran_out}",
    )


def test_a_fifth_refusal_that_leaves_nothing_is_an_answer() -> None:
    """Where every effect was refused there is nothing untried."""
    names = [f"a{place}.1" for place in range(MOST_ROUNDS)]
    assert check(Org(names), group(*map(effect, names))).complete


def test_no_round_is_begun_once_the_calls_are_spent() -> None:
    """A try that takes all of them is the last one, and its rest is counted; one call less leaves another."""
    names = [f"a{place}.1" for place in range(3)]
    spent = Org(names, calls=MOST_CALLS)
    assert check(spent, group(*map(effect, names))).said[0].startswith("2 writes got no answer")
    assert len(spent.tried) == 1
    almost = Org(names, calls=MOST_CALLS - 1)
    check(almost, group(*map(effect, names)))
    assert len(almost.tried) == 2


def test_overrides_that_act_by_themselves_are_counted_untried() -> None:
    """All of them in one sentence, and none is sent."""
    acting = [
        group(effect(f"{key}.1", kind="opaque", operation="CALL"), carrier="opaque")
        for key in ("x", "y")
    ]
    org = Org()
    found = check(org, *acting)
    assert (org.tried, found.complete) == ([], False)
    assert found.said == ("2 writes got no answer: an override that acts by itself was not tried.",)


def test_one_plain_group_needs_no_word_about_others() -> None:
    """Several groups, or parts of one, were each tried by themselves; a graph in an order of the org's own."""
    alone = "Each transaction was tried by itself"
    assert check(Org(), group(effect("a.1"))).said == (LEFT_BEHIND,)
    two = check(Org(), group(effect("a.1")), group(effect("b.1")))
    assert [each.startswith(alone) for each in two.said] == [True, False]
    parts = group(effect("a.1"), effect("b.1"), carrier="graph", parts=(("a.1",), ("b.1",)))
    assert [each.startswith(alone) for each in check(Org(), parts).said] == [True, False, False]


def test_what_a_whole_refusal_leaves_untried_is_told_with_its_reason() -> None:
    """The other groups are tried all the same, and the same reason is counted once."""

    class NoJobs(Org):
        def rehearse(self, group: EffectGroup) -> GroupOutcome:
            if group.carrier == "bulk":
                raise RefusedError("a job cannot be tried.")
            return super().rehearse(group)

    job = group(effect("a.1"), effect("a.2"), carrier="bulk", atomic=False)
    found = check(NoJobs(), job, group(effect("b.1")), job)
    assert found.said[0] == "4 writes got no answer: a job cannot be tried."
    assert (found.api_calls, found.complete) == (1, False)


def test_parts_that_are_gone_are_gone_from_the_group() -> None:
    """The rest keeps its parts; what links to something refused is counted, the refused itself is not."""
    seen: list[tuple[tuple[str, ...], ...]] = []

    class Watching(Org):
        def rehearse(self, group: EffectGroup) -> GroupOutcome:
            seen.append(group.parts)
            return super().rehearse(group)

    effects = (effect("a.1", ref="a"), effect("b.1", to="a"), effect("c.1"), effect("d.1"))
    parts = (("a.1", "b.1"), ("c.1", "d.1"))
    found = check(Watching(["a.1", "c.1"]), group(*effects, parts=parts, carrier="graph"))
    assert seen == [parts, (("c.1", "d.1"),), (("d.1",),)]
    assert found.said[0] == "1 write got no answer: they link to records the org would not create."


@pytest.mark.parametrize(
    ("effects", "refused", "second"),
    [
        (["r.1", "r.2", "r.3"], "r.2", ["r.3", "r.1"]),
        (["r.1", "r.2", "r.3"], "r.1", ["r.2", "r.3"]),
        (["r.1", "r.2", "r.3"], "r.3", ["r.1", "r.2"]),
        (["a.1", "r.1", "r.2", "r.3", "z.1"], "r.2", ["a.1", "r.3", "r.1", "z.1"]),
        (["a.1", "b.1", "c.1"], "b.1", ["a.1", "c.1"]),
    ],
)
def test_rows_not_come_to_change_places_with_those_before_the_refused_one(
    effects: list[str], refused: str, second: list[str]
) -> None:
    """Only rows of the same action move, and only behind those that were not seen."""
    org = Org([refused])
    check(org, group(*map(effect, effects)))
    assert org.tried[1] == second


@pytest.mark.parametrize(
    "odd",
    [
        effect("r.3", object="Case"),
        effect("r.3", operation="UPDATE", record_id="00Q"),
        effect("r.3", ref="r"),
        effect("r.3", also_for=("s",)),
        effect("r.3", to="a"),
    ],
)
def test_a_row_whose_place_could_matter_stays(odd: Effect) -> None:
    """Another object, another operation, a link, a name others link to, a second action: none of them moves."""
    org = Org(["r.2"])
    check(org, group(effect("a.1", ref="a"), effect("r.1"), effect("r.2"), odd))
    assert org.tried[1] == ["a.1", "r.1", "r.3"]


def test_rows_behind_a_refused_one_whose_place_matters_stay() -> None:
    """An effect others link to is no row, and nothing moves around it."""
    org = Org(["r.2"])
    check(org, group(effect("r.1", ref="x"), effect("r.2", ref="y"), effect("r.3", ref="z")))
    assert org.tried[1] == ["r.1", "r.3"]


def test_an_outcome_that_names_an_effect_twice_is_an_alarm() -> None:
    """Each effect must be told once; the error says which group, and what to look at first."""

    class Stammering:
        def rehearse(self, group: EffectGroup) -> GroupOutcome:
            outcome = EffectOutcome(effect_id="a.1", status="rolled_back")
            return GroupOutcome(group_id=group.id, outcomes=(outcome, outcome), api_calls=1)

    with pytest.raises(OrgProtocolError) as caught:
        rehearsed(Stammering(), [group(effect("a.1"))], FakeClock())
    assert caught.value.where == "group g1"
