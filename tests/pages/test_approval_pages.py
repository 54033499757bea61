"""Who has to say yes, who has, what the policy lets through, and who approved the code: on the page and in the terminal."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from rich.console import Console
from tests import pages_scene as scene
from tests.generated_scene import open_total
from tests.grant_scene import NOON

from actwright.actions.generated.version import Decision, GeneratedVersion
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.credentials.collecting import Collected
from actwright.cli.render.previews import preview as shown
from actwright.locales import PersonLocale
from actwright.pages.beside import Beside
from actwright.pages.preview import preview_page

LOCALE = PersonLocale()


def decided(kind: str, **more: str) -> GeneratedVersion:
    """Return the generated action of the scene, with one decision about it."""
    action = open_total()
    made = {"id": "gdc_" + "0" * 20, "action_id": action.id, "digest": action.digest, "kind": kind}
    decision = Decision.model_validate({**made, "by": "Bo", "at": NOON.isoformat(), **more})
    return GeneratedVersion(action=action, version=1, at=NOON.isoformat(), history=(decision,))


def beside(code: GeneratedVersion) -> Beside:
    """Return what the store knows: one of two has said yes, and what was decided about the code."""
    document = scene.guarded()
    yes = Confirmation(
        id="cnf_" + "0" * 20,
        preview_id=document.id,
        digest=document.digest,
        approver="Ann Archer",
        answer="yes",
        at=NOON.isoformat(),
        expires_at=NOON.isoformat(),
        key_id="apr_1",
    )
    return Beside(Collected(document.approval, (yes,)), {code.action.id: code})


def page_text(known: Beside | None = None) -> str:
    """Return what the page says, without its markup."""
    document = scene.guarded()
    page = preview_page(document, scene.plan(document.goal), LOCALE, known)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main>")[2])).split())


def terminal_text(known: Beside | None = None) -> str:
    """Return what the terminal says, in one line."""
    document, out = scene.guarded(), io.StringIO()
    parts = shown(document, scene.plan(document.goal), locale=LOCALE, beside=known)
    Console(file=out, width=400).print(*parts)
    return " ".join(out.getvalue().split())


@pytest.mark.parametrize("tell", [page_text, terminal_text])
def test_it_says_who_decides_and_what_was_decided(tell: object) -> None:
    """People, names, keys, rule and line; signatures so far; what the policy lets through; who approved the code."""
    assert callable(tell)
    text = tell(beside(decided("approved", key="apr_2")))
    for words in (
        "It takes the keys of 2 people, of Ann Archer, finance: rule big-deals, policy.yaml:6.",
        "Yes so far: 1 of 2: Ann Archer; waiting for 1 more",
        "stops nothing that it would refuse",
        "nly logged: Tasks may be deleted: rule own-tasks-may-go, policy.yaml:28.",
        f"generated code {open_total().id}",
        "approved by Bo with a key, ",
        "worked out by CloseDeal from Account, Opportunity",
    ):
        assert words in text, words
    assert text.casefold().index("the policy only logs") < text.index("60,000")
    assert text.count("Closing an opportunity over 50,000 needs two people") == 1
    assert text.casefold().count("the policy only logs") == 1


@pytest.mark.parametrize("tell", [page_text, terminal_text])
def test_code_nobody_approved_and_code_that_was_revoked_say_so(tell: object) -> None:
    """What the store does not know is no approval, and a revocation is told with its reason."""
    assert callable(tell)
    assert "no approval of it stands in this store" in tell(None)
    assert "revoked by Bo, " in (gone := tell(beside(decided("revoked", why="wrong sum"))))
    assert ": wrong sum" in gone


def test_a_plain_preview_asks_for_nobody_in_particular() -> None:
    """Where one person's word is enough, nothing is said of keys and rules."""
    page = preview_page(scene.few(), scene.plan("goal"), LOCALE, Beside())
    for words in ("It takes", "Yes so far", "lets through", "--key-file"):
        assert words not in page
