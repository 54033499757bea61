"""The policy: an organisation's rules over all actions, compiled, with a version that every digest holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from actwright.canonical import digest
from actwright.errors import PolicyError
from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.approval import ApprovalNeed, RuleRef
from actwright.guardrails.policy.asking import Asking
from actwright.guardrails.policy.compiling import CompiledRule, Hit
from actwright.guardrails.policy.contradictions import check_contradictions
from actwright.guardrails.policy.decision import PolicyDecision, PolicyVerdict, gravity
from actwright.guardrails.policy.document import Budget
from actwright.guardrails.policy.facts import Facts, PolicyAsk
from actwright.guardrails.policy.index import RuleIndex
from actwright.guardrails.policy.judging import Judged, judge_facts
from actwright.guardrails.policy.reading import ReadPolicy, parse_policy, read_policy
from actwright.guardrails.policy.telling import (
    POLICY,
    decisions_of,
    issue_of,
    uncovered_decision,
)

BUILT_IN_VERSION = "built-in-2"
"""Raised whenever the built-in policy changes."""

ONLY_LOGS = "THE POLICY ONLY LOGS"
"""How the notice of a policy begins that stops nothing."""

_BUILT_IN = "built-in policy"


class Policy:
    """What an organisation allows. It is made of a file, and never changes.

    Args:
        read: The document.
        version: Its version; worked out of what it says where left out.

    Raises:
        PolicyError: A condition cannot be used, or a name is taken.
    """

    def __init__(self, read: ReadPolicy, *, version: str | None = None) -> None:
        self.read = read
        self.version = version or version_of(read)
        own = [
            CompiledRule(each, read.ref("rules", at)) for at, each in enumerate(read.document.rules)
        ]
        self.rules = (*own, *([] if version else _beside(read)))
        _check_ids(read)
        check_contradictions(self.rules)
        self._index = RuleIndex(self.rules)
        self._requires = {each.ref: each.rule.require for each in self.rules}

    @classmethod
    def load(cls, path: Path) -> Policy:
        """Return the policy in a file.

        Raises:
            PolicyError: It is missing, malformed, or breaks the contract; every fault with its line.
        """
        return cls(read_policy(path))

    @classmethod
    def parse(cls, text: str | bytes, *, source: str = "policy.yaml") -> Policy:
        """Return the policy in a text.

        Args:
            text: YAML.
            source: What to call it.

        Raises:
            PolicyError: As for `load`.
        """
        return cls(parse_policy(text, source=source))

    @staticmethod
    @cache
    def built_in() -> Policy:
        """Return the policy that holds where nobody has set one."""
        text = files("actwright.guardrails.policy").joinpath("built_in.yaml").read_bytes()
        return Policy(parse_policy(text, source=_BUILT_IN), version=BUILT_IN_VERSION)

    @property
    def source(self) -> str:
        """What to call it: the file's name."""
        return self.read.source

    @property
    def log_only(self) -> bool:
        """Whether its own rules only log."""
        return self.read.document.mode == "log-only"

    @property
    def budgets(self) -> Sequence[tuple[Budget, RuleRef]]:
        """Its budgets, and where each stands."""
        held = self.read.document.budgets
        return [(each, self.read.ref("budgets", at)) for at, each in enumerate(held)]

    @cached_property
    def generated_approval(self) -> ApprovalNeed:
        """Who has to approve generated code before it may be used."""
        asked = self.read.document.approvals
        if asked is None:
            return ApprovalNeed()
        place = self.read.place("approvals", "generated")
        source = f"{self.source}:{place.line}" if place else self.source
        wanted = asked.generated
        return ApprovalNeed(
            people=wanted.people,
            who=wanted.who,
            keys=wanted.keys,
            rules=(RuleRef(id="approvals.generated", source=source),),
        )

    @cached_property
    def needs_person(self) -> bool:
        """Whether it has to know a person's role, profile or permission sets."""
        return any(each.needs_person for each in self.rules)

    @cached_property
    def looks_at(self) -> Mapping[str, frozenset[str]]:
        """The fields it looks at though nobody may write them, by object in lower case; ``*`` for any object."""
        found: dict[str, set[str]] = {}
        for rule in self.rules:
            for amount in rule.rule.match.amounts or ():
                owner, _, name = amount.field.rpartition(".")
                for each in [owner.lower()] if owner else rule.objects or ["*"]:
                    found.setdefault(each, set()).add(name)
        return {name: frozenset(fields) for name, fields in found.items()}

    def reads_only(self, method: str, url: str) -> bool:
        """Tell whether a call to a service is declared to change nothing.

        Args:
            method: ``GET``, in capitals.
            url: The whole address.
        """
        parts = urlsplit(url)
        odd = (
            parts.query or parts.fragment or "@" in parts.netloc or ".." in parts.path or "%" in url
        )
        if odd or not url.isascii() or not url.isprintable():
            return False
        return any(_declared(each, method, url) for each in self.read.document.http.reads)

    def judge(self, ask: PolicyAsk) -> PolicyVerdict:
        """Return what the policy says of a plan.

        Args:
            ask: The effects, the person, and the time.
        """
        document = self.read.document
        asking = Asking(ask, document.zone)
        judged = judge_facts(self._index, asking, closed=document.default == "deny")
        decisions = tuple(sorted(self._decisions(judged), key=gravity))
        approval, disagreed = self._approval(decisions)
        issues = (issue_of(each, self._requires.get(each.rule)) for each in decisions)
        return PolicyVerdict(
            self.version,
            decisions,
            (*(each for each in issues if each is not None), *disagreed),
            approval,
            self.notices,
        )

    @property
    def notices(self) -> tuple[str, ...]:
        """What every preview has to say, however it turns out."""
        if not self.log_only:
            return ()
        said = f"{self.source} is in log-only mode, and stops nothing that it would refuse."
        return (f"{ONLY_LOGS}: {said} Only the built-in rules are enforced.",)

    def _decisions(self, judged: Judged) -> Iterator[PolicyDecision]:
        for rule, hits in judged.hits.items():
            told = [each for each in hits if rule.rule.effect != "warn" or not _as_before(each)]
            yield from decisions_of(rule, told, log_only=self.log_only)
        alike: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
        first: dict[tuple[str, str, str, tuple[str, ...]], Facts] = {}
        for facts, fields in judged.uncovered:
            key = (facts.action_id, facts.object, facts.operation, fields)
            alike[key] += 1
            first.setdefault(key, facts)
        for key, count in alike.items():
            facts = first[key]
            enforced = facts.strange or not self.log_only
            yield uncovered_decision(facts, key[3], self._default, count=count, enforced=enforced)

    @cached_property
    def _default(self) -> RuleRef:
        place = self.read.places.get(("default",))
        return RuleRef(id="default", source=f"{self.source}:{place.line}" if place else self.source)

    def _approval(
        self, decisions: Sequence[PolicyDecision]
    ) -> tuple[ApprovalNeed, tuple[Issue, ...]]:
        """Return what all rules together ask of the confirmation, or that nobody could give it."""
        refs = dict.fromkeys(
            each.rule for each in decisions if each.effect == "require" and each.enforced
        )
        asked = [(ref, self._requires[ref]) for ref in sorted(refs, key=lambda it: it.id)]
        wanted = [each for _, each in asked if each is not None]
        if not wanted:
            return ApprovalNeed(), ()
        lists = [{each.casefold(): each for each in one.who} for one in wanted if one.who]
        common = set.intersection(*(set(each) for each in lists)) if lists else set()
        need = ApprovalNeed(
            people=max(each.people for each in wanted),
            who=tuple(sorted(lists[0][each] for each in common)) if lists else (),
            keys=any(each.keys for each in wanted),
            rules=tuple(ref for ref, _ in asked),
        )
        return need, (_nobody(asked[0][0], asked[-1][0]),) if lists and not common else ()


def _as_before(hit: Hit) -> bool:
    """Tell whether an effect merely takes back what a run did: that never comes from a model, or out of a text."""
    return hit.facts.taking_back and hit.facts.sources.isdisjoint({"model", "extract"})


def version_of(read: ReadPolicy) -> str:
    """Return the version of a policy: of what it says of previews, and of the built-in rules beside it."""
    said = read.document.model_dump(mode="json", by_alias=True, exclude={"tests", "approvals"})
    return f"pol_{digest({'policy': said, 'beside': BUILT_IN_VERSION})[:20]}"


def _beside(read: ReadPolicy) -> Iterator[CompiledRule]:
    """Yield the built-in rules that restrict, but for those a policy does without."""
    for each in Policy.built_in().rules:
        if each.restricts and each.ref.id not in read.document.without:
            yield CompiledRule(each.rule, each.ref, own=False)


def _check_ids(read: ReadPolicy) -> None:
    """Refuse names that are taken, and built-in rules that are not there."""
    taken: dict[str, RuleRef] = {}
    for part in ("rules", "budgets"):
        for at, _ in enumerate(read.document.rules if part == "rules" else read.document.budgets):
            ref = read.ref(part, at)
            if ref.id in taken:
                raise PolicyError(
                    f"Two rules are called {ref.id}: {taken[ref.id].source} and {ref.source}.",
                    where=ref.source,
                    hint="Give each its own id.",
                )
            taken[ref.id] = ref
    if read.source == _BUILT_IN:
        return
    built_in = {each.ref.id for each in Policy.built_in().rules}
    restricting = sorted(each.ref.id for each in Policy.built_in().rules if each.restricts)
    clash = next((each for each in taken if each in built_in or each == "default"), None)
    if clash is not None:
        raise PolicyError(
            f"{clash} is the id of a rule of the built-in policy.",
            where=taken[clash].source,
            hint="Give yours another id; under `without` you say which built-in rules are not to hold.",
        )
    strange = next((each for each in read.document.without if each not in restricting), None)
    if strange is not None:
        place = read.place("without")
        raise PolicyError(
            f"There is no built-in rule {strange}.",
            where=f"{read.source}, line {place.line}" if place else read.source,
            hint=f"There are: {', '.join(restricting)}.",
        )


def _nobody(first: RuleRef, other: RuleRef) -> Issue:
    return Issue(
        code="policy_nobody_may_confirm",
        guardrail=POLICY,
        rule=f"{first.id}, {first.source}",
        message=f"Nobody may say yes to this: {first} and {other} name different people.",
        hint="Split the plan, or ask whoever keeps the policy.",
    )


def _declared(read: str, method: str, url: str) -> bool:
    wanted, _, address = read.partition(" ")
    if wanted != method:
        return False
    return url.startswith(address[:-1]) if address.endswith("*") else url == address
