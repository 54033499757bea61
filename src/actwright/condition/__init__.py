"""Conditions in CEL: the one adapter over ``cel_expr_python``.

CEL has no loops without end and no side effects. Four rules of ours stand around it, because the library below
answers an error with a value that is truthy:

1. Only the value ``true`` of the type BOOL holds. Whatever else comes back cannot be decided, and is an error.
2. A condition that may give anything but true or false is refused before it is ever used.
3. It has at most 1,000 characters, no ``map()``, at most two list macros, no ``+`` beside one of them, and only
   literal patterns: so that none can take long or grow.
4. It may name what was declared, and nothing else.
"""

from actwright.condition.compiling import Condition, Kind, compile_condition
from actwright.condition.rules import LONGEST_CONDITION, MOST_MACROS
from actwright.condition.values import LONGEST_TEXT, MOST_NODES

__all__ = [
    "LONGEST_CONDITION",
    "LONGEST_TEXT",
    "MOST_MACROS",
    "MOST_NODES",
    "Condition",
    "Kind",
    "compile_condition",
]
