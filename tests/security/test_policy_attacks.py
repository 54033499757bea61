"""Attacks on the policy: hostile files, effects that try to pass under a rule, and whoever tries to loosen it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pydantic import ValidationError
from tests.policy_scene import BOB, NOON, ORG, change, context, facts, policy, said, without_role

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.plan import Plan
from actwright.checkpoints.policing import covered
from actwright.checkpoints.preview import PreviewedAction, Terms
from actwright.errors import PolicyError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.guardrails.policy.facts import PolicyAsk
from actwright.guardrails.policy.gathering import facts_of
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.reading import ReadPolicy
from actwright.guardrails.policy.source import PolicySource
from actwright.org.effect import EffectOperation
from actwright.settings import load_settings

HEAD = "version: 1\nrules:\n"
RULE = "- {id: a, description: d, effect: deny, match: %s}\n"


def of(match: str) -> str:
    """Return a policy of one rule about something."""
    return HEAD + RULE % match


HOSTILE_FILES: dict[str, str | bytes] = {
    "an unknown key at the top": "version: 1\nrule: []\n",
    "an unknown key in a rule": HEAD
    + "- {id: a, description: d, effect: deny, match: {}, priority: 1}\n",
    "an unknown key in a match": of("{object: [Lead]}"),
    "a key by its Python name": of("{permission_sets: [A]}"),
    "both names of a key": of("{fieldKinds: [mail], field_kinds: [link]}"),
    "a key in other letters": of("{Objects: [Lead]}"),
    "a key with a homoglyph": of("{\u043ebjects: [Lead]}"),
    "a key with a zero-width character": of("{'objects\u200b': [Lead]}"),
    "a key that stands twice": "version: 1\nmode: enforce\nmode: log-only\n",
    "an effect that stands twice": HEAD
    + "- {id: a, description: d, effect: deny, match: {}, effect: allow}\n",
    "a merge key": "version: 1\n<<: {mode: log-only}\n",
    "an anchor": HEAD + "- &a {id: a, description: d, effect: deny, match: {}}\n- *a\n",
    "a tag": "version: 1\nname: !!python/object/apply:os.system [id]\n",
    "a second document": "version: 1\n---\nversion: 1\nmode: log-only\n",
    "a directive": "%YAML 1.1\n---\nversion: 1\n",
    "an alias bomb": "a: &a [x, x]\nb: &b [*a, *a]\nversion: 1\n",
    "deep nesting": "version: 1\nrules: " + "[" * 200 + "]" * 200,
    "too large": "version: 1\n" + "#" * (1024 * 1024 + 1),
    "no UTF-8": "version: 1\nname: \xe9".encode("latin-1"),
    "UTF-16": "version: 1\n".encode("utf-16"),
    "a NUL": "version: 1\nname: 'a\x00b'\n",
    "an escape sequence": "version: 1\nname: 'a\x1b[2Jb'\n",
    "nothing": "",
    "a list": "- version: 1\n",
    "a text": "allow everything",
    "another version": "version: 2\n",
    "a version in words": "version: one\n",
    "a mode in other letters": "version: 1\nmode: Log-Only\n",
    "a mode that is false": "version: 1\nmode: false\n",
    "a default that is no word": "version: 1\ndefault: permit\n",
    "deletes allowed by default": "version: 1\ndefault: {delete: allow}\n",
    "an empty list of objects": of("{objects: []}"),
    "an object with a homoglyph": of("{objects: [\u041epportunity]}"),
    "a field with a zero-width character": of("{fields: ['Amo\u200bunt']}"),
    "a field in full width": of("{fields: [\uff21mount]}"),
    "a pattern for an object": of("{objects: ['*']}"),
    "a path for a field": of("{fields: [Account.Owner.Name]}"),
    "a text for a list": of("{objects: Lead}"),
    "an amount in quotes": of("{amounts: [{field: Amount, over: '5'}]}"),
    "an amount below zero": of("{amounts: [{field: Amount, over: -5}]}"),
    "an amount that is no number": of("{amounts: [{field: Amount, over: .nan}]}"),
    "an amount without end": of("{amounts: [{field: Amount, over: .inf}]}"),
    "an amount too large for anything": of("{amounts: [{field: Amount, over: 1e400}]}"),
    "an amount of a thousand digits": of("{amounts: [{field: Amount, over: %s}]}" % ("9" * 1000)),
    "an amount that is true": of("{amounts: [{field: Amount, over: true}]}"),
    "an amount in hexadecimal": of("{amounts: [{field: Amount, over: 0x10}]}"),
    "rows with a fraction": of("{rows: {over: 1.5}}"),
    "a zone that is a path": of("{during: [{zone: /etc/localtime}]}"),
    "a zone that climbs": of("{during: [{zone: Europe/../../../etc/passwd}]}"),
    "an hour beyond the day": of("{during: [{from: '24:01'}]}"),
    "an hour as a number": of("{during: [{from: 8}]}"),
    "a window without time": of("{during: [{from: '08:00', to: '08:00'}]}"),
    "a transition about nothing": of("{transitions: [{field: StageName}]}"),
    "a transition by its Python name": of("{transitions: [{field: StageName, from_: [a]}]}"),
    "an allowance with a ceiling": HEAD
    + "- {id: a, description: d, effect: allow, match: {rows: {over: 5}}}\n",
    "an allowance by a blueprint's name": HEAD
    + "- {id: a, description: d, effect: allow, match: {blueprints: [CloseDeal]}}\n",
    "an allowance by a blueprint's name in a condition": HEAD
    + "- {id: a, description: d, effect: allow, match: {when: 'effect . blueprint == \"CloseDeal\"'}}\n",
    "nobody to confirm": HEAD
    + "- {id: a, description: d, effect: require, match: {}, require: {people: 0}}\n",
    "a rule without a description": HEAD + "- {id: a, effect: deny, match: {}}\n",
    "an id that breaks a line": HEAD + '- {id: "a\\nb", description: d, effect: deny, match: {}}\n',
    "the id of a built-in rule": HEAD + "- {id: rights, description: d, effect: warn, match: {}}\n",
    "a built-in rule that is not there": "version: 1\nwithout: ['*']\n",
    "a budget of nothing": "version: 1\nbudgets: [{id: a, description: d, per: day}]\n",
    "a budget below zero": "version: 1\nbudgets: [{id: a, description: d, per: day, rows: -1}]\n",
    "a read that writes": "version: 1\nhttp: {reads: ['DELETE https://a.example/']}\n",
    "a read of everything": "version: 1\nhttp: {reads: ['GET https://*']}\n",
}
BOMBS = {
    "no CEL": "allow",
    "Python": "user.name == 'x' and True",
    "an assignment": "user.name = 'x'",
    "an unknown name": "env.HOME == 'x'",
    "no truth": "plan.rows",
    "a text that is true": "'true'",
    "a long sum": "+".join(["1"] * 600) + " > 0",
    "nested lists": "[1,2].all(a, [1,2].all(b, [1,2].all(c, a + b + c > 0)))",
    "growing text": "['a'].map(x, x + x + x).size() > 0",
    "nested brackets": "(" * 200 + "true" + ")" * 200,
    "a pattern from a value": "user.name.matches(user.username)",
    "too long": "true && " * 200 + "true",
    "an invisible character": "user.name\u200b == 'x'",
    "a call of what is not there": "system('id') == 0",
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_is_refused(name: str) -> None:
    """With an error that says where, in no time, and nothing of it holds."""
    begun = monotonic()
    with pytest.raises(PolicyError) as caught:
        Policy.parse(HOSTILE_FILES[name])
    assert caught.value.where
    assert "policy.yaml" in f"{caught.value.where} {caught.value.message}"
    assert f"{caught.value.message}{caught.value.hint}".isprintable()
    assert monotonic() - begun < 3


@pytest.mark.parametrize("name", BOMBS)
def test_a_bad_condition_is_refused_when_it_is_read(name: str) -> None:
    """The rule is named, and it never comes to be asked."""
    text = BOMBS[name].replace('"', '\\"')
    with pytest.raises(PolicyError) as caught:
        Policy.parse(of(f'{{when: "{text}"}}'))
    assert "policy.yaml" in f"{caught.value.where}"


def test_a_condition_that_breaks_down_counts_as_the_stricter() -> None:
    """Errors of CEL are values that look true: a rule that denies holds, one that allows does not."""
    broken = (
        "1 / (plan.rows - 1) > 0",
        "after.Nope == 1",
        "changes[7].field == 'x'",
        "before.Amount > 'x'",
    )
    effect = context(change("Name", "x"))
    for each in broken:
        assert said(policy(f'match: {{when: "{each}"}}, effect: deny'), effect).word == "deny", each
        closed = policy(f'match: {{when: "{each}"}}, effect: allow', head="default: deny")
        assert said(closed, effect).word == "deny", each


def test_a_condition_is_not_blinded_by_a_large_or_odd_value() -> None:
    """A text of a megabyte, a NUL, half a character, a huge number: what cannot be asked counts as the stricter."""
    for value in ("x" * 1_000_000, "a\x00b", "a\ud800b", "1" * 400):
        effect = context(change("Name", value), change("Description", value))
        chosen = policy("match: {when: 'after.Name == \"fine\"'}, effect: deny")
        word = said(chosen, effect).word
        assert word == ("allow" if value == "1" * 400 else "deny")
    big = context(change("Amount", Decimal(10) ** 25))
    assert said(policy("match: {when: 'after.Amount > 5.0'}, effect: deny"), big).word == "deny"


DENY = "effect: deny"
AMOUNT = f"match: {{amounts: [{{field: Amount, over: 100}}]}}, {DENY}"
MONEY = f"match: {{fields: [Amount], amounts: [{{field: Amount, over: 100}}]}}, {DENY}"
MADE_UP = f"match: {{fields: [Description], provenance: [model, extract]}}, {DENY}"
STAGES = f"match: {{transitions: [{{field: StageName, from: [New], to: [Won]}}]}}, {DENY}"
FEW = f"match: {{objects: [Opportunity], rows: {{over: 2}}}}, {DENY}"

WRITES: tuple[EffectOperation, ...] = ("CREATE", "UPDATE", "UPSERT")
EFFECTS: dict[str, tuple[str, Sequence[EffectContext]]] = {
    "a field in other letters": (
        f"match: {{fields: [Amount]}}, {DENY}",
        [context(change("aMOUNT", Decimal(1)))],
    ),
    "an object in other letters": (
        f"match: {{objects: [Opportunity]}}, {DENY}",
        [context(change("Name", "x"), on="oPPORTUNITY")],
    ),
    "a field with a homoglyph": (
        f"match: {{fields: [Amount]}}, {DENY}",
        [context(change("Am\u043eunt", 1))],
    ),
    "a field with a zero-width character": (
        f"match: {{fields: [Amount]}}, {DENY}",
        [context(change("Amo\u200bunt", 1))],
    ),
    "a field in full width": (
        f"match: {{fields: [Amount]}}, {DENY}",
        [context(change("\uff21mount", 1))],
    ),
    "a field with a blank": (
        f"match: {{fields: [Amount]}}, {DENY}",
        [context(change("Amount ", 1))],
    ),
    "a path to a field": (
        f"match: {{fields: [Amount]}}, {DENY}",
        [context(change("Deal.Amount", 1))],
    ),
    "an object the org does not show": (
        "match: {}, effect: allow",
        [context(change("Name", "x"), hidden=True)],
    ),
    "an upsert for an update": (
        f"match: {{operations: [UPDATE], fields: [Amount]}}, {DENY}",
        [context(change("Amount", Decimal(1)), operation="UPSERT")],
    ),
    "an upsert for a create": (
        f"match: {{operations: [CREATE], fields: [Amount]}}, {DENY}",
        [context(change("Amount", Decimal(1)), operation="UPSERT")],
    ),
    "an amount split over records": (
        MONEY,
        [context(change("Amount", Decimal(51)), number=each) for each in (1, 2)],
    ),
    "an amount split over actions": (
        MONEY,
        [context(change("Amount", Decimal(51)), key=key, number=at) for at, key in enumerate("ab")],
    ),
    "a negative amount": (MONEY, [context(change("Amount", Decimal(-101)))]),
    "amounts that cancel out": (
        MONEY,
        [context(change("Amount", Decimal(each)), number=at) for at, each in enumerate((90, -90))],
    ),
    "an amount as a text": (MONEY, [context(change("Amount", "1", family="string"))]),
    "an amount that is true": (MONEY, [context(change("Amount", True, family="boolean"))]),  # noqa: FBT003 - a value
    "an amount with an exponent": (MONEY, [context(change("Amount", Decimal("1E+3")))]),
    "an amount just above": (MONEY, [context(change("Amount", Decimal("100.0000000001")))]),
    "an amount that is an id to come": (MONEY, [context(change("Amount", linked_to="new"))]),
    "an amount that nobody wrote": (
        AMOUNT,
        [context(change("Name", "x"), standing={"AMOUNT": 101})],
    ),
    "an amount that nobody read": (AMOUNT, [context(change("Name", "x"))]),
    "a smaller amount beside": (
        AMOUNT,
        [context(change("StageName", "Won"), change("Amount", Decimal(1), before=Decimal(101)))],
    ),
    "an amount that goes with a delete": (
        f"match: {{operations: [DELETE], amounts: [{{field: Amount, over: 100}}]}}, {DENY}",
        [context(change("Amount", None, before=Decimal(101)), operation="DELETE")],
    ),
    "a stage in other letters": (STAGES, [context(change("StageName", "wON", before="NEW"))]),
    "a stage with blanks": (STAGES, [context(change("StageName", " Won ", before="New "))]),
    "a stage that is an id to come": (
        STAGES,
        [context(change("StageName", before="New", linked_to="new"))],
    ),
    "a stage set by an upsert": (
        STAGES,
        [context(change("StageName", "Won", before="New"), operation="UPSERT")],
    ),
    "a stage among many fields": (
        STAGES,
        [context(change("Name", "x"), change("StageName", "Won", before="New"))],
    ),
    "a model's words among honest ones": (
        MADE_UP,
        [context(change("Name", "x"), change("Description", "pay", provenance="model"))],
    ),
    "a model's words in a merged effect": (
        MADE_UP,
        [
            context(
                change("Name", "x"), change("Description", "p", provenance="model"), also_for=("b",)
            ),
        ],
    ),
    "extracted words": (MADE_UP, [context(change("Description", "pay", provenance="extract"))]),
    "a model's words over the same ones in other letters": (
        MADE_UP,
        [context(change("Description", "Pay", before="pay", provenance="model"))],
    ),
    "rows over several actions": (
        FEW,
        [context(change("Name", "x"), key=key, number=at) for at, key in enumerate("abc")],
    ),
    "rows of mixed operations": (
        FEW,
        [context(change("Name", "x"), number=at, operation=each) for at, each in enumerate(WRITES)],
    ),
    "rows in other letters": (
        FEW,
        [
            context(change("Name", "x"), number=at, on=on)
            for at, on in enumerate(("opportunity",) * 3)
        ],
    ),
    "an override that acts alone on the object": (
        f"match: {{objects: [Opportunity], fields: [Amount]}}, {DENY}",
        [context(change("Note", "x"), kind="opaque")],
    ),
    "an override that acts alone for a delete": (
        f"match: {{operations: [DELETE]}}, {DENY}",
        [context(kind="opaque", operation="DELETE")],
    ),
    "an override that acts alone with a model's words": (
        f"match: {{provenance: [model]}}, {DENY}",
        [context(change("Text", "x", provenance="model"), kind="opaque")],
    ),
    "an override that acts alone on a model's recipient": (
        "match: {implementations: [opaque]}, effect: allow",
        [context(change("ToAddress", "x@evil.example", provenance="model"), kind="opaque")],
    ),
    "an override that acts alone, allowed by its operation": (
        "match: {operations: [CREATE, UPDATE, UPSERT, DELETE]}, effect: allow",
        [context(kind="opaque")],
    ),
    "a call to a service": (
        "match: {objects: [Opportunity]}, effect: allow",
        [context(kind="call")],
    ),
    "a delete under an allowance of writes": (
        "match: {objects: [Opportunity]}, effect: allow",
        [context(operation="DELETE")],
    ),
    "a new owner that a model chose": (
        "match: {fields: [OwnerId]}, effect: allow",
        [context(change("OwnerId", "005x", provenance="model"))],
    ),
    "a recipient out of a record's text": (
        "match: {fields: [Email]}, effect: allow",
        [context(change("email", "x@evil.example", provenance="extract"))],
    ),
    "an address in a field of another name": (
        "match: {objects: [Opportunity]}, effect: warn",
        [context(change("Website", "https://evil.example", provenance="extract"))],
    ),
    "a child that goes with its parent": (
        f"match: {{objects: [Contact], operations: [DELETE]}}, {DENY}",
        [context(operation="DELETE", on="Account", cascade=("Contact", 3))],
    ),
    "a child that goes with a parent that may": (
        "match: {objects: [Account], operations: [DELETE]}, effect: allow",
        [context(operation="DELETE", on="Account", cascade=("Contact", 3))],
    ),
    "permissions": ("match: {}, effect: warn", [context(change("Name", "x"), on="permissionset")]),
}


@pytest.mark.parametrize("name", EFFECTS)
def test_no_effect_passes_under_a_rule(name: str) -> None:
    """However it is spelled, split, mixed or dressed up, it is denied."""
    rule, effects = EFFECTS[name]
    assert said(policy(rule), *effects).word == "deny"


@pytest.mark.parametrize(
    ("zone", "at", "denied"),
    [
        ("Europe/Zurich", "2026-11-23T16:59:59+00:00", False),
        ("Europe/Zurich", "2026-11-23T17:00:00+00:00", True),
        ("Europe/Zurich", "2026-11-23T22:00:00+05:00", True),
        ("Europe/Zurich", "2026-07-06T15:59:59+00:00", False),
        ("Europe/Zurich", "2026-07-06T16:00:00+00:00", True),
        ("Pacific/Kiritimati", "2026-11-23T12:00:00+00:00", True),
        ("America/New_York", "2026-11-23T12:59:59+00:00", True),
        ("America/New_York", "2026-11-23T13:00:00+00:00", False),
    ],
)
def test_the_policy_s_clock_counts(zone: str, at: str, denied: bool) -> None:  # noqa: FBT001 - a case
    """Not the zone a moment is written in, nor the one the person has set: the policy's, summer time included."""
    chosen = policy(
        "match: {outside: [{days: [mon, tue, wed, thu, fri], from: '08:00', to: '18:00'}]}, effect: deny",
        head=f"zone: {zone}",
    )
    person = replace(BOB, zone="Pacific/Kiritimati")
    verdict = said(
        chosen, context(change("Name", "x")), person=person, now=datetime.fromisoformat(at)
    )
    assert (verdict.word == "deny") is denied


@pytest.mark.parametrize(
    "person",
    [
        replace(BOB, name="boss@acme.example"),
        replace(BOB, username="Boss@Acme.Example "),
        replace(BOB, username="b\u043ess@acme.example"),
        replace(BOB, role="B\u043ess"),
        replace(BOB, role="", profile="", permission_sets=()),
        without_role(),
    ],
    ids=["by name", "by a blank", "by a homoglyph", "a role's homoglyph", "no role", "unknown"],
)
def test_nobody_passes_for_somebody_else(person: Any) -> None:
    """An exception is for the very login, role or profile, and for nobody of whom it is not known."""
    rule = (
        "match: {fields: [Name]}, unless: {users: [boss@acme.example], roles: [Boss]}, effect: deny"
    )
    assert said(policy(rule), context(change("Name", "x")), person=person).word == "deny"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (ApprovalNeed(people=2), ApprovalNeed()),
        (ApprovalNeed(keys=True), ApprovalNeed(people=5)),
        (ApprovalNeed(who=("Ann",)), ApprovalNeed()),
        (ApprovalNeed(who=("Ann",)), ApprovalNeed(who=("Ann", "Tom"))),
        (ApprovalNeed(who=("Ann",)), ApprovalNeed(who=("\u0410nn",))),
    ],
)
def test_a_smaller_yes_covers_no_larger_need(wanted: ApprovalNeed, given: ApprovalNeed) -> None:
    """Fewer people, no keys, anybody instead of somebody: the last look refuses it."""
    assert not covered(wanted, given)
    assert covered(given, given)


@pytest.mark.parametrize(
    "word", ["policy", "policyVersion", "approval", "mode", "without", "allowDelete"]
)
def test_neither_plan_nor_blueprint_nor_terms_carry_a_policy(word: str) -> None:
    """There is no place in any of them to say a word about it."""
    blueprint = {"name": "A", "operation": "CREATE", "targetSObject": "Task", "inputs": []}
    with pytest.raises(ValidationError):
        ActionBlueprint.model_validate({**blueprint, word: "log-only"})
    with pytest.raises(ValidationError):
        Plan.model_validate(
            {"goal": "g", "actions": [], "planner": {"kind": "scripted"}, word: "x"}
        )
    if word != "allowDelete":
        with pytest.raises(ValidationError):
            Terms.model_validate({word: "x"})


def test_an_override_cannot_say_what_it_is() -> None:
    """What carries an action out is what resolved it; one nobody knows counts as one that acts by itself."""
    denying = policy("match: {implementations: [registered, opaque]}, effect: deny")
    effect = context(change("Name", "x"), blueprint="standard")
    assert said(denying, effect, implementation="registered").word == "deny"
    (unknown,) = facts_of([effect], {})
    assert unknown.implementation == "opaque"
    assert denying.judge(PolicyAsk((unknown,), BOB, ORG, NOON)).word == "deny"
    with pytest.raises(ValidationError):
        PreviewedAction.model_validate(
            {
                "actionId": "a",
                "blueprint": "b",
                "label": "l",
                "implementation": "x",
                "implementationKind": "trusted",
            }
        )


def test_generated_code_is_judged_like_any_other() -> None:
    """A rule about generated code holds for it, and no rule spares it."""
    effect = context(change("Amount", Decimal(5), provenance="record"))
    denying = policy("match: {implementations: [generated], fieldKinds: [money]}, effect: deny")
    assert said(denying, effect, implementation="generated").word == "deny"
    assert said(denying, effect).word == "allow"


def test_a_policy_never_changes_once_it_is_read() -> None:
    """Whoever holds it can put nothing into it."""
    chosen = policy("match: {objects: [Task]}, effect: deny")
    for held, name in ((chosen.read.document, "mode"), (chosen.read.document.rules[0], "effect")):
        with pytest.raises(ValidationError):
            setattr(held, name, "allow")
    with pytest.raises(AttributeError):
        chosen.read.document = Policy.built_in().read.document  # type: ignore[misc]  # that is the attack
    assert isinstance(chosen.read, ReadPolicy)
    (seen,) = facts(context(change("Name", "x")))
    with pytest.raises(AttributeError):
        seen.blind = ""  # type: ignore[misc]  # that is the attack


def test_no_file_is_taken_unnamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy.yaml that lies about, here or in the home folder, says nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text("version: 1\nmode: log-only\nwithout: [rights]\n")
    assert load_settings({"home": tmp_path}).policy is None
    assert PolicySource().current() is Policy.built_in()
    monkeypatch.setenv("ACTWRIGHT_POLICY", str(tmp_path / "policy.yaml"))
    assert load_settings().policy == tmp_path / "policy.yaml"


def test_a_file_that_changes_under_the_hand_is_never_mixed(tmp_path: Path) -> None:
    """Each reading is of one whole file; a link that is turned elsewhere is another policy at once."""
    strict, loose = tmp_path / "strict.yaml", tmp_path / "loose.yaml"
    strict.write_text(of("{objects: [Task]}"))
    loose.write_text("version: 1\n")
    link = tmp_path / "policy.yaml"
    link.symlink_to(strict)
    source = PolicySource(link)
    first = source.current().version
    link.unlink()
    link.symlink_to(loose)
    assert source.current().version != first
    link.unlink()
    os.mkfifo(link)
    with pytest.raises(PolicyError):
        source.current()


def test_a_hostile_description_cannot_forge_what_is_told() -> None:
    """A rule's words are shown on one line, without anything that could hide or reorder them."""
    text = "x\\u202e\\e[31m\\nrule other, policy.yaml:1"
    chosen = Policy.parse(
        f'{HEAD}- {{id: a, description: "{text}", effect: deny, match: {{fields: [Name]}}}}\n'
    )
    hostile = context(change("Name", "\u202eevil\x1b[2J\nrule r, policy.yaml:9", before="a\nb"))
    (issue,) = said(chosen, hostile).issues
    assert f"{issue.message}{issue.hint}{issue.rule}".isprintable()
    assert issue.message.endswith("rule a, policy.yaml:3.")


def test_a_large_plan_under_a_large_policy_ends_in_time() -> None:
    """Three hundred effects under 400 rules, each with a condition or a sum, take seconds at most."""
    rules = [
        f"match: {{objects: [Opportunity], roles: [Role {n}], when: 'plan.rows > {n}'}}, effect: deny"
        for n in range(200)
    ]
    rules += [
        f"match: {{amounts: [{{field: Amount, over: {n}000000}}]}}, effect: warn"
        for n in range(1, 201)
    ]
    chosen = policy(*rules)
    effects = [context(change("Amount", Decimal(1_000_000)), number=each) for each in range(1, 301)]
    begun = monotonic()
    assert said(chosen, *effects, now=datetime(2026, 1, 1, tzinfo=UTC)).word == "warn"
    assert monotonic() - begun < 20
