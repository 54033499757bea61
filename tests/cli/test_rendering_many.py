"""Previews of many rows, long texts and money in a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console, RenderableType
from tests import pages_scene as scene

from actwright.checkpoints.preview import DeepCheck, Extreme, Preview
from actwright.cli.render import envelopes, previews
from actwright.locales import PersonLocale
from actwright.org.effect import FieldChange
from actwright.org.identity import OrgIdentity
from actwright.runs.record.envelope import ActionResult, OrchestratorResult


def _shown(
    document: Preview, *, width: int = 100, every: bool = False, locale: PersonLocale | None = None
) -> str:
    parts = previews.preview(document, scene.plan(document.goal), locale=locale, every=every)
    return _printed(*parts, width=width)


def _printed(*parts: RenderableType, width: int = 100, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=terminal,
    )
    for each in parts:
        console.print(each)
    return stream.getvalue()


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_of_one_row_nothing_is_summed() -> None:
    """Its value is told once: there is no sum, and nothing it is the same in."""
    amount = Extreme(
        field="Amount",
        label="Amount",
        family="decimal",
        least=120_000,
        greatest=120_000,
        total=120_000,
    )
    document = scene.many(20)
    one = document.rows[0].model_copy(update={"found": 1, "unchanged": 0, "extremes": (amount,)})
    text = _flat(_shown(document.model_copy(update={"rows": (one,)}), width=130))
    assert "Amount: 120,000" in text
    assert "in all of them" not in text
    assert "together" not in text


def test_many_rows_are_told_by_counts_ranges_and_a_sample() -> None:
    """Query, ceiling, extremes, totals, counts by value, five rows, and how to see the others."""
    text = _flat(_shown(scene.many(20), width=130))
    for words in (
        "~ 20 Opportunities a1",
        "Account is Contoso, Closed is no",
        "22 found, at most 1,000 allowed; 2 hold the new values already",
        "Amount: 1,200 (Contoso Pilot) to 480,000 (Contoso Global Rollout), together 2,345,000",
        "7 Proposal/Price Quote, 7 Negotiation/Review, 6 Prospecting Closed Lost goal: close as won",
        "Contoso Renewal 5 Negotiation/Review -> Closed Lost 5,000 -> 4,500",
        "and 15 more: actwright show prv_0123456789abcdef0123 --rows",
        "Set 20 Opportunity records back.",
        "Between the last look and the write lies one round trip.",
    ):
        assert words in text
    assert "Contoso Renewal 6 " not in text


def test_every_row_is_shown_on_demand() -> None:
    """With ``--rows`` each record is there, and no word of others."""
    text = _flat(_shown(scene.many(20), every=True))
    assert all(f"Contoso Renewal {number} " in text for number in range(1, 21))
    assert "more: actwright show" not in text


def test_a_long_text_is_shown_as_a_word_diff() -> None:
    """What goes and what comes is marked without colours too; what stays is shortened, what changes never."""
    text = _flat(_shown(scene.few()))
    assert "[-Legal-]{+Our counsel+} has seen" in text
    long = _flat(_shown(scene.lengthy()))
    assert long.count("[-signed-]{+countersigned+}") == 3
    assert "characters as they are" in long
    assert "{+One more sentence.+}" in long


def test_values_nobody_typed_stand_out() -> None:
    """They are marked where they stand, and gathered with what they are; all others are counted."""
    text = _flat(_shown(scene.few()))
    assert "! record: Acme Renewal: Signed On" in text
    assert "! 2 made up by the model: Description The customer asked" in text
    assert (
        "Values: 2 from the goal's words, 1 from data that was given, 1 found by a lookup" in text
    )


def test_money_and_dates_are_the_persons() -> None:
    """Another locale and currency give another text of the same values."""
    swiss = PersonLocale("de_CH", currency="CHF")
    text = _flat(_shown(scene.few(), locale=swiss))
    assert "CHF 120’000.00 CHF 125’000.00" in text  # noqa: RUF001 - the Swiss separator
    assert "Do., 31. Dez. 2026 Di., 24. Nov. 2026" in text


def test_the_currency_of_the_record_counts() -> None:
    """Where the record says its currency, amounts are shown in it."""
    code = FieldChange(
        field="CurrencyIsoCode", label="Currency", before="JPY", after="JPY", provenance="goal"
    )
    text = _flat(_shown(scene.preview((scene.update(1, scene.amount(5, 6), code),))))
    assert "Amount ¥5 ¥6" in text


def test_records_are_links_where_the_terminal_can_show_them() -> None:
    """A name is a hyperlink to the org's page, where there is one, and plain where the output is no terminal."""
    parts = list(previews.preview(scene.few(), scene.plan("")))
    linked = f"https://acme.my.salesforce.com/{scene.record_id(1)}\x1b\\"
    assert linked in _printed(*parts, terminal=True)
    assert "\x1b" not in _printed(*parts)
    local = scene.preview(
        (scene.update(1, scene.stage()),), org=OrgIdentity(id="0", url="http://x", local=True)
    )
    assert "http://x" not in _printed(*previews.preview(local, scene.plan("")), terminal=True)


def test_duplicates_are_shown_with_their_records() -> None:
    """A duplicate rule's matches stand under its issue; a record an issue is about is named."""
    text = _flat(_shown(scene.refused()))
    assert "= Contact Ada Byron 003000000000001AAA Same email" in text
    assert f"may not exceed 10,000,000. {scene.record_id(1)}" in text
    assert text.count("Use one of these records?") == 1
    assert text.endswith("Refused, for the 2 errors above. Nothing was done.")


def test_a_thousand_issues_do_not_flood_the_terminal() -> None:
    """The first are spelled out, the rest counted."""
    issue = scene.refused().issues[2].model_copy(update={"record_id": None})
    found = tuple(issue.model_copy(update={"message": f"Odd {each}."}) for each in range(1_000))
    document = scene.many(20).model_copy(update={"issues": found})
    text = _shown(document)
    assert "Odd 24." in text
    assert "Odd 25." not in text
    assert "and 975 more issues; --json holds all of them" in text


def test_what_a_delete_takes_is_listed() -> None:
    """Of a record that goes, what stands in it is shown as lost, and as nobody's choice of value."""
    text = _flat(_shown(scene.preview((scene.delete(),))))
    assert "- with it 14 Contacts" in text
    assert "Field Lost with it" in text
    assert "Industry Energy" in text
    assert "read from a record" not in text


def test_the_deep_check_is_told() -> None:
    """How often the org was let try, whether all got an answer, and what a try may leave behind."""
    deep = DeepCheck(
        at="", api_calls=1, rounds=1, complete=True, said=("Mails are not taken back.",)
    )
    text = _flat(_shown(scene.few().model_copy(update={"deep": deep})))
    assert "Tried in the org once: every write got its answer. Mails are not taken back." in text


def test_a_deep_check_that_tried_nothing_says_so() -> None:
    """Where the org was not asked at all, it is not said to have tried anything, nor how often."""
    deep = DeepCheck(at="", api_calls=0, rounds=0, complete=False, said=("Jobs cannot be tried.",))
    text = _flat(_shown(scene.few().model_copy(update={"deep": deep})))
    assert "Not tried in the org. Jobs cannot be tried." in text
    assert "0 times" not in text


def test_what_is_not_atomic_is_not_called_so() -> None:
    """A bulk job's rows stand each for itself, and the cost says so."""
    document = scene.many(20)
    group = document.groups[0].model_copy(update={"atomic": False, "carrier": "bulk"})
    text = _flat(_shown(document.model_copy(update={"groups": (group,)})))
    assert "20 writes in 1 call, each row for itself;" in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_scene_is_wider_than_the_terminal(width: int) -> None:
    """Long words, names and texts are folded where the terminal ends."""
    for document in (scene.few(), scene.many(20), scene.lengthy(), scene.refused()):
        assert max(map(len, _shown(document, width=width).splitlines())) <= width


def test_an_envelope_of_many_records_is_short() -> None:
    """Of a thousand records and log lines a few are shown, and the rest counted."""
    ids = tuple(scene.record_id(each) for each in range(1_000))
    result = ActionResult(id="a1", blueprint="Close", status="done", record_ids=ids)
    logs = tuple(f"Changed {each}." for each in ids)
    text = _printed(
        *envelopes.envelope(OrchestratorResult(success=True, results=(result,), logs=logs))
    )
    assert "and 999 more" in _flat(text)
    assert "and 975 more" in _flat(text)
    assert len(text.splitlines()) < 40


def test_a_sample_shows_long_texts_in_short_and_all_rows_show_them_whole() -> None:
    """A few rows are to be taken in at a glance; nobody says yes to a text that can nowhere be read."""
    note = scene.text_change("a " * 4_000, "b " * 4_000)
    rows = [scene.update(number, note, action="a1") for number in range(3)]
    document = scene.preview(rows, rows=(scene.bound(3),))
    assert len(_flat(_shown(document))) < 12_000
    assert _flat(_shown(document, every=True)).count("b b b") > 3 * 1_000
