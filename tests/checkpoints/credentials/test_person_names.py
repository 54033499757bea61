"""Names of people: who is taken for one person, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.checkpoints.credentials.person_names import checked_name, person_key
from actwright.errors import InputError


@pytest.mark.parametrize(
    "other",
    [
        "ann archer",
        "ANN  ARCHER",
        "Ann-Archer",
        "Ann Archer.",
        "An\u200bn Archer",
        "Ann\u00a0Archer",
        "\uff21nn Archer",
        "\u0410nn Archer",
        "Ann \u0391rcher",
        "\u00c1nn Archer",
        "Ann Archer\u0301",
        "Ann A\u0433cher".replace("\u0433", "r"),
        "\U0001d400nn Archer",
    ],
)
def test_look_alikes_are_one_person(other: str) -> None:
    """Case, marks, blanks, widths, accents and letters of other scripts make nobody else of Ann."""
    assert person_key(other) == person_key("Ann Archer")


@pytest.mark.parametrize("other", ["Bo", "Anna Archer", "Ann Archar", "Arne"])
def test_different_people_stay_apart(other: str) -> None:
    """Another letter is another person."""
    assert person_key(other) != person_key("Ann Archer")


@pytest.mark.parametrize(
    ("first", "second"), [("Bill", "Bi1l"), ("Bob", "B0b"), ("Ian", "lan"), ("Arn", "Am")]
)
def test_digits_and_pairs_that_look_alike_are_one(first: str, second: str) -> None:
    """A one for an l, a zero for an o, an r and an n for an m."""
    assert person_key(first) == person_key(second)


@pytest.mark.parametrize("name", ["", " ", "\u202e", "...", "-", "x" * 81, "\ud800"])
def test_what_nobody_is_called(name: str) -> None:
    """Blank, invisible, endless, or marks alone."""
    with pytest.raises(InputError, match="needs a name"):
        checked_name(name)


@pytest.mark.parametrize("name", ["\u0410nn", "Ann\u03b1", "B\u043e", "Ann \u05d0"])
def test_scripts_are_not_mixed(name: str) -> None:
    """A Cyrillic letter in a Latin name is refused with both scripts named."""
    with pytest.raises(InputError, match="mixes letters of"):
        checked_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ann Archer 2",
        "\u0410\u043d\u043d\u0430",
        "\u5c71\u7530\u3055\u304f\u3089",
        "Zo\u00eb O\u02bcNeil",
    ],
)
def test_names_of_people_are_taken(name: str) -> None:
    """Of one script, or of those that are written together."""
    assert checked_name(f"  {name} ") == name


@given(st.text(max_size=40))
def test_a_name_is_its_own_person(name: str) -> None:
    """Whatever it is, asking twice or in another case gives the same."""
    assert person_key(name.upper()) == person_key(name.upper().lower()) or not name.isascii()
    assert person_key(name) == person_key(name)
