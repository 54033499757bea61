"""A service that lacks a part of the protocol is asked without it."""

from __future__ import annotations

import pytest
from tests.model.scripted import request

from actwright.model.dialect import Dialect


@pytest.mark.parametrize(
    ("complaint", "changed"),
    [
        ("Unknown parameter: 'response_format'", {"mode": "json_object"}),
        ("json_schema is not supported", {"mode": "json_object"}),
        ("Unsupported value: 'temperature' does not support 0", {"temperature": False}),
        ("Unsupported parameter: max_completion_tokens", {"length": "max_tokens"}),
        ("stream_options: extra fields not permitted", {"stream_usage": False}),
        ("The messages are too long", None),
    ],
)
def test_a_complaint_names_what_to_leave_out(
    complaint: str, changed: dict[str, object] | None
) -> None:
    """One thing at a time, and nothing where the complaint is about something else."""
    assert Dialect().adapted(complaint) == (None if changed is None else Dialect(**changed))  # type: ignore[arg-type]


def test_the_ladder_has_an_end() -> None:
    """A service that complains about everything, always, is asked a bounded number of times."""
    steps, dialect = 0, Dialect()
    while simpler := dialect.adapted("response_format temperature max_tokens stream_options"):
        steps, dialect = steps + 1, simpler
    assert steps == 5
    assert dialect == Dialect("text", "max_tokens", temperature=False, stream_usage=False)


def test_without_structured_output_the_schema_stands_in_the_first_message() -> None:
    """So that the stable part of the conversation stays in front, and every service sees the schema."""
    assert "JSON Schema" not in Dialect().messages(request())[0].content
    first, *rest = Dialect(mode="json_object").messages(request())
    assert first.content.startswith("You plan.")
    assert '{"type":"object"}' in first.content
    assert rest == list(request().messages[1:])


def test_a_body_holds_what_the_service_knows() -> None:
    """The wire contract: what is sent, by name."""
    fullest = Dialect().options(request(progress=print))
    assert fullest == {
        "max_completion_tokens": 4_096,
        "temperature": 0.0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "Word", "strict": True, "schema": {"type": "object"}},
        },
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    plainest = Dialect("text", "max_tokens", temperature=False, stream_usage=False)
    assert plainest.options(request()) == {"max_tokens": 4_096}
    assert Dialect(mode="json_object").options(request(temperature=None)) == {
        "max_completion_tokens": 4_096,
        "response_format": {"type": "json_object"},
    }
