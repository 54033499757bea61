"""Lint: what is legal in a policy, and hardly what was meant."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from actwright.contract import Contract
from actwright.guardrails.policy.compiling import CompiledRule
from actwright.guardrails.policy.contradictions import redundant
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.wording import printable
from actwright.org.record_id import is_record_id


class PolicyFinding(Contract):
    """One thing to mind."""

    code: str
    source: str
    """Where: the file's name, and the line where there is one."""
    message: str
    hint: str


def findings(policy: Policy, path: Path | None = None) -> tuple[PolicyFinding, ...]:
    """Return what is to be minded about a policy.

    Args:
        policy: The policy.
        path: Its file, whose rights are looked at.
    """
    return (*_of_document(policy), *_of_rules(policy), *_of_people(policy), *_of_file(policy, path))


def _of_document(policy: Policy) -> Iterator[PolicyFinding]:
    document = policy.read.document
    if policy.log_only:
        yield PolicyFinding(
            code="log_only",
            source=_at(policy, "mode"),
            message="The policy only logs: nothing that its own rules refuse is stopped.",
            hint="Set mode: enforce once the log shows what you expect.",
        )
    for each in document.without:
        yield PolicyFinding(
            code="built_in_left_out",
            source=_at(policy, "without"),
            message=f"The built-in rule {each} does not hold.",
            hint="Take it out of `without` unless a rule of your own says the same.",
        )
    if not document.tests:
        yield PolicyFinding(
            code="no_tests",
            source=policy.source,
            message="No cases stand in the file.",
            hint="Write some under `tests`, or in policy_tests.yaml, and run: actwright policy test",
        )


def _of_rules(policy: Policy) -> Iterator[PolicyFinding]:
    for rule, other in redundant(policy.rules):
        yield PolicyFinding(
            code="rule_redundant",
            source=rule.ref.source,
            message=f"{rule.ref.id} says nothing that {other.ref} does not say.",
            hint="Take one of the two out.",
        )
    for each in policy.rules:
        if policy.read.document.default == "allow" and _allows_the_allowed(each):
            yield PolicyFinding(
                code="rule_without_effect",
                source=each.ref.source,
                message=f"{each.ref.id} allows what is allowed anyway.",
                hint="Name deletes or calls in `operations`, or set default: deny.",
            )


def _of_people(policy: Policy) -> Iterator[PolicyFinding]:
    """Yield the users that are named by something else than their user name: nobody is ever called so."""
    for rule in policy.rules:
        named = (
            *(rule.rule.match.users or ()),
            *((rule.rule.unless and rule.rule.unless.users) or ()),
        )
        odd = [each for each in named if "@" not in each and not is_record_id(each)]
        if odd:
            yield PolicyFinding(
                code="user_unlikely",
                source=rule.ref.source,
                message=f"{rule.ref.id} is about {', '.join(map(printable, odd))}, and nobody's user name is that: it has an @.",
                hint="Write the whole user name, as in bob@acme.example, or the user's id; `actwright doctor` says yours.",
            )


def _allows_the_allowed(rule: CompiledRule) -> bool:
    alone = "opaque" in (rule.rule.match.implementations or ())
    named = rule.operations or frozenset()
    return not rule.restricts and not alone and not named & {"DELETE", "CALL"}


def _of_file(policy: Policy, path: Path | None) -> Iterator[PolicyFinding]:
    if path is not None and path.stat().st_mode & stat.S_IWOTH:
        yield PolicyFinding(
            code="file_open",
            source=policy.source,
            message="Everybody on this machine may write the policy.",
            hint=f"chmod o-w {path.name}",
        )


def _at(policy: Policy, part: str) -> str:
    place = policy.read.place(part)
    return f"{policy.source}:{place.line}" if place else policy.source
