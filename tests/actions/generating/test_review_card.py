"""The review card: what a person needs, in our words, with nothing on it that acts or hides."""

from __future__ import annotations

import io

from rich.console import Console
from tests.actions.generating.recipes import told
from tests.actions.generating.replies import OPEN_CASES, reply
from tests.actions.generating.worded import answering, in_words
from tests.memory_org import MemoryOrg

from actwright.actions.generating.pipeline import Pipeline
from actwright.actions.generating.review_card import ReviewCard, review_card
from actwright.actions.generating.template_generator import TemplateGenerator
from actwright.cli.render import review_card as terminal
from actwright.pages.review_card import review_card_page
from actwright.sandbox import Sandbox


def printed(card: ReviewCard) -> str:
    """Return the card as a terminal of 120 columns shows it."""
    out = io.StringIO()
    console = Console(file=out, width=120)
    for each in terminal.review_card(card):
        console.print(each)
    return out.getvalue()


def test_the_card_of_a_template_says_it_all(sandbox: Sandbox, org: MemoryOrg) -> None:
    """What it does step by step, what it touches, the numbered code, its tests, what came out, and the digest."""
    made = Pipeline(TemplateGenerator(), sandbox, org).make(told("sum", "Amount"))
    card = review_card(made)
    assert card.does[0] == "Read AccountId and Subject of the Case that CaseId names."
    assert card.reads[1] == ("Opportunity", ("Amount", "AccountId", "IsClosed"))
    assert card.writes == (("creates", "Task", ("Description", "Subject", "WhatId")),)
    assert (card.said, card.faults) == ((), ())
    assert "Description = Total: 11,350.75" in card.came[0]
    for text in (printed(card), review_card_page(card)):
        assert made.digest in text
        assert "rows that fit among others" in text
        assert "reads" in text
    assert " 6  def produce(CaseId: Opaque) -> None:" in printed(card)


def test_a_model_s_words_stand_apart(sandbox: Sandbox, org: MemoryOrg) -> None:
    """What the code may do is told from its capabilities; what the model says of it is marked as nobody's word."""
    generator, _ = answering(reply())
    card = review_card(
        Pipeline(generator, sandbox, org).make(in_words("It only reads <b>one</b>."))
    )
    assert card.does == (
        "It may read OwnerId of Account.",
        "It may read AccountId, IsClosed of Case.",
        "It creates Task records, and may fill Subject, OwnerId, WhatId.",
    )
    assert card.said == (
        "It only reads <b>one</b>.",
        "It took for granted: Escalated cases are open.",
    )
    assert "fake-1" in card.made_by
    page = review_card_page(card)
    assert "<b>one</b>" not in page
    assert page.index("which nobody checked") < page.index("It only reads")


def test_nothing_on_the_card_acts_or_hides(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Escapes for a terminal and marks of direction are shown as what they are, in code and in labels."""
    made = Pipeline(TemplateGenerator(), sandbox, org).make(told("sum", "Amount"))
    label = made.blueprint.model_copy(update={"label": "Nice \x1b[31m\u202ename"})
    hostile = made.model_copy(
        update={"code": f"# \x1b]0;x\x07 \u202e\n{OPEN_CASES}", "blueprint": label}
    )
    card = review_card(hostile)
    assert card.code[0] == "# \\x1b]0;x\\x07 \\u202e"
    shown = printed(card) + review_card_page(card)
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_failed_review_says_why(sandbox: Sandbox, org: MemoryOrg) -> None:
    """The faults stand on the card, and the page says that it cannot be approved."""
    pipeline = Pipeline(TemplateGenerator(), sandbox, org)
    made = pipeline.make(told("sum", "Amount"))
    broken = made.model_copy(update={"code": made.code.replace("Decimal(0)", "Decimal(1)")})
    card = review_card(broken.model_copy(update={"review": pipeline.review(broken)}))
    assert card.faults
    assert "Cannot be approved" in review_card_page(card)
    assert "Why it cannot be approved" in printed(card)


def test_the_card_tells_what_is_never_seen_and_what_the_tests_hold(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Fields that are passed on unseen are marked; each test shows what it hands in, its records, and what it expects."""
    made = Pipeline(TemplateGenerator(), sandbox, org).make(told("sum", "Amount"))
    (first, *rest) = made.reads
    held = first.model_copy(update={"opaque": first.fields[:1]})
    card = review_card(made.model_copy(update={"reads": (held, *rest)}))
    assert card.reads[0][1][0] == f"{first.fields[0]} (passed on unseen)"
    assert card.tests[0].holds[0].startswith("takes CaseId = ")
    assert any(each.startswith("expects that it creates Task") for each in card.tests[0].holds)
    for text in (printed(card), review_card_page(card)):
        assert "(passed on unseen)" in text
        assert "expects that it creates Task" in text
