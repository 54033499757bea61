"""The names: of the form the conventions have, ours under our own prefix, and none that is deprecated."""

from __future__ import annotations

import re

import pytest
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
from opentelemetry.semconv._incubating.metrics import gen_ai_metrics

from actwright.telemetry.otel import conventions

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_GONE = frozenset(
    {
        "gen_ai.system",
        "gen_ai.prompt",
        "gen_ai.completion",
        "gen_ai.usage.prompt_tokens",
        "gen_ai.usage.completion_tokens",
        "gen_ai.openai.request.response_format",
        "gen_ai.openai.request.seed",
        *conventions.RENAMED_SINCE,
    }
)
"""Names the conventions once had."""
_NEWER = frozenset(
    {
        conventions.PROMPT_NAME,
        conventions.CACHED_TOKENS,
        conventions.WORKFLOW_NAME,
        conventions.WORKFLOW_DURATION,
        conventions.TOOL_DURATION,
        conventions.EXCHANGE_DETAILS,
    }
)
"""Names that may be newer than the constants the library still ships."""


def names() -> dict[str, str]:
    """Return every constant that is a dotted name."""
    found = vars(conventions).items()
    return {
        constant: value
        for constant, value in found
        if constant.isupper() and isinstance(value, str) and "." in value
    }


@pytest.mark.parametrize("constant", sorted(names()))
def test_a_name_is_of_the_published_form(constant: str) -> None:
    """Lower case, dots between words, under the conventions' prefix or ours, and none that was given up."""
    value = names()[constant]
    assert _NAME.fullmatch(value), value
    assert value.startswith(("gen_ai.", "actwright.", "error.", "server.")), value
    assert value not in _GONE


def test_every_name_of_theirs_was_published() -> None:
    """What begins with ``gen_ai.`` stands in the moved constants too, unless it is proposed or newer than they are."""
    published = {
        value
        for module in (gen_ai_attributes, gen_ai_metrics)
        for value in vars(module).values()
        if isinstance(value, str) and value.startswith("gen_ai.")
    }
    ours = {each for each in names().values() if each.startswith("gen_ai.")}
    assert ours - published <= _NEWER | conventions.PROPOSED
    assert conventions.PROVIDER in published


def test_the_revision_is_named() -> None:
    """The repository and the commit the names were read from are part of the code."""
    assert conventions.REPOSITORY == "open-telemetry/semantic-conventions-genai"
    assert re.fullmatch(r"[0-9a-f]{40}", conventions.REVISION)


def test_no_two_constants_say_the_same() -> None:
    """Each name stands once."""
    found = names()
    assert len(set(found.values())) == len(found)


def test_boundaries_rise() -> None:
    """The buckets of every histogram are in order, and reach as far as the conventions say."""
    for each in (conventions.SECONDS, conventions.WORKFLOW_SECONDS, conventions.TOKENS):
        assert list(each) == sorted(set(each))
    assert conventions.TOKENS[-1] == 67_108_864
    assert conventions.SECONDS[-1] == 81.92
