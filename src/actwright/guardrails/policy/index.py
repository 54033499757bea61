"""The index of rules: which rules may be about an object and an operation at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from actwright.guardrails.policy.compiling import CompiledRule
from actwright.guardrails.policy.facts import Facts

_ANY = "*"


class RuleIndex:
    """Finds rules by the object and the operations of an effect.

    Args:
        rules: The rules, in any order.
    """

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self._rules = tuple(sorted(rules, key=lambda it: it.ref.id))
        self._objects = {name for each in rules for name in each.named_objects}
        self._known: dict[tuple[str, frozenset[str], bool], _Shelf] = {}

    def __iter__(self) -> Iterator[CompiledRule]:
        """Yield every rule, by id."""
        return iter(self._rules)

    def restricting(self, facts: Facts) -> Sequence[CompiledRule]:
        """Return the rules that may restrict an effect: one operation that it may turn out to be is enough."""
        return self._found(facts, restricts=True)

    def allowing(self, facts: Facts) -> Sequence[CompiledRule]:
        """Return the rules that may allow an effect: every operation that it may turn out to be has to be named.

        Deletes and what nobody can look into are allowed by name only, never by a rule that says nothing of them.
        """
        return self._found(facts, restricts=False)

    def _found(self, facts: Facts, *, restricts: bool) -> Sequence[CompiledRule]:
        name = facts.object_key if facts.object_key in self._objects else _ANY
        key = (name, facts.operations, restricts)
        if key not in self._known:
            self._known[key] = _Shelf(
                name,
                [
                    each
                    for each in self._rules
                    if each.restricts == restricts
                    and (each.objects is None or name in each.objects)
                    and _fits(each, facts.operations, restricts=restricts)
                ],
            )
        shelf = self._known[key]
        return shelf.rules if facts.acts_alone else shelf.about(facts)


class _Shelf:
    """The rules of one object and one set of operations, those about few fields or blueprints put apart."""

    def __init__(self, object_key: str, rules: Sequence[CompiledRule]) -> None:
        self.rules = tuple(rules)
        self._always: list[CompiledRule] = []
        self._by_field: dict[str, list[CompiledRule]] = defaultdict(list)
        self._by_blueprint: dict[str, list[CompiledRule]] = defaultdict(list)
        for rule in rules:
            fields = rule.fields_of(object_key)
            for name in rule.blueprints or ():
                self._by_blueprint[name].append(rule)
            for name in () if rule.blueprints or fields is None else fields:
                self._by_field[name].append(rule)
            if not rule.blueprints and fields is None:
                self._always.append(rule)

    def about(self, facts: Facts) -> Sequence[CompiledRule]:
        """Return the rules that may be about an effect, each once."""
        found = [*self._always, *self._by_blueprint.get(facts.blueprint.casefold(), ())]
        for key in facts.keys & self._by_field.keys():
            found += self._by_field[key]
        return tuple(dict.fromkeys(found))


def _fits(rule: CompiledRule, operations: frozenset[str], *, restricts: bool) -> bool:
    named = rule.operations
    if restricts:
        return named is None or not named.isdisjoint(operations)
    if "CALL" in operations:
        alone = frozenset(rule.rule.match.implementations or ()) & {"opaque"}
        wanted = operations & {"CALL", "DELETE"}
        return wanted <= named if named is not None else bool(alone)
    if "DELETE" in operations:
        return named is not None and "DELETE" in named
    return named is None or "UPSERT" in named & operations or operations - {"UPSERT"} <= named
