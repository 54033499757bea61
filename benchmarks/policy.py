"""How long a policy of 200 rules takes to decide an action, and a plan of 200 of them."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from actwright.guardrails.policy.facts import Facts, FieldFact, Person, PolicyAsk
from actwright.guardrails.policy.policy import Policy
from actwright.org.identity import OrgIdentity
from actwright.org.value import FieldValue
from benchmarks._row import Row, row

_RULES = 200
_ACTIONS = 200
_ROUNDS = 40
_BAR_US = 200.0
_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
_WORST = (
    "objects: [Opportunity], operations: [UPDATE], fields: [StageName, Amount], roles: [Role {n}]"
)
_MIXED = (
    "objects: [Object{n}__c], fields: [Field{n}__c]",
    "fields: [Field{n}__c], provenance: [model]",
    "objects: [Opportunity], transitions: [{{field: StageName, to: [Stage {n}]}}]",
    "objects: [Opportunity], blueprints: [B{n}], when: 'plan.rows > {n}'",
    "objects: [Opportunity], amounts: [{{field: Amount, over: {n}000000}}]",
)
"""What rules are about; ``{n}`` is their number."""


def run() -> list[Row]:
    """Measure policies on the way a preview takes them."""
    mixed = _policy([_MIXED[n % len(_MIXED)].format(n=n) for n in range(1, _RULES + 1)])
    worst = _policy([_WORST.format(n=n) for n in range(1, _RULES + 1)])
    built_in = Policy.built_in()
    return [
        row("policy of 200 mixed rules, one action", _us(mixed, 1), "us", _BAR_US),
        row(
            "policy of 200 rules that all reach the last question, one action", _us(worst, 1), "us"
        ),
        row("policy of 200 mixed rules, plan of 200 actions", _us(mixed, _ACTIONS) / 1e3, "ms"),
        row("built-in policy, one action", _us(built_in, 1), "us"),
    ]


def _policy(rules: list[str]) -> Policy:
    lines = (
        f"  - {{id: r{at}, description: d, effect: deny, match: {{{each}}}}}"
        for at, each in enumerate(rules)
    )
    return Policy.parse("version: 1\nrules:\n" + "\n".join(lines))


def _us(policy: Policy, actions: int) -> float:
    """Return the microseconds one judgement takes, facts being known."""
    person = Person("ann@example.com", role="None", profile="Standard User", permission_sets=())
    org = OrgIdentity(id="00D", url="bench")
    took = []
    for _ in range(_ROUNDS):
        ask = PolicyAsk([_facts(n) for n in range(actions)], person, org, _NOON, calls=1)
        begun = perf_counter()
        policy.judge(ask)
        took.append(perf_counter() - begun)
    return median(took) * 1e6


def _facts(number: int) -> Facts:
    fields = (
        _field("StageName", "New", "Won"),
        _field("Amount", 1, 2),
        _field("CloseDate", None, "2026-12-01"),
    )
    return Facts(
        f"e{number}",
        f"a{number}",
        "Opportunity",
        "Opportunity",
        frozenset({"UPDATE"}),
        "UPDATE",
        "record",
        "UpdateOpportunity",
        "standard",
        fields,
        record_id=f"006{number:012d}",
    )


def _field(name: str, before: FieldValue, after: FieldValue) -> FieldFact:
    return FieldFact(
        name, name.lower(), before, after, linked=False, provenance="goal", kinds=frozenset()
    )
