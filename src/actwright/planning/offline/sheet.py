"""The sheet an action is drafted on: its arguments, questions and assumptions, as they come together."""

from __future__ import annotations

from dataclasses import dataclass, field

from actwright.blueprints.argument import Argument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.plan import Candidate, Question, QuestionReason
from actwright.planning.questions import question
from actwright.planning.rows.row_binding import BoundRows, another_rows
from actwright.planning.words.reading import Rival


@dataclass
class Sheet:
    """Arguments, questions and assumptions, as they come together.

    Attributes:
        action_id: The action they are for.
        blueprint: Its blueprint.
        rivals: Records the goal names where data names others.
        arguments: What is filled, by input.
        questions: What is open.
        notes: What was taken for granted.
        rows: The rows the action is repeated for, where it is.
    """

    action_id: str
    blueprint: ActionBlueprint
    rivals: tuple[Rival, ...] = ()
    arguments: dict[str, Argument] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: BoundRows | None = None

    def repeat(self, rows: BoundRows, *, taken: bool = False) -> None:
        """Repeat the action for ``rows``, no two kinds of them; a value is ``taken`` from them only where it creates."""
        if (self.rows or rows) != rows or (taken and self.blueprint.operation != "CREATE"):
            raise another_rows(self.rows or rows, rows)
        self.rows = rows

    @property
    def given(self) -> set[str]:
        """The inputs that the rows themselves fill."""
        wanted = self.blueprint.id_input
        bound = self.rows is not None and self.blueprint.operation != "CREATE"
        return {wanted.api_name} if bound and wanted is not None else set()

    def input(self, field_name: str) -> ActionInput | None:
        """Return the input that fills the field of that API name, or None."""
        wanted = field_name.lower()
        inputs = (each for each in self.blueprint.inputs if each.is_field)
        return next((each for each in inputs if each.field_api_name.lower() == wanted), None)

    def ask(
        self,
        wanted: ActionInput,
        reason: QuestionReason,
        what: str,
        options: tuple[Candidate, ...] = (),
    ) -> None:
        """Ask for one input."""
        self.questions.append(question(self.action_id, wanted, reason, what, options))
