"""The deep check: rounds of rehearsals, what is taken out between them, and what is said of what was not tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import FakeClock

from actwright.checkpoints.deep.check import (
    LEFT_BEHIND,
    MOST_CALLS,
    MOST_ROUNDS,
    rehearsed,
    settled,
)
from actwright.errors import OrgProtocolError, OrgUnreachableError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import DuplicateMatch, EffectOutcome, Fault, GroupOutcome

RULE = Fault(code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message="Too\nmuch\x1b[31m", fields=("Amount",))  # fmt: skip
MATCH = DuplicateMatch(object="Contact", record_id="003000000000001AAA", name="Ann", rule="Same_Email")  # fmt: skip
CLOCK = FakeClock()


def _effect(name: str, *, links: str | None = None, **more: Any) -> Effect:
    changes = [FieldChange(field="Amount", label="Amount", provenance="goal", after="1")]
    if links:
        changes.append(FieldChange(field="AccountId", label="Account", family="id", provenance="output", linked_to=links))  # fmt: skip
    given: dict[str, Any] = {"operation": "CREATE", "object": "Opportunity", "object_label": "Deal"}
    given |= {"id": name, "action_id": name.partition(".")[0], "changes": tuple(changes)}
    return Effect(**given | more)


def _group(*effects: Effect, name: str = "g1", **more: Any) -> EffectGroup:
    return EffectGroup(id=name, org="o", effects=effects, **more)


@dataclass
class FakeRehearsal:
    """Refuses what it is told to refuse: one a call, as a composite does, or all at once."""

    refused: Mapping[str, tuple[Fault, ...]]
    at_once: bool = False
    tried: list[EffectGroup] = field(default_factory=list)

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Return the outcome of the first refused effect, or of all."""
        self.tried.append(group)
        wrong = [each.id for each in group.effects if each.id in self.refused]
        failed = wrong if self.at_once else wrong[:1]
        outcomes = tuple(
            EffectOutcome(effect_id=each.id, status="failed", faults=self.refused[each.id])
            if each.id in failed
            else EffectOutcome(effect_id=each.id, status="rolled_back")
            for each in group.effects
        )
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=1)


def _ids(group: EffectGroup) -> list[str]:
    return [each.id for each in group.effects]


def test_what_the_org_accepts_has_no_issue() -> None:
    """One call, one round, complete; and the warning of what a try may leave behind is always there."""
    rehearsal = FakeRehearsal({})
    check, issues = rehearsed(rehearsal, [_group(_effect("a1.1"), _effect("a2.1"))], CLOCK)
    assert (check.api_calls, check.rounds, check.complete, issues) == (1, 1, True, ())
    assert (check.at, check.said) == ("2026-11-21T12:00:00.000Z", (LEFT_BEHIND,))
    assert "mails" in LEFT_BEHIND
    assert "auto-numbers" in LEFT_BEHIND


def test_a_refusal_becomes_an_issue_of_the_action_that_caused_it() -> None:
    """It carries the org's own message, inert, the field as the effect spells it, the record and the code."""
    effect = _effect("a1.1", record_id="006000000000001AAA", record_name="Acme", operation="UPDATE")
    fault = RULE.model_copy(update={"fields": ("amount",)})
    _, (issue,) = rehearsed(FakeRehearsal({"a1.1": (fault,)}), [_group(effect)], CLOCK)
    assert issue == Issue(
        code="org_would_refuse",
        action_id="a1",
        object="Opportunity",
        field="Amount",
        guardrail="ORG",
        message='Deal "Acme" (006000000000001AAA): the org would refuse it: Too much[31m '
        "(FIELD_CUSTOM_VALIDATION_EXCEPTION)",
        hint="Change what the org's message names, or take the action out.",
        record_id="006000000000001AAA",
    )


def test_an_effect_of_two_actions_is_an_issue_of_both() -> None:
    """Writes brought together name each action whose write it was, and each fault has an issue of its own."""
    faults = (RULE, Fault(code="UNABLE_TO_LOCK_ROW", message="locked"))
    effect = _effect("a1.1", also_for=("a2",))
    _, issues = rehearsed(FakeRehearsal({"a1.1": faults}), [_group(effect)], CLOCK)
    assert [each.action_id for each in issues] == ["a1", "a1", "a2", "a2"]
    assert "preview again in a moment" in (issues[1].hint or "")


@pytest.mark.parametrize(
    ("overridable", "matches", "words", "hint"),
    [
        (True, (MATCH,), "the duplicate rule Same_Email warns: there is 1 record like it. The org says: Use one", "--allow-duplicates"),
        (False, (MATCH, MATCH), "the duplicate rule Same_Email blocks it: there are 2 records like it. The org says: Use one", "nobody override"),
        (False, (), "a duplicate rule blocks it: there are records like it. The org says: Use one", "nobody override"),
    ],
)  # fmt: skip
def test_a_duplicate_is_shown_with_its_records(
    *, overridable: bool, matches: tuple[DuplicateMatch, ...], words: str, hint: str
) -> None:
    """Both kinds of rule are errors; only the one that merely warns names the way past it."""
    fault = Fault(code="DUPLICATES_DETECTED", message="Use one", duplicates=matches, overridable=overridable)  # fmt: skip
    _, (issue,) = rehearsed(FakeRehearsal({"a1.1": (fault,)}), [_group(_effect("a1.1"))], CLOCK)
    assert (issue.code, issue.severity, issue.duplicates) == ("duplicate_found", "error", matches)
    assert words in issue.message
    assert hint in (issue.hint or "")
    assert ("--allow-duplicates" in (issue.hint or "")) is overridable


def test_what_failed_is_taken_out_and_the_rest_tried_again() -> None:
    """Each round goes without what was refused before, until the org accepts the rest."""
    rehearsal = FakeRehearsal({"a1.1": (RULE,), "a3.1": (RULE,)})
    group = _group(*(_effect(f"a{n}.1") for n in range(1, 5)))
    check, issues = rehearsed(rehearsal, [group], CLOCK)
    assert [_ids(each) for each in rehearsal.tried] == [
        ["a1.1", "a2.1", "a3.1", "a4.1"],
        ["a2.1", "a3.1", "a4.1"],
        ["a2.1", "a4.1"],
    ]
    assert [each.action_id for each in issues] == ["a1", "a3"]
    assert (check.rounds, check.api_calls, check.complete) == (3, 3, True)


def test_what_links_to_something_refused_is_taken_out_too() -> None:
    """Dependants of dependants go as well; that they got no answer is said, and the check is not complete."""
    effects = (
        _effect("a1.1", ref="a1"),
        _effect("a2.1", ref="a2", links="a1"),
        _effect("a3.1", links="a2"),
        _effect("a4.1"),
    )
    rehearsal = FakeRehearsal({"a1.1": (RULE,)})
    parts = (("a1.1", "a2.1", "a3.1"), ("a4.1",))
    check, issues = rehearsed(rehearsal, [_group(*effects, parts=parts, atomic=False)], CLOCK)
    assert _ids(rehearsal.tried[1]) == ["a4.1"]
    assert rehearsal.tried[1].parts == (("a4.1",),)
    assert len(issues) == 1
    assert not check.complete
    assert check.said[0].startswith("2 writes got no answer: they link to")


def test_where_all_is_refused_nothing_more_is_tried() -> None:
    """An empty group is never sent."""
    rehearsal = FakeRehearsal({"a1.1": (RULE,), "a2.1": (RULE,)}, at_once=True)
    check, issues = rehearsed(rehearsal, [_group(_effect("a1.1"), _effect("a2.1"))], CLOCK)
    assert (len(rehearsal.tried), len(issues), check.complete) == (1, 2, True)


def test_rounds_run_out() -> None:
    """After five rounds the rest counts as untried, and that is said."""
    names = [f"a{n}.1" for n in range(9)]
    rehearsal = FakeRehearsal(dict.fromkeys(names, (RULE,)))
    check, issues = rehearsed(rehearsal, [_group(*map(_effect, names))], CLOCK)
    assert (len(rehearsal.tried), len(issues), check.rounds) == (MOST_ROUNDS, 5, MOST_ROUNDS)
    assert not check.complete
    assert check.said[0].startswith("4 writes got no answer: the org kept refusing")


@dataclass
class InCollections:
    """Refuses what it is told to, all of it in the first collection that holds any, as an org does."""

    refused: set[str]
    size: int
    tried: list[list[str]] = field(default_factory=list)

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Return the refusals of one collection."""
        ids = _ids(group)
        self.tried.append(ids)
        chunks = [
            set(ids[at : at + self.size]) & self.refused for at in range(0, len(ids), self.size)
        ]
        failed = next((each for each in chunks if each), set())
        outcomes = tuple(
            EffectOutcome(effect_id=each, status="failed" if each in failed else "rolled_back")
            for each in ids
        )
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=1)


def test_rows_the_org_had_not_come_to_go_first() -> None:
    """Refusals in each of four collections are all told within the rounds, and nothing but rows changes places."""
    rows = [_effect(f"a2.{n}") for n in range(40)]
    group = _group(_effect("a1.1", ref="a1"), *rows, _effect("a3.1", links="a1"))
    refused = {each.id for n, each in enumerate(rows) if n % 3 == 0}
    org = InCollections(refused, size=10)
    check, issues = rehearsed(org, [group], CLOCK)
    assert len(issues) == len(refused)
    assert {each.id for each in rows} - set(org.tried[-1]) <= refused
    assert all((each[0], each[-1]) == ("a1.1", "a3.1") for each in org.tried)
    assert check.rounds == MOST_ROUNDS


def test_calls_run_out_over_many_groups() -> None:
    """No round is begun after the twenty-fifth call, and every group that got none is counted."""
    groups = [_group(_effect(f"a{n}.1"), name=f"g{n}") for n in range(MOST_CALLS + 2)]
    rehearsal = FakeRehearsal({})
    check, _ = rehearsed(rehearsal, groups, CLOCK)
    assert (len(rehearsal.tried), check.complete) == (MOST_CALLS, False)
    assert check.said[0].startswith("2 writes got no answer")


@dataclass
class Refusing:
    """Has no transaction for bulk groups, and accepts all others."""

    tried: int = 0

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Refuse a bulk group; accept another."""
        if group.carrier == "bulk":
            raise RefusedError("a bulk job has no transaction that could be taken back.")
        self.tried += 1
        return FakeRehearsal({}).rehearse(group)


def test_a_group_that_cannot_be_tried_is_named_and_the_others_are_tried() -> None:
    """A bulk group makes the check incomplete, with its reason; with nothing tried, nothing is left behind."""
    bulk = _group(_effect("a1.1"), carrier="bulk", atomic=False)
    check, issues = rehearsed(Refusing(), [bulk], CLOCK)
    assert (check.api_calls, check.rounds, check.complete, issues) == (0, 0, False, ())
    assert check.said == (
        "1 write got no answer: a bulk job has no transaction that could be taken back.",
    )
    rehearsal = Refusing()
    check, _ = rehearsed(rehearsal, [bulk, _group(_effect("a2.1"), carrier="graph")], CLOCK)
    assert (rehearsal.tried, check.complete) == (1, False)
    assert any("by itself" in each for each in check.said)
    assert any("order the org chooses" in each for each in check.said)


def test_a_graph_is_never_said_to_be_complete() -> None:
    """An org may come to what fails before it comes to a write, so silence about a graph proves nothing."""
    check, issues = rehearsed(FakeRehearsal({}), [_group(_effect("a1.1"), carrier="graph")], CLOCK)
    assert (issues, check.complete, check.rounds) == ((), False, 1)


def test_a_complete_check_answers_what_only_the_org_could() -> None:
    """The warnings of what only the org can check go with a complete check, and stay without one."""
    complete, _ = rehearsed(FakeRehearsal({}), [_group(_effect("a1.1"))], CLOCK)
    codes = ("lookup_filter_unchecked", "record_type_unchecked", "picklist_value_left_behind")
    issues = [Issue(code=each, message="?", severity="warning") for each in codes]
    assert [each.code for each in settled(issues, complete)] == ["picklist_value_left_behind"]
    for check in (None, complete.model_copy(update={"complete": False})):
        assert settled(issues, check) == tuple(issues)


@pytest.mark.parametrize("status", ["done", "unknown", "not_sent"])
def test_an_outcome_no_rehearsal_can_have_is_an_alarm(status: Any) -> None:
    """Anything but taken back or failed means that something may have been written."""

    class Lying:
        def rehearse(self, group: EffectGroup) -> GroupOutcome:
            outcome = EffectOutcome(effect_id="a1.1", status=status)
            return GroupOutcome(group_id=group.id, outcomes=(outcome,), api_calls=1)

    with pytest.raises(OrgProtocolError, match="without the proof"):
        rehearsed(Lying(), [_group(_effect("a1.1"))], CLOCK)


def test_an_outcome_for_other_effects_is_an_alarm() -> None:
    """Answers that do not cover the group each once are not taken."""

    class Elsewhere:
        def rehearse(self, group: EffectGroup) -> GroupOutcome:
            return GroupOutcome(group_id=group.id, outcomes=(), api_calls=1)

    with pytest.raises(OrgProtocolError):
        rehearsed(Elsewhere(), [_group(_effect("a1.1"))], CLOCK)


def test_an_org_that_cannot_be_asked_is_no_answer() -> None:
    """The error is passed on; no check is claimed."""

    class Gone:
        def rehearse(self, group: EffectGroup) -> GroupOutcome:
            raise OrgUnreachableError(f"gone before {group.id}")

    with pytest.raises(OrgUnreachableError):
        rehearsed(Gone(), [_group(_effect("a1.1"))], CLOCK)


@given(
    st.integers(1, 12).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.sets(st.integers(0, size - 1)),
            st.lists(st.integers(0, size - 1), min_size=size, max_size=size),
            st.booleans(),
        )
    )
)
def test_every_effect_is_told_refused_accepted_or_untried(
    drawn: tuple[int, set[int], list[int], bool],
) -> None:
    """Whatever fails and links: the refused have issues, and complete means that the rest was accepted together."""
    size, wrong, links, at_once = drawn
    effects = [
        _effect(f"a{n}.1", ref=f"a{n}", links=f"a{links[n]}" if links[n] < n else None)
        for n in range(size)
    ]
    rehearsal = FakeRehearsal({f"a{n}.1": (RULE,) for n in wrong}, at_once=at_once)
    check, issues = rehearsed(rehearsal, [_group(*effects)], CLOCK)
    refused = {each.action_id for each in issues}
    assert refused <= {f"a{n}" for n in wrong}
    assert len(rehearsal.tried) == check.api_calls <= MOST_ROUNDS
    last = set(_ids(rehearsal.tried[-1]))
    if check.complete:
        assert refused == {f"a{n}" for n in wrong}
        assert last - {f"{each}.1" for each in refused} == {f"a{n}.1" for n in range(size) if n not in wrong}  # fmt: skip
