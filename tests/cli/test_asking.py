"""Answers to open questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from actwright.blueprints.plan import Candidate, Plan, Question, QuestionReason
from actwright.cli.asking import answers
from actwright.cli.terminal import Terminal
from actwright.errors import PayloadError
from actwright.planning.answers import with_answers
from actwright.planning.planner import PlanningOutcome

IDS = ("001000000000001AAA", "001000000000002AAA")


def _asked(reason: QuestionReason, *labels: str, data_type: str = "Picklist") -> PlanningOutcome:
    """Return one open question about the field Stage, with candidates of these labels."""
    asked = Question(
        id="a1.StageName",
        action_id="a1",
        input="StageName",
        reason=reason,
        text="Which one? \x1b[2J[bold] Answer with -d a1.StageName=VALUE.",
        candidates=tuple(
            Candidate(value=IDS[at] if reason == "ambiguous" else f"00{each}", label=each)
            for at, each in enumerate(labels)
        ),
    )
    entry = {"apiName": "StageName", "label": "Stage", "dataType": data_type}
    blueprint = {
        "name": "CreateOpportunity",
        "operation": "CREATE",
        "targetSObject": "Opportunity",
        "inputs": [entry],
    }
    plan = Plan.model_validate(
        {
            "goal": "g",
            "actions": [{"id": "a1", "blueprint": blueprint}],
            "planner": {"kind": "scripted"},
        }
    )
    return PlanningOutcome(plan=plan, questions=(asked,))


def _asking(planned: PlanningOutcome) -> Plan:
    """Return the plan with its questions, as the store holds it."""
    assert planned.plan is not None
    return planned.plan.model_copy(update={"questions": planned.questions})


class Scripted(Terminal):
    """A terminal whose person types what was written down before."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__(as_json=False)
        self._lines = list(lines)
        self.prompts: list[str] = []

    def ask(self, prompt: str) -> str:
        """Return the next line."""
        self.prompts.append(prompt)
        return self._lines.pop(0)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", IDS[0]),
        ("2.", IDS[1]),
        ("acme", IDS[1]),
        ("Acme R", IDS[0]),
        (IDS[1].lower(), IDS[1]),
        ("-1", "-1"),
        ("9999999999", "9999999999"),
        ("Globex", "Globex"),
    ],
)
def test_a_number_or_a_name_picks_and_anything_else_is_the_answer(typed: str, value: str) -> None:
    """A candidate's own number or name stands for it; any other word is looked up by the planner."""
    planned = _asked("ambiguous", "Acme Renewal", "Acme")
    assert answers(Scripted([typed]), planned) == {"a1.StageName": value}


@pytest.mark.parametrize("typed", ["1", "won", "closed w", "Closed Lost"])
def test_the_prompt_takes_what_answer_takes(typed: str) -> None:
    """What --answer means, the same words mean at the prompt."""
    planned = _asked("no_value", "Closed Won", "Closed Lost")
    assert answers(Scripted([typed]), planned) == with_answers(_asking(planned), typed)


@pytest.mark.parametrize("typed", ["nonsense", "3", "0", "closed"])
def test_the_prompt_refuses_what_answer_refuses(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What --answer refuses is refused at the prompt with the same words, and asked again."""
    planned = _asked("no_value", "Closed Won", "Closed Lost")
    with pytest.raises(PayloadError) as refused:
        with_answers(_asking(planned), typed)
    assert answers(Scripted([typed, ""]), planned) is None
    assert refused.value.message in capsys.readouterr().err


def test_records_of_one_name_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that two candidates share picks neither of them; each is named with its id, and the person asked again."""
    planned = _asked("ambiguous", "Acme", "Acme")
    assert answers(Scripted(["Acme", "2"]), planned) == {"a1.StageName": IDS[1]}
    assert f"1 Acme {IDS[0]}, 2 Acme {IDS[1]}" in capsys.readouterr().err


def test_a_closed_list_is_asked_again() -> None:
    """What is no value of the picklist is not handed to the planner: the person is asked at once."""
    terminal = Scripted(["Foo", "7", "open"])
    assert answers(terminal, _asked("no_value", "Open", "Won")) == {"a1.StageName": "00Open"}
    assert terminal.prompts == ["Stage? (number or text, empty stops)"] * 3
    assert answers(Scripted(["Foo", ""]), _asked("no_value", "Open")) is None


def test_several_values_are_no_mistake() -> None:
    """A multi-select picklist takes a combination of candidates, each said in a word, and of nothing else."""
    planned = _asked("no_value", "Open", "Won", data_type="MultiPicklist")
    assert answers(Scripted(["open;2"]), planned) == {"a1.StageName": "00Open;00Won"}
    assert answers(Scripted(["open;Nope", ""]), planned) is None


def test_a_question_without_candidates_takes_no_number() -> None:
    """A number is then the value itself, and the prompt offers text only."""
    terminal = Scripted(["1"])
    assert answers(terminal, _asked("missing")) == {"a1.StageName": "1"}
    assert terminal.prompts == ["Stage? (text, empty stops)"]


def test_one_empty_answer_stops_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Half an answer is no answer; the question was shown without escapes, and without advice for scripts."""
    planned = _asked("ambiguous", "Acme Renewal", "Acme")
    twice = planned.model_copy(update={"questions": planned.questions * 2})
    assert answers(Scripted(["1", ""]), twice) is None
    shown: Any = capsys.readouterr()
    assert "1. Acme Renewal" in shown.err
    assert "\x1b" not in shown.err
    assert "[bold]" in shown.err
    assert "Answer with" not in shown.err
    assert shown.out == ""
