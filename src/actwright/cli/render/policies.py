"""Policies as people see them: what they say, what they decided, and how two differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding

from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.policy_difference import PolicyDifference
    from actwright.guardrails.issue import Issue
    from actwright.guardrails.policy.approval import ApprovalNeed
    from actwright.guardrails.policy.decision import PolicyDecision
    from actwright.guardrails.policy.lint import PolicyFinding
    from actwright.guardrails.policy.policy import Policy
    from actwright.guardrails.policy.trying import Tried

_INDENT = (0, 0, 0, 4)
_STYLES = {"allow": "green", "warn": "yellow", "require": "yellow", "deny": "red"}


def policy(chosen: Policy, found: Sequence[PolicyFinding]) -> Iterator[RenderableType]:
    """Yield what a policy says in words, rule by rule, and what is to be minded about it.

    Args:
        chosen: The policy.
        found: What lint found.
    """
    from actwright.guardrails.policy.describing import (  # noqa: PLC0415 - slow to import
        budget_words,
        rule_words,
    )
    from actwright.guardrails.policy.telling import asked_for  # noqa: PLC0415 - same reason

    document = chosen.read.document
    for notice in chosen.notices:
        yield said(f"! {notice}", "bold red", limit=600)
    yield line(
        said(document.name or chosen.source, "bold"), aside(f"{chosen.version}, {document.mode}")
    )
    otherwise = "allowed" if document.default == "allow" else "denied"
    yield line(
        f"Creates and updates that no rule decides are {otherwise}; deletes and what nobody can look into are denied."
    )
    for each in chosen.rules:
        yield line(
            said(each.rule.effect, _STYLES[each.rule.effect]),
            "  ",
            said(each.rule.description),
            aside(f"{each.ref.id}, {each.ref.source}"),
        )
        yield Padding(said(rule_words(each.rule), "dim"), (0, 0, 0, 8))
    for budget, ref in chosen.budgets:
        yield line(said("budget", "yellow"), "  ", said(budget.description), aside(str(ref)))
        yield Padding(said(budget_words(budget), "dim"), (0, 0, 0, 8))
    if document.approvals is not None:
        asked = f"Who approves generated code. {asked_for(document.approvals.generated)}"
        yield line(said("approvals", "yellow"), "  ", said(asked))
    if found:
        yield heading("To mind")
    for finding in found:
        yield line(said(finding.source, "bold"), "  ", said(finding.message, "yellow"))
        yield Padding(said(finding.hint, "dim"), _INDENT)


def decisions(
    found: Sequence[PolicyDecision], need: ApprovalNeed, beside: Sequence[Issue] = ()
) -> Iterator[RenderableType]:
    """Yield what each rule decided, and why.

    Args:
        found: The decisions.
        need: Who has to say yes.
        beside: What is said that no single rule decided, such as that a budget leaves no room.
    """
    for one in beside:
        word = "deny" if one.severity == "error" else "warn"
        yield line(said(word, _STYLES[word]), "  ", said(one.message), aside(one.action_id or ""))
    if not found and not beside:
        yield line("No rule is about it: it is allowed, as the default says.")
    for each in found:
        logged = "" if each.enforced else "only logged: "
        times = f" ({each.count:,} effects)" if each.count > 1 else ""
        yield line(
            said(each.effect, _STYLES[each.effect]),
            "  ",
            said(f"{logged}{each.why}{times}"),
            aside(each.action_id or ""),
        )
        if each.about:
            yield Padding(said(each.about, "dim"), (0, 0, 0, 8))
    if not need.plain:
        yield line(said(_asked(need), "yellow"))


def cases(found: Sequence[Tried]) -> Iterator[RenderableType]:
    """Yield which cases pass, and what is otherwise in those that do not.

    Args:
        found: The cases.
    """
    for each in found:
        passed = not each.faults
        yield line(
            said("pass" if passed else "FAIL", "green" if passed else "red"),
            "  ",
            said(each.case.name),
        )
        for fault in each.faults:
            yield Padding(said(fault, "red"), (0, 0, 0, 6))
        for one in each.verdict.decisions if each.faults else ():
            decided = f"{one.effect}: {one.why}{f' {one.about}' if one.about else ''}"
            yield Padding(said(decided, "dim", limit=600), (0, 0, 0, 8))
        if each.faults and not each.verdict.decisions:
            yield Padding(said("No rule is about it.", "dim"), (0, 0, 0, 8))


def differences(found: PolicyDifference) -> Iterator[RenderableType]:
    """Yield how two policies differ, and which previews would be decided otherwise.

    Args:
        found: The difference.
    """
    for each in found.rules:
        yield line(said(each.change, "bold"), "  ", said(each.id))
        for mark, text, style in (("-", each.before, "red"), ("+", each.after, "green")):
            if text:
                yield Padding(said(f"{mark} {text}", style), (0, 0, 0, 8))
    if not found.rules:
        yield line("The two say the same.")
    for other in found.previews:
        yield line(
            said(other.preview_id, "bold"), f"  {other.before} -> {other.after}  ", said(other.goal)
        )
        yield Padding(said(other.why, "dim"), _INDENT)
    if found.looked_at:
        yield line(
            f"{len(found.previews):,} of the newest {found.looked_at:,} previews would be decided otherwise, "
            f"{len(found.loosened):,} of them more easily."
        )


def _asked(need: ApprovalNeed) -> str:
    people = (
        "One person has to say yes" if need.people == 1 else f"{need.people} people have to say yes"
    )
    who = f", of: {', '.join(need.who)}" if need.who else ""
    return f"{people}{who}{', with registered keys' if need.keys else ''}."
