"""Phone numbers as people write them go, in whatever country's form; other numbers stay where they can be told apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.telemetry.log.phone_numbers import without_phone_numbers
from actwright.telemetry.log.redaction import Redactor

NUMBERS = (
    *("0171 2345678", "0171-2345678", "0171/2345678", "0171 / 2345678", "0171.2345678", "01712345678"),
    *("030 12345678", "030/123 45 67", "(030) 123 45 67", "+49 (0) 171 2345678", "0049 171 2345678"),
    *("01 42 68 53 00", "01.42.68.53.00", "01-42-68-53-00", "06.12.19.20.30"),
    *("044 668 18 00", "079 123 45 67", "+41446681800", "0041446681800"),
    *("020 7946 0958", "(020) 7946 0958", "07700 900123", "7946 0958"),
    *("415-555-0188", "(415) 555 0188", "(415)555-0188", "415.555.0188", "1-800-555-0188", "555 0188"),
    *("0171\u00a02345678", "0171\u20112345678", "\uff10\uff11\uff17\uff11 2345678"),
    *("0171\\u00a02345678", "0171\\/2345678", "0171%202345678", "0171&nbsp;2345678"),
)  # fmt: skip
"""As people of Germany, France, Switzerland, the United Kingdom and the United States write them; and escaped."""


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "around", ["ring {} today", "2026-11-21 {}", "case 00001001 {}.", "\\n{}\\n"]
)
def test_a_phone_number_goes_whole(number: str, around: str) -> None:
    """No digit of it is left, in a sentence, behind a date or a case's number, and within JSON."""
    kept = Redactor(region="DE").text(around.format(number))
    assert kept == around.format("[phone number removed]")


@pytest.mark.parametrize(
    "text",
    [
        "cases 00001001 00001002 and 00001003",
        "on 2026-11-21, 21.11.2026, 11/21/2026 or 2026/11/21 12:00",
        "2026-11-21T12:00:00.000Z to 2026-12-01 45000",
        "1 200 000 or 1.200.000,00 or 1,200,000.50 or 1200000 or 1 200 000.50 or 120 000 000",
        "0.123456789 and 1234567.89",
        "2020-2025 and 45000-60000",
        "5de5925f-1234-4678-9abc-123456789012 plan_3f2a12345678 0015g00000123456",
        "1.2.3 2026 and 3, 2, 1",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    """Dates, amounts, decimals, years from and to, numbers of cases, ids."""
    assert without_phone_numbers(text, "?") == (text, 0)


@given(st.text(alphabet="0123456789 -./()+\\u%ax\n", max_size=200))
def test_what_is_left_has_nothing_more_to_take_out(text: str) -> None:
    """Any text is read, and what stands around a number is as it was."""
    kept, count = without_phone_numbers(text, "\ue000")
    assert kept.count("\ue000") == count
    assert all(part in text for part in kept.split("\ue000"))


@pytest.mark.parametrize("part", ["0 ", "12-", "(0", "2020-11-12-", "+ (", "\\u00a0", "0"])
def test_a_long_run_takes_time_in_proportion(part: str) -> None:
    """A hostile text of a hundred thousand characters is read at once."""
    begun = time.monotonic()
    without_phone_numbers(part * (100_000 // len(part)), "?")
    assert time.monotonic() - begun < 3
