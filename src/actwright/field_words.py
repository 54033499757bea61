"""What is said of a model's fields: the text that stands below each of them in the source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel


def field_words(model: type[BaseModel]) -> Mapping[str, str]:
    """Return what is said of the fields of a model, by name, in its own source and in those of the models it extends."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            found |= _own_words(each)
    return found


def _own_words(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    try:
        source = ast.parse(dedent(inspect.getsource(model)))
    except (
        OSError,
        TypeError,
        SyntaxError,
    ):  # it was made while the program runs, and has no source
        return
    for stated in source.body:
        for field, below in pairwise(getattr(stated, "body", ())):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(told))),
                ):
                    yield name, inspect.cleandoc(told)
