"""A reply is one whole JSON document of its contract, or its faults are told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.scripted import Word

from actwright.model.chat import ChatReply, Finish
from actwright.model.reply import ReplyFaultsError, largest_reply, read_reply

GOOD = '{"word": "yes", "steps": [{"kind": "one", "note": null}]}'


def faults(text: str, finish: Finish = "stop") -> ReplyFaultsError:
    """Return the faults of a reply that must have some."""
    with pytest.raises(ReplyFaultsError) as caught:
        read_reply(ChatReply(text, finish), Word)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\n {GOOD} \n",
        f"```json\n{GOOD}\n```",
        f"```\n{GOOD}\n```\n",
        f"<think>perhaps {{no}}\nor</think>\n{GOOD}",
        f"<think></think>```json\n{GOOD}\n```",
    ],
)
def test_a_whole_document_is_read(text: str) -> None:
    """Blanks, one fence around it and thoughts before it are taken off."""
    assert read_reply(ChatReply(text, "stop"), Word).word == "yes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("<think>only thoughts</think>", "empty"),
        (f"Here it is: {GOOD}", "no JSON"),
        (f"{GOOD} I hope it helps.", "no JSON"),
        (f"{GOOD}{GOOD}", "no JSON"),
        (f"```json\n{GOOD}\n```\n```json\n{GOOD}\n```", "no JSON"),
        (f"{GOOD}<think>late</think>", "no JSON"),
        (GOOD[:-5], "no JSON"),
        ('{"word": "a", "word": "b"}', "twice"),
        ('{"word": NaN}', "NaN"),
        ('{"word": 1e999}', "too large"),
        ('{"word": ' + "[" * 90 + "]" * 90 + "}", "deeper"),
        ('{"word": ' + "[" * 200_000, "deeper"),
        ('{"word": "\\ud800"}', "surrogate"),
        ('{"\\udfff": 1}', "surrogate"),
        ('{"word": ' + "9" * 5_000 + "}", "digits"),
        ("x" * (largest_reply + 1), "longer"),
    ],
)
def test_what_is_no_one_document_is_told(text: str, said: str) -> None:
    """Each fault is one a model can mend, in a sentence."""
    found = faults(text)
    assert found.kind == "json"
    assert said in " ".join(found.faults)


@pytest.mark.parametrize("text", ["[]", "[null]", f"[{GOOD}]", "null", "1", '"text"'])
def test_another_kind_of_value_is_no_object(text: str) -> None:
    """A list, even of one document, is not opened up."""
    assert faults(text).faults == ("The answer must be a JSON object, and is none.",)


def test_every_fault_is_told_at_once() -> None:
    """Wrong types, wrong words and unknown keys come back together, each with its path."""
    found = faults('{"word": 7, "steps": [{"kind": "three"}, null], "extra": true}')
    assert found.kind == "contract"
    assert len(found.faults) == 4
    text = "\n".join(found.faults)
    for part in (
        "word:",
        "steps[0].kind",
        "steps[1]",
        "extra: unknown field; allowed: steps, word",
    ):
        assert part in text


def test_the_faults_told_are_bounded() -> None:
    """A thousand wrong steps are not told one by one."""
    found = faults(json.dumps({"word": "x", "steps": [{}] * 1_000}))
    assert len(found.faults) == 25
    assert found.faults[-1] == "And 976 faults more."


@pytest.mark.parametrize("finish", ["length", "tool_calls", "other"])
def test_a_reply_that_is_not_whole_is_not_read(finish: Finish) -> None:
    """Even where what there is looks like a document."""
    assert faults(GOOD, finish).kind == "finish"


@given(st.text())
def test_any_text_is_read_or_has_faults(text: str) -> None:
    """Nothing a model writes raises anything else."""
    try:
        read_reply(ChatReply(text, "stop"), Word)
    except ReplyFaultsError as error:
        assert error.faults  # noqa: PT017 - both ways out are allowed


@given(st.text(max_size=20), st.lists(st.sampled_from(["one", "two"]), max_size=4))
def test_a_document_survives_every_wrapping(word: str, kinds: list[str]) -> None:
    """What the contract writes is read back the same."""
    wanted = Word.model_validate({"word": word, "steps": [{"kind": each} for each in kinds]})
    text = f"<think>{word.replace('<', '')}</think>\n```json\n{wanted.model_dump_json()}\n```"
    assert read_reply(ChatReply(text, "stop"), Word) == wanted
