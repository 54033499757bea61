"""The operators: which small changes are tried."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

import parso
from cosmic_ray.plugins import get_operator  # type: ignore[import-untyped]  # it has no types
from parso.tree import BaseNode, NodeOrLeaf

_SWAPS = {
    "Comparison": ("Lt_LtE LtE_Lt Gt_GtE GtE_Gt Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is"),
    "Binary": "Add_Sub Sub_Add Mul_FloorDiv FloorDiv_Mul Mod_Mul BitOr_BitAnd BitAnd_BitOr",
    "Unary": "Delete_Not Delete_USub",
}
_OTHERS = (
    "AddNot ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue "
    "ReplaceContinueWithBreak ExceptionReplacer NumberReplacer RemoveDecorator ZeroIterationForLoop"
)


class Operator(Protocol):
    """One kind of small change: where it can be made, and how."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Any, Any]]:
        """Yield start and end of each place in this very node."""
        ...

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        """Return the node with one of its places changed."""
        ...


class NegateComprehensionCondition:
    """Turns the condition of a comprehension around."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Any, Any]]:
        """Yield where the condition stands."""
        if isinstance(node, BaseNode) and node.type == "comp_if":
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:  # noqa: ARG002  one place only
        """Return the node with its condition in a ``not (...)``."""
        condition = node.children[1].get_code().strip()
        node.children[1] = _parsed(f" (not ({condition}))")
        return node


class NegateMembership:
    """Turns ``in`` into ``not in``, and the other way around."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Any, Any]]:
        """Yield where the operator stands."""
        if isinstance(node, BaseNode):
            for place in self._places(node):
                yield node.children[place].start_pos, node.children[place].end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        """Return the node with its operator turned around."""
        place = self._places(node)[index]
        turned = "in" if " ".join(node.children[place].get_code().split()) == "not in" else "not in"
        node.children[place] = _parsed(f" {turned}")
        return node

    @staticmethod
    def _places(node: BaseNode) -> list[int]:
        if node.type != "comparison":
            return []
        words = [" ".join(each.get_code().split()) for each in node.children]
        return [place for place, word in enumerate(words) if word in {"in", "not in"}]


class ReturnNone:
    """Returns None instead of a value."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Any, Any]]:
        """Yield where a value that is not None is returned."""
        if isinstance(node, BaseNode) and node.type == "return_stmt":
            value = node.children[1]
            if value.get_code().strip() != "None":
                yield value.start_pos, value.end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:  # noqa: ARG002  one place only
        """Return the node with None for its value."""
        node.children[1] = _parsed(" None")
        return node


def _parsed(code: str) -> NodeOrLeaf:
    tree: NodeOrLeaf = parso.parse(code)  # type: ignore[no-untyped-call]  # parso leaves it out
    return tree


_OWN = (NegateComprehensionCondition, NegateMembership, ReturnNone)


@cache
def operators() -> dict[str, Operator]:
    """Return every operator by its name."""
    names = [
        f"Replace{kind}Operator_{swap}" for kind, swaps in _SWAPS.items() for swap in swaps.split()
    ]
    known = {name: get_operator(f"core/{name}")() for name in (*names, *_OTHERS.split())}
    return known | {each.__name__: each() for each in _OWN}
