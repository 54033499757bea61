"""Deciding at the terminal: yes, no, an edit and its difference, and how many records a mass change takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest
from rich.console import Console, RenderableType
from tests.checkpoints.edited_plans import (
    DEAL,
    closing,
    effect,
    following,
    plan_made,
    preview_made,
)

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Preview
from actwright.cli.choices import Edit
from actwright.cli.deciding import changed_preview, decided
from actwright.cli.terminal import Terminal
from actwright.errors import (
    ConfirmationForeignError,
    OpenQuestionsError,
    PlanError,
    PlanningError,
)
from actwright.guardrails.issue import Issue
from actwright.org.query import JsonScalar
from actwright.planning.planner import PlanningOutcome
from actwright.planning.refusals import refused
from actwright.settings import Settings

PLAN = plan_made(closing(), following())
OLD = preview_made(effect("a1.1", DEAL, after="5"), effect("a2.1", None), question="Both?")
NEW = preview_made(effect("a1.1", DEAL, after="5"), key="1" * 20, question="One?")
STOP = Issue(code="x", message="No way.")
MANY = Issue(code="mass_change", message="Two records.", severity="warning")


class Person(Terminal):
    """A terminal whose person types what was written down before, and that keeps what it showed."""

    def __init__(self, *lines: str) -> None:
        super().__init__(as_json=False)
        self._lines = list(lines)
        self.prompts: list[str] = []
        self.failures: list[str] = []
        self.shown: list[str] = []

    @property
    def shows_people(self) -> bool:
        """Whether stdout is seen: it is."""
        return True

    def ask(self, prompt: str) -> str:
        """Return the next line."""
        self.prompts.append(prompt)
        return self._lines.pop(0) if self._lines else ""

    def aside(self, *parts: RenderableType) -> None:
        """Keep what is shown."""
        console = Console(width=200, force_terminal=False)
        with console.capture() as captured:
            for each in parts:
                console.print(each)
        self.shown.append(captured.get())

    def failure(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        """Keep what went wrong."""
        self.failures.append(f"{message} {where} {hint}")


class _Plans:
    def get(self, key: str) -> Plan:
        return {OLD.plan_id: PLAN}[key]


class _Here:
    identity = OLD.org


class Editor:
    """Stands in for the app: edits to one preview, and answers to words."""

    org = _Here()

    def __init__(self, made: Preview = NEW, outcome: PlanningOutcome | None = None) -> None:
        self.plans = _Plans()
        self.settings = Settings()
        self._made = made
        self._outcome = outcome or PlanningOutcome(plan=PLAN)
        self.edits: list[tuple[tuple[str, ...], dict[str, JsonScalar]]] = []
        self.words: list[str] = []
        self.edited: list[str] = []

    def edit(
        self,
        preview: Preview,
        *,
        without: Collection[str] = (),
        values: Mapping[str, JsonScalar] | None = None,
        plan: Plan | None = None,
    ) -> Preview:
        """Return what an edit makes, or refuse one of an action nobody knows."""
        self.edited.append(preview.id)
        if "a2.Subject" in without:
            raise PlanError("Subject is required.", where="a2.Subject", hint="Leave a2 out.")
        if plan is None:
            self.edits.append((tuple(without), dict(values or {})))
        return self._made

    def respond(self, preview: Preview, words: str) -> PlanningOutcome:
        """Return the answer that was written down."""
        self.words.append(f"{words} to {preview.id[:8]}")
        return self._outcome


def decide(
    *lines: str, app: Editor | None = None, preview: Preview = OLD
) -> tuple[Preview, bool, Person]:
    """Let a person decide on a preview."""
    person = Person(*lines)
    chosen, yes = decided(app or Editor(), person, preview)  # type: ignore[arg-type]  # a stand-in
    return chosen, yes, person


@pytest.mark.parametrize("word", ["y", "YES", "Yes"])
def test_yes_is_yes(word: str) -> None:
    """The preview that was shown is the one decided on."""
    assert decide(word)[:2] == (OLD, True)


@pytest.mark.parametrize("word", ["", "n", "No.", "cancel"])
def test_no_is_no(word: str) -> None:
    """An empty answer is one too, and nobody is asked again."""
    chosen, yes, person = decide(word)
    assert (chosen, yes, len(person.prompts)) == (OLD, False, 1)


@pytest.mark.parametrize("word", ["yep", "b", "1", "ye", "not the task"])
def test_what_is_unclear_is_asked_again(word: str) -> None:
    """It is neither yes nor no, and the person is told which answers there are."""
    chosen, yes, person = decide(word, "y")
    assert (chosen, yes, len(person.prompts)) == (OLD, True, 2)
    assert ("nothing to go back to" if word == "b" else "Answer y") in person.shown[-1]


def test_an_edit_is_shown_before_it_is_answered() -> None:
    """The numbers are listed, and the difference, the new question and the new digest stand before the next prompt."""
    app = Editor()
    chosen, yes, person = decide("e", "5", "y", app=app)
    assert (chosen, yes) == (NEW, True)
    assert app.edits == [(("a2",), {})]
    listed, told = person.shown
    assert "  5  CreateTask  a2" in listed
    assert "- Opportunity" in told
    assert "no longer" in told
    assert "One?" in told
    assert f"Digest: {OLD.digest[:12]} -> {NEW.digest[:12]}" in told
    assert NEW.digest in told


def test_a_value_is_set_by_its_number() -> None:
    """What stands behind the equals sign is the value."""
    app = Editor()
    decide("e", "4=99000", app=app)
    assert app.edits == [((), {"a1.Amount": "99000"})]


def test_words_go_back_to_planning() -> None:
    """What is neither a number nor a name is a response to the preview that was shown."""
    app = Editor()
    chosen, yes, _ = decide("e", "not the task", "y", app=app)
    assert (chosen, yes, app.words) == (NEW, True, [f"not the task to {OLD.id[:8]}"])


def test_going_back_returns_to_the_preview_before() -> None:
    """The difference is shown the other way round, and the answer is to the old preview."""
    chosen, yes, person = decide("e", "5", "b", "y")
    assert (chosen, yes) == (OLD, True)
    assert "+ Opportunity" in person.shown[-1]
    assert "Both?" in person.shown[-1]
    assert ["goes back" in each for each in person.prompts] == [False, False, True, False]


def test_an_edit_that_does_not_fit_leaves_everything() -> None:
    """The person is told why, and asked again about the same preview."""
    chosen, yes, person = decide("e", "6", "y")
    assert (chosen, yes) == (OLD, True)
    assert person.failures == ["Subject is required. a2.Subject Leave a2 out."]
    assert person.prompts[-1].startswith("Nothing was edited. Do the plan as it was? [y/N]")


def test_an_empty_edit_changes_nothing() -> None:
    """The person is back at the question."""
    app = Editor()
    assert decide("e", "", "y", app=app)[:2] == (OLD, True)
    assert (app.edits, app.words) == ([], [])


def test_nobody_says_yes_to_an_edit_that_is_refused() -> None:
    """An edit that a guardrail refuses is shown with its issue; yes counts as no there."""
    blocked = preview_made(effect(), issues=[STOP], key="2" * 20)
    chosen, yes, person = decide("e", "5", "y", app=Editor(blocked))
    assert (chosen, yes) == (blocked, False)
    assert any("No way." in each for each in person.shown)
    assert person.prompts[-1].startswith("This is refused.")
    assert "nobody can say yes" in person.shown[-1]


def test_a_mass_change_asks_for_the_number() -> None:
    """Only the number of records is a yes, it is asked for once, and again on a mistake."""
    mass = preview_made(effect("a1.1", DEAL), effect("a2.1", None), issues=[MANY])
    assert decide("2", preview=mass)[1]
    assert not decide("n", preview=mass)[1]
    _, yes, person = decide("y", "1", "2", preview=mass)
    assert (yes, len(person.prompts)) == (True, 3)
    assert "Type the number of records (2)" in person.prompts[0]
    assert ["It is 2 records" in each for each in person.shown] == [True, True]


def test_a_number_is_typed_with_commas_or_without() -> None:
    """As it is shown, or plainly."""
    mass = preview_made(*(effect(f"a1.{at}", None) for at in range(1, 1_205)), issues=[MANY])
    assert decide("1,204", preview=mass)[1]
    assert decide("1204", preview=mass)[1]


@pytest.mark.parametrize(
    ("outcome", "kind", "said"),
    [
        (refused("response_unclear", "Not understood.", "Say it."), PlanningError, "Not underst"),
        (PlanningOutcome(), OpenQuestionsError, "Nothing was understood"),
    ],
)
def test_words_that_are_not_clear_are_an_error(
    outcome: PlanningOutcome, kind: type[PlanningError], said: str
) -> None:
    """The old preview stays, and the error says what was not understood."""
    with pytest.raises(kind, match=said):
        changed_preview(Editor(outcome=outcome), OLD, Edit(words="x"))  # type: ignore[arg-type]  # a stand-in


def test_a_preview_of_another_org_is_not_edited_here() -> None:
    """Its plan would be previewed in this org, which the person never looked at."""
    app = Editor()
    elsewhere = OLD.org.model_copy(
        update={"id": "00DX", "url": "https://x.example", "local": False}
    )
    preview = OLD.model_copy(update={"org": elsewhere})
    with pytest.raises(ConfirmationForeignError, match="was made for") as caught:
        changed_preview(app, preview, Edit(without=("a2",)))  # type: ignore[arg-type]  # a stand-in
    assert "--org https://x.example" in str(caught.value.hint)
    assert app.edits == []


def test_names_and_words_make_one_edit() -> None:
    """What was named is done first, and the words are about what came of it."""
    app = Editor()
    edit = Edit(("a2",), {"a1.Amount": 5}, "use 15 December")
    assert changed_preview(app, OLD, edit) == NEW  # type: ignore[arg-type]  # a stand-in
    assert (app.edits, app.words) == (
        [(("a2",), {"a1.Amount": 5})],
        [f"use 15 December to {NEW.id[:8]}"],
    )
