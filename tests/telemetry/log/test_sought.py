"""Values are found in the spellings an attacker or a program gives them, and in time, whatever is asked for."""

from __future__ import annotations

import time

import pytest

from actwright.telemetry.log.redaction import Redactor


@pytest.mark.parametrize(
    ("value", "text", "letters"),
    [
        ("Jane Smith", "/query?q=Jane%20Smith&x=1", "jane smith"),
        ("Jane Smith", "Smith%2C%20Jane rang", "jane smith"),
        ("Jane Smith", "NotifyJaneSmithAboutRenewal, notifySmith", "jane smith"),
        ("Jane Smith", "OWNER\\u0020JANE\\nSMITH", "jane smith"),
        ("Jane Smith", "Ja\u00adne Smi\u200bth, Smiths file", "jane smi"),
        ("Nancy Ng", "C:\\nancy \\nNg \\\\nNg", "nancy ng"),
        ("Zoë Weiß", "ZO\\u00CB WEISS, Zo&euml;, Zo&#xEB;, Zo%C3%AB, Zoe Weiss", "zo weiss"),
        ("O'Brien", "O&#39;Brien, O\\'Brien, OBrien, O\u2019BRIEN", "brien"),
        ("Иван Петров", "ИВАНУ позвонил Петров", "петров"),
        ("王伟", "请给王伟打电话", "王伟"),
        ("田中太郎", "田中太郎さんに電話", "田中"),
        ("김민수", "김민수에게 전화", "김민수"),
    ],
)
def test_no_spelling_hides_a_name(value: str, text: str, letters: str) -> None:
    """Escaped for a web address, HTML or JSON, in other cases, within a longer name, in scripts without blanks."""
    kept = Redactor({value: "Contact.Name"}).text(text)
    assert "[Contact.Name]" in kept
    assert not [each for each in letters.split() if each in kept.lower()]


def test_what_stands_around_a_name_in_a_script_without_blanks_stays() -> None:
    """Only the name goes, and not the sentence it stands in."""
    kept = Redactor({"王伟": "Contact.Name"}).text("请给王伟打电话")
    assert kept == "请给[Contact.Name]打电话"


@pytest.mark.parametrize(
    "values",
    [
        {f"ä{n:x}öü": "Contact.Name" for n in range(1_900)},
        {"\\" * 1_900: "Contact.Name"},
        {"a " * 900: "Contact.Name"},
        {f"{'a ' * n}b": "Contact.Name" for n in range(1, 900)},
    ],
    ids=["many", "backslashes", "long", "alike"],
)
def test_a_hostile_value_cannot_hold_the_process(values: dict[str, str]) -> None:
    """A model's reply may look up anything; what it names costs no more than reading the text once."""
    text = "a \\\\\\\\ ä " * 6_000
    begun = time.process_time()
    Redactor(values).text(text)
    assert time.process_time() - begun < 3
