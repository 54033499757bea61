"""The scripted model is strict about its script, for those who test with it."""

from __future__ import annotations

import httpx2
import pytest
from tests.model.scripted import Ask

from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply


def test_a_request_that_is_not_in_the_script_fails_the_test(ask: Ask) -> None:
    """The client gets an error, and leaving the context says what was wrong."""
    model = ScriptedModel([])
    with (
        pytest.raises(AssertionError, match="1 requests too many"),
        model,
        pytest.raises(Exception, match="no reply"),
    ):
        ask(model)


def test_a_reply_that_is_not_asked_for_fails_the_test() -> None:
    """What was scripted and not used is as wrong."""
    with (
        pytest.raises(AssertionError, match="2 replies were not asked for"),
        ScriptedModel([Reply(), Reply()]),
    ):
        pass


def test_where_asked_the_script_is_only_a_stock(ask: Ask) -> None:
    """A script that is not strict may be longer than the test."""
    with ScriptedModel([Reply(text="a"), Reply(text="b")], strict=False) as model:
        assert ask(model).text == "a"


def test_models_are_listed_and_other_paths_unknown() -> None:
    """As clients ask before they begin."""
    with ScriptedModel() as model:
        listed = httpx2.get(f"{model.base_url}/models")
        unknown = httpx2.get(f"{model.base_url}/other")
    assert listed.json()["data"][0]["id"] == "scripted"
    assert unknown.status_code == 404


def test_a_function_answers_what_it_is_asked(ask: Ask) -> None:
    """The request is there to look at: its path, its headers, its words."""
    with ScriptedModel(lambda asked: Reply(text=asked.text.upper())) as model:
        assert "PLAN THIS." in ask(model).text
