"""Finding personal data in texts: what is found, what is not, and that nothing found is left."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.guardrails.legible import legible
from actwright.guardrails.personal_data import count, find, region_of, without
from actwright.org.personal_data import PERSONAL_KINDS, PersonalCount, counted

SAMPLES = {
    "email": ["jo.doe@example.com", "jose+x@mail.example.co.uk", "j\u00f6rg@ex\u00e4mple.de", "a_b@example.org"],
    "iban": [
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
        "de89-3704-0044-0532-0130-00",
        "NL91 ABNA 0417 1643 00",
    ],
    "card": [
        "4111 1111 1111 1111",
        "4111111111111111",
        "5500-0000-0000-0004",
        "3782 822463 10005",
        "4222222222222",
        "4100000000000000004",
        "6011.1111.1111.1117",
        "3530111333300000",
        "30569309025904",
    ],
    "national_id": [
        "123-45-6789",
        "123-456-782",
        "36574261809",
        "2 95 10 99 126 111 93",
        "54362315K",
        "X-2482300-W",
        "RCCMNL83S18D969H",
        "756.9217.0769.85",
        "85.07.30-033.28",
        "390.533.447-05",
        "2341 2341 2346",
        "ACUPA7085R",
        "880320-0016",
        "211062-5629",
        "131052-308T",
        "971013-9019902",
        "11010519491231002X",
        "BOXW310820HNERXN09",
    ],
    "phone": ["(312) 555-0142", "312.555.0142", "+49 170 1234567", "+44 (0)20 7946 0958"],
}  # fmt: skip
ALL = [(kind, text) for kind, texts in SAMPLES.items() for text in texts]

HARMLESS = [
    "",
    "Renewal of 2026, 1,200,000.00 due 2026-11-24 at 10:30",
    "006000000000001AAA and 001000000000001",
    "order ORD-00123, case 00001003, invoice 20261124",
    "4111 1111 1111 1112",
    "1234567812345670",
    "DE89 3704 0044 0532 0130 01",
    "XX89 3704 0044 0532 0130 00",
    "DE89 3704",
    "DE89   3704 0044 0532 0130 00",
    "ZACUPA7085R",
    "AX2482300W",
    "QRCCMNL83S18D969H",
    "QBOXW310820HNERXN09",
    "-",
    "1-2-3-4-5-6-7",
    "666-12-3456 and 0123-45-6789",
    "123456789",
    "@example or someone@ or a@b",
    "version 10.0.1 of 12/15/2026",
    "41111111111111111111",
]


@pytest.mark.parametrize(("kind", "text"), ALL)
def test_each_form_is_found_whole(kind: str, text: str) -> None:
    """A value is found with its kind, from its first to its last character, inside other words."""
    around = f"note: {text}, thanks"
    (one,) = find(around, region="US")
    assert (one.kind, around[one.start : one.end]) == (kind, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    """Dates, amounts, record ids, and numbers whose check digits are wrong are no personal data."""
    assert find(text, region="US") == ()
    assert without(text, region="US") == (text, ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\uff14\uff11\uff11\uff11" + "1" * 12, "card"),
        ("\u0661\u0662\u0663-\u0664\u0665-\u0666\u0667\u0668\u0669", "national_id"),
        ("123\u201145\u20136789", "national_id"),
        ("jo\u200b@\u200bexample.com", "email"),
        ("4111\u00a01111\u00a01111\u00a01111", "card"),
        ("SSN_123-45-6789_", "national_id"),
        ("SSN123-45-6789x", "national_id"),
        ("4111 1111 1111 1111 12/26", "card"),
        ("ref 20 4111 1111 1111 1111", "card"),
        ("4111\n1111\n1111\n1111", "card"),
        ("4111\u200b1111\u200b1111\u200b1111", "card"),
        ("123\u00ad-45-6789", "national_id"),
        ("DE89  3704  0044  0532  0130  00", "iban"),
        ("DE89. 3704. 0044. 0532. 0130. 00", "iban"),
        ("0DE89370400440532013000", "iban"),
    ],
)
def test_disguises_do_not_help(text: str, kind: str) -> None:
    """Other digits, other dashes, unseen characters and neighbours hide nothing."""
    assert [each.kind for each in find(text, region="US")] == [kind]


def test_several_are_told_apart() -> None:
    """Neighbours are each found once, in the order of the text, and counted by kind."""
    text = "123-45-6789 987-65-4320 a@example.com b@example.com 4111111111111111 5500000000000004"
    found = find(text, region="US")
    assert [each.kind for each in found] == ["national_id", "email", "email", "card", "card"]
    assert text[found[0].start : found[0].end] == "123-45-6789"
    assert count(found) == (
        PersonalCount(kind="email", count=2),
        PersonalCount(kind="card", count=2),
        PersonalCount(kind="national_id", count=1),
    )


def test_neighbours_that_touch_are_both_found() -> None:
    """Where one ends the next may begin, and what stands between two others is found as well."""
    text = "DE89370400440532013000+49 170 1234567"
    assert [(each.kind, each.start, each.end) for each in find(text)] == [
        ("iban", 0, 22),
        ("phone", 22, 37),
    ]
    mails = [f"m{each}@example.com" for each in range(3)]
    calls = ["(312) 555-0142", "(312) 555-0143"]
    mixed = f"{mails[0]} {calls[0]} {mails[1]} {mails[2]} {calls[1]}"
    found = find(mixed, region="US")
    parts = [mixed[each.start : each.end] for each in found]
    assert parts == [mails[0], calls[0], mails[1], mails[2], calls[1]]


def test_only_the_kinds_asked_for_are_found() -> None:
    """What is not looked for stays, even where it stands beside what is."""
    text = "a@example.com, 4111 1111 1111 1111"
    assert [each.kind for each in find(text, ("card",))] == ["card"]
    assert without(text, ("email",))[0] == "[email address removed], 4111 1111 1111 1111"


def test_a_local_phone_number_needs_a_country() -> None:
    """Without a region only numbers with a country code are phone numbers, and each region has its own."""
    text = "(312) 555-0142 +49 170 1234567"
    assert [each.start for each in find(text)] == [15]
    assert len(find(text, region="US")) == 2
    assert [each.kind for each in find("020 7946 0958", region="GB")] == ["phone"]
    assert find("020 7946 0958", region="US") == ()


def test_what_is_taken_out_says_what_it_was() -> None:
    """The rest of the text stays as it was written, down to its unusual characters."""
    text = "Caf\u00e9 \ufb01ne: call (312) 555-0142 or jo@example.com \u2014 thanks"
    kept, removed = without(text, region="US")
    assert kept == (
        "Caf\u00e9 \ufb01ne: call [phone number removed] or [email address removed] \u2014 thanks"
    )
    assert counted(removed) == "1 email address and 1 phone number"


@pytest.mark.parametrize(
    ("locale", "region"),
    [
        ("en_US", "US"),
        ("de_DE_EURO", "DE"),
        ("zh-Hans-CN", "CN"),
        ("fr_ca", "CA"),
        ("en", None),
        ("", None),
        ("es_419", None),
    ],
)
def test_a_region_is_read_from_a_locale(locale: str, region: str | None) -> None:
    """The country of a locale is its part of two letters behind the language."""
    assert region_of(locale) == region


_PIECES = st.sampled_from(
    [text for _, text in ALL] + [" ", "-", ".", "4", "1111", "@", "DE", "\u200b", "\uff11", "_"]
)


@given(st.lists(_PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_nothing_found_is_ever_left(text: str) -> None:
    """What was taken out of a text cannot be found in what is left, whatever stood beside it."""
    kept, removed = without(text, region="US")
    assert find(kept, region="US") == ()
    assert bool(removed) == (kept != text) == bool(find(text, region="US"))


@given(st.text(max_size=200))
def test_spans_stand_in_the_text_and_apart(text: str) -> None:
    """Whatever the text, spans are in order, not empty, and do not overlap."""
    found = find(text, region="US")
    edges = [place for each in found for place in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(0 <= each.start < each.end <= len(text) for each in found)


@given(st.text(max_size=100))
def test_a_legible_text_leads_back(text: str) -> None:
    """Every character of the legible text has its place in the original, in order."""
    plain = legible(text)
    places = [plain.span(each, each + 1)[0] for each in range(len(plain.text))]
    assert places == sorted(places)
    assert all(place < len(text) for place in places)


@pytest.mark.parametrize("piece", ["4 ", "DE12", "a@b.", "(1", "12-34-56", "+1(1)", "\uff11"])
def test_hostile_texts_take_linear_time(piece: str) -> None:
    """A text made to be slow is read in a time that grows with its length, and no faster."""
    started = time.perf_counter()
    find(piece * 6_000, region="US")
    assert time.perf_counter() - started < 3


def test_every_kind_has_a_name() -> None:
    """Counts are told in words for every kind, one or several."""
    several = tuple(PersonalCount(kind=each, count=2) for each in PERSONAL_KINDS)
    assert counted(several) == (
        "2 email addresses, 2 account numbers, 2 card numbers, 2 national ids and 2 phone numbers"
    )
    assert counted((PersonalCount(kind="iban", count=1),)) == "1 account number"
