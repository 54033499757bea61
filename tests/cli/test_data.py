"""Named data as typed on a command line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.cli.data import by_action, parse_data
from actwright.errors import DocumentError, PayloadError

_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}", fullmatch=True)
_PLAIN = st.text(max_size=200).filter(lambda text: not text.startswith(("{", "[", '"')))


@given(name=_NAMES, value=_PLAIN, separator=st.sampled_from("=:"))
def test_text_arrives_as_it_was_typed(name: str, value: str, separator: str) -> None:
    """The first separator splits, and everything behind it is the value, further separators included."""
    assert parse_data([f"{name}{separator}{value}"]) == {name: value}


@given(name=_NAMES, value=st.text(max_size=200))
def test_quoted_text_is_json(name: str, value: str) -> None:
    """A value that starts with a double quote is read as a JSON string."""
    assert parse_data([f"{name}={json.dumps(value)}"]) == {name: value}


def test_a_number_stays_text_for_the_inputs_type_to_convert() -> None:
    """Only the input knows whether 00123 is a number or a name."""
    assert parse_data(["code=00123", "sure=true", "empty="]) == {
        "code": "00123",
        "sure": "true",
        "empty": "",
    }


@pytest.mark.parametrize("item", ['a={"b": 1}', "a=[1]", "a={}"])
def test_an_object_or_a_list_is_refused(item: str) -> None:
    """An input takes a plain value, and the refusal names the data."""
    with pytest.raises(PayloadError, match="plain value") as caught:
        parse_data([item])
    assert caught.value.where == "-d a"


@pytest.mark.parametrize("item", ['a="open', "a={", "a=[1,]", 'a={"x":1,"x":2}'])
def test_malformed_json_is_refused(item: str) -> None:
    """What starts like JSON and is none is an error, never silently text."""
    with pytest.raises(DocumentError):
        parse_data([item])


@pytest.mark.parametrize(
    "item", ["", "noseparator", "=x", ":x", "1a=x", "a b=x", "ä=x", f"{'a' * 81}=x"]
)
def test_a_missing_or_malformed_name_is_refused(item: str) -> None:
    """A name is what a plan can refer to."""
    with pytest.raises(PayloadError, match="no named data"):
        parse_data([item])


def test_a_name_given_twice_is_refused() -> None:
    """Which of two values was meant cannot be known."""
    with pytest.raises(PayloadError, match="given twice"):
        parse_data(["a=1", "a:2"])


def test_a_huge_value_is_refused() -> None:
    """A value has a ceiling."""
    with pytest.raises(PayloadError, match="longer than"):
        parse_data(["a=" + "x" * 100_001])


def test_answers_become_a_payload() -> None:
    """``ACTION.INPUT`` names an input of a plan that is already made."""
    answers = parse_data(["a1.Amount=5", "a1.Name=x", "a2.Name=y"])
    assert by_action(answers) == {"a1": {"Amount": "5", "Name": "x"}, "a2": {"Name": "y"}}


@pytest.mark.parametrize("name", ["Amount", "a1."])
def test_an_answer_without_action_or_input_is_refused(name: str) -> None:
    """Without both there is no telling which input is meant."""
    with pytest.raises(PayloadError, match="names no input"):
        by_action({name: "5"})


def test_an_input_may_be_named_by_its_label() -> None:
    """An edit takes the label people see, blanks and all; named data of a goal does not."""
    assert parse_data(["a2.Due Date=Friday"], labels=True) == {"a2.Due Date": "Friday"}
    for item, labels in (("a2.Due Date=x", False), ("Due Date=x", True), ("a2.\x1b=x", True)):
        with pytest.raises(PayloadError, match="no named data"):
            parse_data([item], labels=labels)
