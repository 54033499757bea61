"""What acts by itself, on a page and in a terminal: never told like a change of a record."""

from __future__ import annotations

import io
from decimal import Decimal
from html import unescape

from rich.console import Console
from tests import pages_scene as scene

from actwright.checkpoints.preview import Preview
from actwright.cli.render import previews
from actwright.locales import user_locale
from actwright.org.effect import EffectGroup
from actwright.pages.preview import preview_page

_ALL = 5


def _shown() -> Preview:
    """Return a preview of one change and of as many acting alike as would be told together if they were changes."""
    acting = (scene.acting(f"m{each}", f"Sends <b>mail {each}</b>.") for each in range(_ALL))
    alone = [each.model_copy(update={"price": Decimal("0.020")}) for each in acting]
    made = scene.preview((scene.update(1, scene.stage()), *alone))
    groups = (
        EffectGroup(id="g1", org=scene.ORG.id, effects=made.effects[:1]),
        *(
            EffectGroup(
                id=each.id, org=scene.ORG.id, effects=(each,), atomic=False, carrier="opaque"
            )
            for each in alone
        ),
    )
    return made.model_copy(update={"groups": groups})


def test_the_page_shows_every_promise_and_what_is_handed() -> None:
    """Each on a card of its own, escaped, with what it cannot promise; the head counts them apart."""
    document = _shown()
    page = preview_page(document, scene.plan(document.goal), user_locale("en_US", zone="UTC"))
    text = unescape(page)
    for number in range(_ALL):
        assert f"Sends <b>mail {number}</b>." in text
    assert "<b>mail" not in page
    assert page.count("<b>It acts by itself</b>") == _ALL
    assert page.count('class="card run"') == _ALL
    assert "act by themselves" in page
    assert "an override acts by itself" in page
    assert "jane@example.com" in page
    assert page.count("declared price 0.02") == _ALL


def test_the_terminal_shows_every_promise_and_what_is_handed() -> None:
    """With its own sign, and without an old value, which there is none of."""
    document, stream = _shown(), io.StringIO()
    console = Console(file=stream, width=100, highlight=False, markup=False, emoji=False)
    for part in previews.preview(document, scene.plan(document.goal)):
        console.print(part)
    text = " ".join(stream.getvalue().split())
    assert text.count("declared price 0.02") == _ALL
    for number in range(_ALL):
        assert (
            f"> Send a mail m{number} acts by itself: neither checked nor to be taken back. It promises: "
            f"Sends <b>mail {number}</b>. declared price 0.02 Handed Value From" in text
        )
    assert "To jane@example.com ! record: Contact Jane" in text
    assert "6 writes in 6 calls, an override acts by itself" in text
