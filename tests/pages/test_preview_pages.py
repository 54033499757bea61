"""The page of a preview: whole, exact, inert, and small."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import pages_scene as scene

from actwright.checkpoints.preview import DeepCheck, Preview
from actwright.locales import PersonLocale
from actwright.org.effect import EffectGroup
from actwright.org.identity import OrgIdentity
from actwright.pages.preview import preview_page

LOCALE = PersonLocale(zone="America/Los_Angeles", currency="EUR")
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}\x1b[2J\u202e'


def _page(document: Preview, *assumptions: str) -> str:
    return preview_page(document, scene.plan(document.goal, *assumptions), LOCALE)


def _text(page: str) -> str:
    """Return what a page says, without its markup."""
    body = page.partition("<main>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_it_says_all_a_person_decides_on() -> None:
    """Question, digest, old and new, provenance, cost, assumptions and the way back stand on the page."""
    text = _text(_page(scene.few(), "the Acme Renewal is meant"))
    for words in (
        "Close the Acme Renewal as won",
        "The question Change Opportunity",
        scene.DIGEST,
        "Negotiation/Review → Closed Won",
        "€120,000.00 → €125,000.00",
        "Tue, Nov 24, 2026",
        "from the goal's words: “close as won”",
        "made up by the model",
        "With it go 14 Contacts",
        "all or nothing",
        "Cannot be undone here",
        "the Acme Renewal is meant",
        "not part of the question: Shall I close the deal",
        "actwright confirm prv_0123456789abcdef0123",
    ):
        assert words in text


def test_values_nobody_typed_come_before_the_changes() -> None:
    """What a model made up, or a record said, is gathered above the changes, with its record and its source."""
    text = _text(_page(scene.few()))
    doubt = text.index("Look twice")
    assert doubt < text.index("What would change")
    assert text.index("Made up by the model") < text.index("Read from a record")
    assert "from Acme Renewal: Signed On" in text


def test_a_page_whose_values_were_all_given_warns_of_none() -> None:
    """Where goal, data and lookups gave every value there is nothing to look at twice."""
    assert "Look twice" not in _page(scene.many(20))


def test_it_may_load_and_run_nothing() -> None:
    """The policy allows the one style sheet, by its hash; there is no script, no image, no style attribute."""
    page = _page(scene.few())
    style = page.partition("<style>")[2].partition("</style>")[0]
    told = b64encode(sha256(style.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{told}'; base-uri 'none'; form-action 'none'"
        in unescape(page)
    )
    assert not re.search(r"<script|<img|<link|<iframe|\sstyle=|\son\w+=|url\(|@import", page)


@pytest.mark.parametrize(
    "org", [scene.ORG, OrgIdentity(id="00D", url="javascript:alert(1)", name=HOSTILE)]
)
def test_hostile_words_are_only_words(org: OrgIdentity) -> None:
    """Whatever goal, names, values, sources, questions, issues and an org say, no markup and no template comes of it."""
    effect = scene.update(
        1,
        scene.text_change("x" * 50 + HOSTILE, "x" * 50 + HOSTILE + "!"),
        scene.stage(HOSTILE, HOSTILE + "."),
        name=HOSTILE,
    )
    effect = effect.model_copy(
        update={
            "object_label": HOSTILE,
            "changes": tuple(
                each.model_copy(update={"label": HOSTILE, "source": HOSTILE})
                for each in effect.changes
            ),
        }
    )
    document = scene.preview(
        (effect,),
        goal=HOSTILE,
        question=HOSTILE,
        notices=(HOSTILE,),
        org=org,
        planner_words=HOSTILE,
    )
    page = _page(document, HOSTILE)
    tags = set(re.findall(r"<([a-z0-9!]+)", page))
    assert not tags & {"script", "img"}
    assert 'href="javascript:' not in page
    assert "{{ 7*7 }}" in unescape(page)
    assert "49" not in _text(page).replace("2049", "")


def test_what_cannot_be_seen_in_a_value_is_marked() -> None:
    """A character that hides or reorders others stands there as an escape, with its name."""
    page = _page(scene.preview((scene.update(1, scene.stage("Won\u202eoT", "a\u200bb")),)))
    assert 'title="right-to-left override">\\u202e</span>' in page
    assert 'title="zero width space">\\u200b</span>' in page
    assert "\u202e" not in page


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip))
def test_every_value_can_be_read_back(value: str) -> None:
    """Whatever characters a value has, each stands on the page as itself or as its escape."""
    page = _page(scene.preview((scene.update(1, scene.stage("", value)),)))
    cell = page.partition('<ins dir="auto">')[2].partition("</ins>")[0]
    shown = unescape(re.sub(r"<[^>]+>", "", cell))
    expected = "".join(
        each
        if each in {"\n", "\\"} or f">{each.encode('unicode_escape').decode()}</span>" not in cell
        else each.encode("unicode_escape").decode()
        for each in value.replace("\r\n", "\n")
    )
    assert shown == expected


def test_a_long_text_is_there_to_its_last_word() -> None:
    """A long value is folded, never cut; what stays of a long text is left out only beside the whole of it."""
    page = _page(scene.lengthy())
    assert "all 920 characters" in page
    assert "x" * 900 in page
    assert "the whole text, 12,390 characters" in page
    assert "<ins>One more sentence.</ins>" in page
    assert "On call 60 we agreed" in page


def test_many_rows_are_told_together_and_each_is_there() -> None:
    """Counts, ranges and the query stand above the rows; every row of a thousand is on the page, which stays small."""
    page = _page(scene.many(1_000))
    text = _text(page)
    assert "Change 1,000 Opportunities" in text
    assert "1,002 found, at most 1,000 allowed; 2 hold the new values already" in text
    assert "334 Proposal/Price Quote, 333 Negotiation/Review, 333 Prospecting → Closed Lost" in text
    assert "€1,000.00 to €1,000,000.00" in text
    assert "together €2,345,000.00" in text
    assert "988 more" in text
    assert page.count('scope="row"') == 1_000
    assert len(page.encode()) < 1_000_000


def test_records_are_linked_where_the_org_has_an_address() -> None:
    """A record of an org is a link to it; one of a local org, which has another address tomorrow, is not."""
    linked = _page(scene.few())
    assert f'href="https://acme.my.salesforce.com/{scene.record_id(1)}"' in linked
    local = scene.preview(
        (scene.update(1, scene.stage()),),
        org=OrgIdentity(id="00D", url="http://127.0.0.1:8123", local=True),
    )
    assert "href=" not in _page(local)


def test_a_refused_preview_asks_nothing() -> None:
    """What stops it comes first, duplicates with their records; there is no question, no cost and no way back."""
    text = _text(_page(scene.refused()))
    assert text.index("2 issues keep it") < text.index("Stops it") < text.index("Mind")
    assert "Contact Ada Byron Same email" in text
    assert "Change that contact instead" in text
    for words in ("The question", "actwright confirm", "API calls", "The way back"):
        assert words not in text


def test_how_it_is_carried_out_is_said() -> None:
    """Notices, the deep check and a group that is not atomic are told as they are."""
    document = scene.many(20)
    deep = DeepCheck(
        at=document.at, api_calls=2, rounds=2, complete=False, said=("Mails went out.",)
    )
    group = document.groups[0].model_copy(update={"carrier": "bulk", "atomic": False})
    text = _text(_page(document.model_copy(update={"deep": deep, "groups": (group,)})))
    assert "each row for itself" in text
    assert "taken back, 2 times; not everything got an answer" in text
    assert "Mails went out." in text
    assert "one round trip" in text


def test_arrows_keep_their_direction_between_words_that_run_the_other_way() -> None:
    """Old stays left of new in our sentences, whatever script the values have."""
    page = _page(scene.right_to_left())
    assert "قيد التفاوض \u200e→\u200e مغلق" in page
    assert '<bdi class="name"><a' in page


def test_an_override_and_foreign_rights_are_said() -> None:
    """An override, and rights the org will not enforce, stand on the page."""
    document = scene.preview((scene.update(1, scene.stage()),))
    action = document.actions[0].model_copy(
        update={"implementation_kind": "registered", "implementation": "mine:close"}
    )
    user = document.running_user.model_copy(update={"enforced_by_org": False})
    text = _text(_page(document.model_copy(update={"actions": (action,), "running_user": user})))
    assert "a1 is carried out by the override mine:close" in text
    assert "will not enforce this person's own rights" in text


def test_several_transactions_are_counted() -> None:
    """More than one group is said to be several transactions, each whole for itself."""
    document = scene.many(20)
    first, second = document.effects[:10], document.effects[10:]
    groups = tuple(
        EffectGroup(id=key, org="00D", effects=effects)
        for key, effects in (("g1", first), ("g2", second))
    )
    cost = document.cost.model_copy(update={"transactions": 2})
    text = _text(_page(document.model_copy(update={"groups": groups, "cost": cost})))
    assert "2 transactions" in text
    assert "each all or nothing, in order" in text


def test_a_preview_without_effects_has_a_page() -> None:
    """Where no argument resolved there is nothing to show but why, and that is shown."""
    document = scene.preview((), issues=scene.refused().issues)
    text = _text(_page(document))
    assert "Refused" in text
    assert "What it would have changed" not in text


@pytest.mark.parametrize("name", ["fr_FR", "de_CH", "ar_EG"])
def test_blanks_and_marks_a_locale_sets_are_no_hidden_characters(name: str) -> None:
    """Only what somebody else wrote is shown with its hidden characters as escapes."""
    page = preview_page(scene.many(20), scene.plan("goal", ""), PersonLocale(name, currency="EUR"))
    assert 'class="esc"' not in page


def test_a_long_text_that_all_rows_get_stands_on_the_page_once() -> None:
    """A thousand rows with one long text are a page of less than a megabyte, and the text is there as a whole."""
    text = "word " * 4_000 + "the end"
    note = scene.text_change(None, text)
    rows = [scene.update(number, note, action="a1") for number in range(1_000)]
    document = scene.preview(rows, rows=(scene.bound(1_000),))
    page = preview_page(document, scene.plan("goal", ""), PersonLocale())
    assert page.count("the end") == 1
    assert len(page) < 1_000_000
