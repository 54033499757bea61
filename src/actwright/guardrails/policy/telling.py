"""Telling: what a policy decided, in words a person understands who has never seen the policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.approval import RuleRef
from actwright.guardrails.policy.compiling import CompiledRule, Hit
from actwright.guardrails.policy.decision import PolicyDecision
from actwright.guardrails.policy.facts import Facts, FieldFact
from actwright.guardrails.policy.rule import Require
from actwright.guardrails.wording import printable, shown
from actwright.inert import inert
from actwright.org.value import FieldValue

POLICY = "POLICY"
"""What stands in an issue as the guardrail that found it."""

_SHOWN = 3
_VERBS: Mapping[str, str] = {
    "CREATE": "creating",
    "UPDATE": "changing",
    "UPSERT": "upserting",
    "DELETE": "deleting",
    "CALL": "running",
}
_WOULD: Mapping[str, str] = {
    "deny": "refuse it",
    "require": "ask more people",
    "warn": "warn of it",
    "allow": "let it through",
}
_CODES: Mapping[str, str] = {
    "deny": "policy_denied",
    "require": "policy_requires",
    "warn": "policy_warning",
}


def decisions_of(
    rule: CompiledRule, hits: Sequence[Hit], *, log_only: bool
) -> Iterator[PolicyDecision]:
    """Yield what a rule decided, one for each action it is about.

    Args:
        rule: The rule.
        hits: What it is about.
        log_only: Whether the policy only logs; the built-in rules beside it hold all the same.
    """
    by_action: dict[str, list[Hit]] = defaultdict(list)
    for each in hits:
        by_action[each.facts.action_id].append(each)
    for action_id, found in by_action.items():
        first = found[0].facts
        yield PolicyDecision(
            rule=rule.ref,
            effect=rule.rule.effect,
            enforced=not (log_only and rule.own),
            action_id=action_id,
            object=first.object,
            operation=first.operation,
            fields=_names(found) if rule.about_fields else (),
            count=len(found),
            why=_why(rule),
            about=_about(rule, found),
        )


def issue_of(decision: PolicyDecision, require: Require | None = None) -> Issue | None:
    """Return what stands in the preview of a decision; nothing for what is allowed.

    Args:
        decision: The decision.
        require: What the rule asks for, where it asks for more than one person.
    """
    if decision.effect == "allow":
        return None
    logged = not decision.enforced
    asked = f" {asked_for(require)}" if require else ""
    return Issue(
        code=_code(decision),
        action_id=decision.action_id,
        object=decision.object,
        field=decision.fields[0] if len(decision.fields) == 1 else None,
        guardrail=POLICY,
        rule=f"{decision.rule.id}, {decision.rule.source}",
        message=f"{'Only logged, not enforced: ' if logged else ''}{decision.why}{asked}",
        hint=_hint(decision),
        severity="error" if decision.effect == "deny" and not logged else "warning",
    )


def _code(decision: PolicyDecision) -> str:
    if not decision.enforced:
        return "policy_log_only"
    return "policy_unknown" if decision.unknown else _CODES[decision.effect]


def asked_for(require: Require) -> str:
    """Return in words what a confirmation has to have."""
    people = "One person says yes" if require.people == 1 else f"{require.people} people say yes"
    who = (
        f", each one of: {', '.join(printable(each) for each in require.who)}"
        if require.who
        else ""
    )
    keys = ", each with a registered approver key" if require.keys else ""
    return f"{people}{who}{keys}."


def uncovered_decision(
    facts: Facts, fields: Sequence[str], ref: RuleRef, *, count: int, enforced: bool
) -> PolicyDecision:
    """Return that something is denied because no rule allows it.

    Args:
        facts: The first effect of that kind.
        fields: The fields that no rule allows; empty where it is the whole effect.
        ref: The default.
        count: How many effects of the action are alike.
        enforced: Whether that stops the plan.
    """
    names = tuple(facts.written[each].name for each in fields if each in facts.written)
    called = inert(facts.label, limit=80)
    doing = f"{_VERBS[facts.operation]} {called} records"
    if facts.acts_alone:
        said = f"No rule allows what nobody can look into: {facts.blind} ({inert(facts.blueprint, limit=80)})"
    elif facts.strange:
        said = f"What is not known is never allowed: {printable(facts.blind)}"
    elif names and facts.operation != "DELETE":
        said = f"No rule allows {doing} with {_listed(names)}"
    else:
        said = f"No rule allows {doing}"
    return PolicyDecision(
        rule=ref,
        effect="deny",
        enforced=enforced,
        action_id=facts.action_id,
        object=facts.object,
        operation=facts.operation,
        fields=names,
        count=count,
        why=f"{said}: {ref}.",
        unknown=facts.strange or facts.acts_alone,
        about=_subject(facts),
    )


def _why(rule: CompiledRule) -> str:
    """Return what a rule says and where it stands, as one sentence."""
    return f"{inert(rule.rule.description, limit=300).rstrip('.!')}: {rule.ref}."


def _hint(decision: PolicyDecision) -> str:
    about = f"It is about {decision.about}." if decision.about else ""
    if not decision.enforced:
        return f"{about} Nothing is stopped; enforced, the policy would {_WOULD[decision.effect]}.".strip()
    if decision.effect != "deny":
        return about or "Look at it before you say yes."
    keeper = decision.rule.source.rpartition(":")[0] or "the policy"
    return f"{about} Leave it out, or ask whoever keeps {keeper}.".strip()


def _about(rule: CompiledRule, hits: Sequence[Hit]) -> str:
    """Return what a rule was decided on: the first few effects, with the fields it is about."""
    told = [_told(rule, each) for each in hits[:_SHOWN]]
    more = len(hits) - len(told)
    return "; ".join(told) + (f"; and {more:,} more" if more else "")


def _told(rule: CompiledRule, hit: Hit) -> str:
    parts = [_field_words(each) for each in hit.fields[:_SHOWN]] if rule.about_fields else []
    for check, each in zip(rule.amounts, rule.rule.match.amounts or (), strict=True):
        size = rule.size(check, hit.facts)
        parts.append(f"{each.field} {'not known' if size is None else format(size, ',f')}")
    if hit.unsure:
        parts.append(f"{hit.unsure}, so the stricter counts")
    return ", ".join([_subject(hit.facts), *dict.fromkeys(parts)])


def _subject(facts: Facts) -> str:
    name = shown(inert(facts.called, limit=60)) if facts.called else facts.record_id or ""
    return f"{inert(facts.label, limit=80)} {name}".rstrip()


def _field_words(field: FieldFact) -> str:
    after = "the id of a new record" if field.linked else _value(field.after)
    before = f" from {_value(field.before)}" if field.before is not None else ""
    return f"{printable(field.name)}{before} to {after} ({field.provenance})"


def _value(value: FieldValue) -> str:
    return inert(shown(value), limit=80)


def _names(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.name for each in hits for field in each.fields))[:20]


def _listed(names: Sequence[str]) -> str:
    head = ", ".join(printable(each) for each in names[:5])
    more = len(names) - 5
    return f"{head} and {more} more" if more > 0 else head
