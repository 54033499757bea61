"""Judging: what a rule is about, what beats what, and that the stricter counts where nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from tests.policy_scene import BOB, NOON, ORG, change, context, facts, policy, said, without_role

from actwright.guardrails.policy.facts import Person, PolicyAsk
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.way_back import kept_for_good

STAGE = change("StageName", "Closed Won", before="Prospecting")
WIN = context(STAGE, standing={"Amount": Decimal(60000)})
BIG = (
    "match: {objects: [Opportunity], transitions: [{field: StageName, to: [Closed Won]}], "
    "amounts: [{field: Amount, over: 50000}]}, effect: require, require: {people: 2}"
)


def test_the_example_of_the_brief() -> None:
    """A big deal that is won needs two people, and a sales person understands why."""
    verdict = said(policy(f"id: big-deals, {BIG}"), WIN)
    (decision,) = verdict.decisions
    assert (verdict.word, verdict.approval.people) == ("require", 2)
    assert decision.why == "Rule 1 says so: rule big-deals, policy.yaml:4."
    assert "Amount 60,000" in decision.about
    assert [each.source for each in verdict.approval.rules] == ["policy.yaml:4"]
    (issue,) = verdict.issues
    assert (issue.code, issue.severity, issue.rule) == (
        "policy_requires",
        "warning",
        "big-deals, policy.yaml:4",
    )
    assert "2 people say yes" in issue.message


@pytest.mark.parametrize(
    ("match", "word"),
    [
        ("objects: [opportunity]", "deny"),
        ("objects: [Account]", "allow"),
        ("fields: [stagename]", "deny"),
        ("fields: [Opportunity.StageName]", "deny"),
        ("fields: [Account.StageName]", "allow"),
        ("fields: [Amount]", "allow"),
        ("operations: [UPDATE]", "deny"),
        ("operations: [CREATE, DELETE]", "allow"),
        ("blueprints: [closedeal]", "deny"),
        ("blueprints: [Other]", "allow"),
        ("implementations: [standard]", "deny"),
        ("implementations: [registered, generated]", "allow"),
        ("users: [BOB@acme.example]", "deny"),
        ("users: [005000000000001AAA]", "deny"),
        ("users: [Bob]", "allow"),
        ("roles: [rep]", "deny"),
        ("roles: [Manager]", "allow"),
        ("profiles: [Sales]", "deny"),
        ("permissionSets: [a]", "deny"),
        ("permissionSets: [b]", "allow"),
        ("provenance: [goal]", "deny"),
        ("provenance: [model]", "allow"),
        ("fieldKinds: [money]", "allow"),
        ("transitions: [{field: StageName, from: [prospecting ]}]", "deny"),
        ("transitions: [{field: StageName, from: [Prospecting], to: [CLOSED WON]}]", "deny"),
        ("transitions: [{field: StageName, from: [null]}]", "allow"),
        ("transitions: [{field: Account.StageName, to: [Closed Won]}]", "allow"),
        ("amounts: [{field: Amount, over: 59999.99}]", "deny"),
        ("amounts: [{field: Amount, over: 60000}]", "allow"),
        ("amounts: [{field: Opportunity.Amount, over: 1, of: record}]", "deny"),
        ("rows: {over: 0}", "deny"),
        ("rows: {over: 1}", "allow"),
        ("calls: {over: 0}", "deny"),
        ("calls: {over: 1}", "allow"),
        ("during: [{days: [mon], from: '12:00', to: '12:01'}]", "deny"),
        ("during: [{days: [tue]}]", "allow"),
        ("outside: [{days: [mon]}]", "allow"),
        ("outside: [{days: [mon], to: '12:00'}]", "deny"),
        ("during: [{from: '13:00', to: '14:00', zone: Europe/Zurich}]", "deny"),
        ("when: 'after.StageName == \"Closed Won\"'", "deny"),
        ("when: 'user.role == \"Manager\"'", "allow"),
        ("when: 'now.weekday == \"mon\" && now.hour == 12 && plan.updates == 1'", "deny"),
        ('when: \'changes.exists(c, c.field == "StageName" && c.provenance == "goal")\'', "deny"),
        ("objects: [Opportunity], operations: [CREATE]", "allow"),
        ("fields: [StageName], provenance: [model]", "allow"),
    ],
)
def test_what_a_rule_is_about(match: str, word: str) -> None:
    """Each thing a rule may name decides, and several have to hold together."""
    assert said(policy(f"match: {{{match}}}, effect: deny"), WIN).word == word


def test_what_beats_what() -> None:
    """Deny beats require, require beats allow and warn, in whatever order they stand."""
    rules = ["match: {objects: [Task]}, effect: warn"]
    rules += [
        "match: {fields: [StageName]}, effect: warn",
        BIG,
        "match: {roles: [Rep]}, effect: deny",
    ]
    assert said(policy(*rules), WIN).word == "deny"
    assert said(policy(*reversed(rules)), WIN).word == "deny"
    assert said(policy(*rules[:3]), WIN).word == "require"
    assert said(policy(*rules[:2]), WIN).word == "warn"
    assert said(policy(*rules[:1]), WIN).word == "allow"


def test_what_several_rules_ask_for_adds_up() -> None:
    """The most people, keys where one wants them, and those whom every list names."""
    verdict = said(
        policy(
            "match: {}, effect: require, require: {people: 3, who: [Ann, Eve, Sales Ops]}",
            "match: {fields: [StageName]}, effect: require, require: {keys: true, who: [eve, Tom]}",
        ),
        WIN,
    )
    need = verdict.approval
    assert (need.people, need.keys, need.who) == (3, True, ("Eve",))
    assert [each.id for each in need.rules] == ["r1", "r2"]


def test_people_nobody_is_one_of() -> None:
    """Where two rules name different people, nobody may say yes, and both are named."""
    verdict = said(
        policy(
            "match: {fields: [StageName]}, effect: require, require: {who: [Ann]}",
            "match: {roles: [Rep]}, effect: require, require: {who: [Tom]}",
        ),
        WIN,
    )
    (found,) = (each for each in verdict.issues if each.severity == "error")
    assert found.code == "policy_nobody_may_confirm"
    assert "r1" in found.message
    assert "r2" in found.message


@pytest.mark.parametrize(
    "match",
    ["roles: [X]", "profiles: [X]", "permissionSets: [X]", "when: 'user.role == \"X\"'"],
)
def test_what_nobody_knows_counts_as_the_stricter(match: str) -> None:
    """A rule that denies holds of somebody of whom the org tells nothing; a rule that allows does not."""
    unknown = without_role()
    denied = said(policy(f"match: {{{match}}}, effect: deny"), WIN, person=unknown)
    assert denied.word == "deny"
    assert "so the stricter counts" in denied.decisions[0].about
    allowing = policy(f"match: {{{match}}}, effect: allow", head="default: deny")
    assert said(allowing, WIN, person=unknown).word == "deny"
    known = replace(BOB, role="X", profile="X", permission_sets=("X",))
    assert said(allowing, WIN, person=known).word == "allow"


def test_exceptions() -> None:
    """A rule with ``unless`` spares who is named, and nobody of whom that is not known."""
    rule = policy("match: {fields: [StageName]}, unless: {roles: [Boss]}, effect: deny")
    assert said(rule, WIN).word == "deny"
    assert said(rule, WIN, person=replace(BOB, role="boss")).word == "allow"
    assert said(rule, WIN, person=without_role()).word == "deny"


def test_an_amount_nobody_knows_is_too_large() -> None:
    """A field that was not read, a text, or the id of a new record may hold anything; one that is not there, nothing."""
    rule = policy(
        "match: {objects: [Opportunity], amounts: [{field: Amount, over: 5}]}, effect: deny"
    )
    assert said(rule, context(STAGE)).word == "deny"
    assert said(rule, context(change("Amount", "9", family="string"))).word == "deny"
    assert said(rule, context(change("Amount", linked_to="new"))).word == "deny"
    assert said(rule, context(STAGE, operation="CREATE")).word == "allow"
    none = policy("match: {amounts: [{field: Budget__c, over: 5}]}, effect: deny")
    assert said(none, context(STAGE)).word == "allow"


def test_amounts_add_up_over_the_plan() -> None:
    """Splitting gains nothing, signs neither; an effect of two actions counts once."""
    rule = policy("match: {fields: [Amount], amounts: [{field: Amount, over: 100}]}, effect: deny")

    def of(*amounts: int, also: tuple[str, ...] = ()) -> str:
        effects = [
            context(change("Amount", Decimal(each)), number=place, also_for=also)
            for place, each in enumerate(amounts, start=1)
        ]
        return said(
            rule, *effects, *(replace(each, action_id=key) for each in effects for key in also)
        ).word

    assert of(60, 40) == "allow"
    assert of(60, 41) == "deny"
    assert of(-60, -41) == "deny"
    assert of(100, -100) == "deny"
    assert of(60, also=("b",)) == "allow"
    single = (
        "match: {fields: [Amount], amounts: [{field: Amount, over: 100, of: record}]}, effect: deny"
    )
    effects = [context(change("Amount", Decimal(90)), number=place) for place in (1, 2)]
    assert said(policy(single), *effects).word == "allow"


def test_lowering_an_amount_beside_does_not_help() -> None:
    """The larger of what stands there and of what is written counts."""
    lowered = context(STAGE, change("Amount", Decimal(1), before=Decimal(60000)))
    assert said(policy(BIG), lowered).word == "require"


def test_rows_are_counted_over_what_the_rule_is_about() -> None:
    """Eleven deals are too many, eleven records of which ten are deals are not."""
    rule = policy("match: {objects: [Opportunity], rows: {over: 10}}, effect: deny")
    deals = [context(STAGE, number=place) for place in range(1, 12)]
    assert said(rule, *deals).word == "deny"
    other = context(STAGE, on="Account", number=20)
    assert said(rule, *deals[:10], other).word == "allow"
    (decision,) = said(rule, *deals).decisions
    assert decision.count == 11
    assert "and 8 more" in decision.about


def test_children_that_go_with_a_record_are_counted() -> None:
    """A delete that takes three contacts along is four deletes, and three of contacts."""
    gone = context(operation="DELETE", on="Account", cascade=("Contact", 3))
    allowed = "match: {operations: [DELETE]}, effect: allow"
    for match, word in (
        ("objects: [Contact], rows: {over: 2}", "deny"),
        ("objects: [Contact], rows: {over: 3}", "allow"),
        ("operations: [DELETE], rows: {over: 3}", "deny"),
        ("objects: [Account], when: 'plan.deletes == 4'", "deny"),
        ("objects: [Account], rows: {over: 1}", "allow"),
    ):
        assert said(policy(allowed, f"match: {{{match}}}, effect: deny"), gone).word == word, match


def test_deletes_are_denied_unless_a_rule_names_them() -> None:
    """A rule that allows writing says nothing of deletes."""
    gone = context(operation="DELETE", on="Task")
    assert said(policy(), gone).word == "deny"
    assert said(policy("match: {objects: [Task]}, effect: allow"), gone).word == "deny"
    named = policy("match: {objects: [Task], operations: [DELETE]}, effect: allow")
    assert said(named, gone).word == "allow"
    assert said(named, context(operation="DELETE", on="Account")).word == "deny"
    (issue,) = said(policy(), gone).issues
    assert issue.message == "No rule allows deleting Task records: rule default, policy.yaml."
    assert issue.rule == "default, policy.yaml"


def test_what_acts_alone_is_denied_unless_a_rule_names_it() -> None:
    """Overrides that act by themselves need a rule that says so; a call to a service its operation."""
    alone = context(change("To", "x"), kind="opaque")
    call = context(change("To", "x"), kind="call")
    assert [said(policy(), each).word for each in (alone, call)] == ["deny", "deny"]
    opaque = policy("match: {implementations: [opaque]}, effect: allow")
    assert [said(opaque, each).word for each in (alone, call)] == ["allow", "deny"]
    calls = policy("match: {operations: [CALL]}, effect: allow")
    assert [said(calls, each).word for each in (alone, call)] == ["allow", "allow"]
    assert said(policy(), alone).issues[0].code == "policy_unknown"


def test_what_acts_alone_may_write_anything() -> None:
    """A rule about a field of its object is about it, whatever it says that it does."""
    allowed = "match: {implementations: [opaque]}, effect: allow"
    for match in (
        "objects: [Opportunity], fields: [Amount]",
        "objects: [Opportunity], transitions: [{field: StageName, to: [Closed Won]}]",
        "objects: [Opportunity], amounts: [{field: Amount, over: 5}]",
        "objects: [Opportunity], operations: [UPDATE]",
    ):
        chosen = policy(allowed, f"match: {{{match}}}, effect: deny")
        assert said(chosen, context(change("To", "x"), kind="opaque")).word == "deny", match


def test_what_is_not_known_is_never_allowed() -> None:
    """Neither a hidden object nor a field that is not there, even where a rule allows everything."""
    everything = policy("match: {}, effect: allow", head="default: deny")
    assert said(everything, context(STAGE)).word == "allow"
    assert said(everything, context(STAGE, hidden=True)).word == "deny"
    assert said(everything, context(change("Nope__c", "x"))).word == "deny"
    (issue,) = said(everything, context(change("Nope__c", "x"))).issues
    assert issue.code == "policy_unknown"


def test_a_closed_policy_allows_field_by_field() -> None:
    """Each written field needs a rule; what is left over is named."""
    chosen = policy(
        "match: {objects: [Opportunity], fields: [Name], operations: [CREATE, UPDATE]}, effect: allow",
        "match: {objects: [Opportunity], transitions: [{field: StageName, to: [Closed Won]}]}, effect: allow",
        head="default: deny",
    )
    name = change("Name", "x")
    assert said(chosen, context(name, STAGE)).word == "allow"
    verdict = said(chosen, context(name, STAGE, change("Amount", Decimal(1))))
    assert verdict.word == "deny"
    (denied,) = (each for each in verdict.decisions if each.effect == "deny")
    assert denied.fields == ("Amount",)
    assert said(chosen, context(change("StageName", "Prospecting"))).word == "deny"
    assert said(chosen, context(name, on="Account")).word == "deny"


def test_an_upsert_is_a_create_and_an_update() -> None:
    """A rule about either is about it, and to allow it takes both or its name."""
    upsert = context(change("Name", "x"), operation="UPSERT")
    for operation in ("CREATE", "UPDATE", "UPSERT"):
        denying = policy(f"match: {{operations: [{operation}]}}, effect: deny")
        assert said(denying, upsert).word == "deny"
    allowing = "match: {{operations: [{}]}}, effect: allow"
    for named, word in (
        ("CREATE", "deny"),
        ("UPDATE", "deny"),
        ("UPSERT", "allow"),
        ("CREATE, UPDATE", "allow"),
    ):
        assert said(policy(allowing.format(named), head="default: deny"), upsert).word == word


def test_a_field_that_stays_as_it_is_is_not_written() -> None:
    """The key an upsert matched on, and a value that stands already, say nothing; a new record's do."""
    rule = policy("match: {fields: [Email], provenance: [model]}, effect: deny")
    same = change("Email", "a@b.example", before="a@b.example", provenance="model")
    assert said(rule, context(same)).word == "allow"
    assert said(rule, context(same, operation="CREATE")).word == "deny"


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T21:59:00+00:00", False),
        ("2026-11-23T22:00:00+00:00", True),
        ("2026-11-24T05:59:00+00:00", True),
        ("2026-11-24T06:00:00+00:00", False),
        ("2026-11-24T23:00:00+00:00", False),
        ("2026-11-23T05:00:00+00:00", False),
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_begins(at: str, is_open: bool) -> None:  # noqa: FBT001 - a case
    """Monday night ends on Tuesday morning, and there is no Sunday night in it."""
    rule = policy("match: {during: [{days: [mon], from: '22:00', to: '06:00'}]}, effect: deny")
    assert (said(rule, WIN, now=datetime.fromisoformat(at)).word == "deny") is is_open


def test_log_only_stops_nothing_and_says_so() -> None:
    """Its own rules are logged, loudly; the built-in ones hold all the same."""
    chosen = policy("match: {fields: [StageName]}, effect: deny", BIG, head="mode: log-only")
    verdict = said(chosen, WIN)
    assert verdict.word == "allow"
    assert verdict.approval.plain
    assert {each.code for each in verdict.issues} == {"policy_log_only"}
    assert {each.severity for each in verdict.issues} == {"warning"}
    assert all(each.message.startswith("Only logged, not enforced: ") for each in verdict.issues)
    assert [each.enforced for each in verdict.decisions] == [False, False]
    assert "ONLY LOGS" in verdict.notices[0]
    made_up = said(chosen, context(change("Email", "x@evil.example", provenance="model")))
    assert made_up.word == "deny"
    assert said(chosen, context(STAGE, hidden=True)).word == "deny"


def test_undo_is_not_warned_of() -> None:
    """What a rule merely warns of is no news where it is taken back; what it denies stays denied."""
    copied = context(change("Email", "a@b.example", before="c@d.example", provenance="record"))
    built_in = Policy.built_in()
    assert said(built_in, copied).word == "warn"
    seen = facts(copied, taking_back=True)
    assert built_in.judge(PolicyAsk(seen, Person("bob"), ORG, NOON)).word == "allow"


def test_what_the_policy_keeps_from_being_taken_back_is_known_beforehand() -> None:
    """A created record is taken back by a delete, which a policy of one's own has to allow; a change by a change."""
    own = policy("match: {objects: [Lead]}, effect: deny")
    new = context(STAGE, operation="CREATE", key="b")
    ask = PolicyAsk(facts(WIN, new), BOB, ORG, NOON)
    assert list(kept_for_good(own, ask)) == ["b.1"]
    assert "No rule allows deleting Opportunity records" in kept_for_good(own, ask)["b.1"]
    assert kept_for_good(Policy.built_in(), ask) == {}
    back = "match: {transitions: [{field: StageName, to: [Prospecting]}]}, effect: deny"
    assert list(kept_for_good(policy(back), PolicyAsk(facts(WIN), BOB, ORG, NOON))) == ["a.1"]
    assert kept_for_good(policy(back, head="mode: log-only"), ask) == {}
