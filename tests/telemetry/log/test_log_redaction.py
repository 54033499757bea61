"""Redaction: planted values go, however they are spelled; secrets and personal data of known forms always do."""

from __future__ import annotations

import html
import json
import unicodedata
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.test_leaks import SECRETS
from tools.leaks.needle import Needles
from tools.leaks.secrets import secret_needles

from actwright.model.quoting import quoted
from actwright.telemetry.log.redaction import Redactor

NAMED = {"Zoë Müller-Lopez": "Contact.Name"}

SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    lambda text: json.dumps(json.dumps({"said": text})),
    quoted,
    html.escape,
    str.upper,
    str.lower,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "  \n"),
    lambda text: f"line\n{text}\n",
    repr,
)
"""Ways in which a text comes into a prompt, a reply or a fault."""

NAMES = st.from_regex(
    r"[A-ZÄÖÜ][a-zäöüéß]{3,9}( [A-ZÄÖÜ][a-z'\u2019]{3,9}[a-z]){1,2}", fullmatch=True
)
VALUES = st.one_of(
    NAMES,
    st.from_regex(r"[0-9]{1,4} [A-Z][a-z]{3,9} (Quay|Gasse)", fullmatch=True),
    st.from_regex(r"[a-z]{3,8}\.[a-z]{3,8}@[a-z]{3,8}\.example", fullmatch=True),
)


@settings(deadline=None)
@given(VALUES, st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_no_planted_value_survives_any_spelling(
    value: str, spelled: Callable[[str], str], around: Callable[[str], str]
) -> None:
    """Neither the value nor a spelling of it is in what is left, and what was around it is."""
    kept = Redactor({value: "Contact.Name"}).text(f"before {around(spelled(value))} after")
    seen = unicodedata.normalize("NFC", _unescaped(kept)).casefold()
    assert unicodedata.normalize("NFC", value).casefold() not in " ".join(seen.split())
    assert kept.startswith("before ")
    assert kept.endswith(" after")


def _unescaped(text: str) -> str:
    """Return a text with the escapes of JSON undone."""
    for _ in range(3):
        text = text.replace("\\\\", "\\")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # what is no escape stays as it is
        return text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace")


@pytest.mark.parametrize(
    "text",
    ["Zoë", "lopez", "Lopez, Zoë", '"x\\nLopez"', "Müller's", "Müller-Lopez", "ZOE\u0308"],
)
def test_each_word_of_a_name_goes(text: str) -> None:
    """Whoever is called by the first name or the last alone is not in the log either."""
    kept = Redactor(NAMED).text(text)
    assert "[Contact.Name]" in kept
    assert not [each for each in ("zo", "ller", "lopez") if each in kept.lower()]


def test_what_holds_a_name_s_letters_stays() -> None:
    """A word inside of another word is another word."""
    assert Redactor({"Al Ott": "Contact.Name"}).text("also bottle Alps") == "also bottle Alps"


def test_phrases_go_as_a_whole_only() -> None:
    """The goal's words that a value was read from are no names, each for itself."""
    redactor = Redactor(phrases={"the 3rd of May": "Contact.Birthdate"})
    assert redactor.text("the date: the 3rd of May") == "the date: [Contact.Birthdate]"
    assert redactor.counts == {"Contact.Birthdate": 1}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("write to mia@acme.example", "email"),
        ("call +1 555 0200", "phone"),
        ("call (030) 123 4567", "phone"),
        ("card 4111 1111 1111 1111", "card"),
        ("iban DE89 3704 0044 0532 0130 00", "iban"),
        ("Authorization: Bearer abcdefghijklmnop", "secret"),
        ("sid 00D000000000001!AQEAQabcdefghijklmnop", "secret"),
        ("key sk-live-abcdefgh12345678", "secret"),
        ('{"password": "correct-horse"}', "secret"),
        ("GET /query?refresh_token=abcdef", "secret"),
        ("GET /query?x=1&X-Amz-Signature=0123456789abcdef", "secret"),
        ("sid 00D000000000001%21AQEAQabc", "secret"),
        ("&quot;client_secret&quot;:&quot;hunter2&quot;", "secret"),
    ],
)
def test_known_forms_go_without_anybody_naming_them(text: str, label: str) -> None:
    """Personal data that has a form of its own, and secrets."""
    redactor = Redactor()
    kept = redactor.text(text)
    assert redactor.counts == {label: 1}
    assert not set(text.rsplit(maxsplit=1)[-1].strip('"}')) <= set("*") or kept != text
    assert text.rsplit(maxsplit=1)[-1].strip('"}') not in kept


@pytest.mark.parametrize("text", SECRETS)
def test_every_secret_the_scan_knows_is_taken_out(text: str) -> None:
    """What would turn the suite red is not written in the first place, an approver's key neither."""
    kept = Redactor().text(f"the goal says {text} and more")
    assert not list(Needles(tuple(secret_needles())).within(kept.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "on 2026-11-21 at 15:00, for 120000.50 USD",
        "the session id field, and the token budget",
        "v1.2.3 (2026)",
    ],
)
def test_dates_amounts_and_plain_words_stay(text: str) -> None:
    """A log without dates and amounts would tell nothing."""
    redactor = Redactor()
    assert redactor.text(text) == text
    assert not redactor.counts


def test_many_values_are_found_in_time() -> None:
    """Hundreds of people, each by name."""
    values = {f"Ann{chr(97 + n % 26)}o Börn{n}": "Contact.Name" for n in range(60)}
    assert Redactor(values).text("Annco Börn2 " + "y " * 500).startswith("[Contact.Name] y")


@pytest.mark.parametrize(
    "values", [{"x" * 5_000: "Contact.Name"}, {f"Name{n} x": "Contact.Name" for n in range(3_000)}]
)
def test_where_it_cannot_be_told_what_to_take_out_nothing_is_kept(values: dict[str, str]) -> None:
    """A value of thousands of characters, and thousands of values: no text is kept at all."""
    assert Redactor(values).text("harmless") == "[8 characters withheld]"


def test_marks_in_a_hostile_text_are_no_labels() -> None:
    """Characters that stand for labels while a text is read are taken out of the text first."""
    redactor = Redactor({"Zoë Kern": "Contact.Name"})
    assert redactor.text("\ue100 and Zoë Kern") == "\ufffd and [Contact.Name]"
    assert redactor.counts == {"Contact.Name": 1}
