"""Going on: what a further stage of a run goes on from, as the run's journal tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Preview
from actwright.errors import ConfirmationForeignError
from actwright.inert import inert
from actwright.org.query import JsonScalar

Outputs = Mapping[str, Mapping[str, JsonScalar]]
"""What actions put out: by action, the value of each output. Hostile, like any text from outside."""

Because = Literal["wave", "inputs", "branch"]
"""Why there is another stage: outputs are known, or a person changed inputs, or what comes next."""

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What a further stage of a run goes on from.

    Attributes:
        run_id: The run.
        stage: The number the stage would have.
        after: The run's newest event when this was read.
        because: Why there is to be another stage.
        done: The actions that are done, and never done again.
        skipped: Those a person said to go on without.
        in_part: By action that is repeated for rows, the ids of the records it has been done for already.
        outputs: What the actions that are done put out.
        writes: How many effects it has carried out.
    """

    run_id: str
    stage: int
    after: int
    because: Because
    done: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    in_part: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: Outputs = field(default_factory=dict)
    writes: int = 0

    @property
    def behind(self) -> frozenset[str]:
        """The actions that are not carried out any more."""
        return frozenset((*self.done, *self.skipped))

    def put_out(self, action_id: str, output: str) -> str | None:
        """Return the name under which an action put an output out, or None where it did not."""
        known = self.outputs.get(action_id, {})
        name = "id" if output.lower() == "id" and "id" in known else output
        return name if name in known else None

    def notices(self, plan: Plan) -> tuple[str, ...]:
        """Return for people what is left out of the stage, and why."""
        told = [
            _named(plan, self.done, f"Done already by {self.run_id}, and not done again: "),
            _named(plan, self.skipped, "Left out, as a person said: "),
            *(
                f"{key} is done for {len(ids):,} of its rows already; they are left out."
                for key, ids in self.in_part.items()
            ),
        ]
        return tuple(each for each in told if each)


def check_starts_run(preview: Preview) -> None:
    """Refuse to start a run with a preview that goes on with one.

    Raises:
        ConfirmationForeignError: It does.
    """
    if preview.run_id is not None:
        raise ConfirmationForeignError(
            f"{preview.id} goes on with {preview.run_id}, and starts no run of its own.",
            hint=f"actwright resume {preview.run_id}",
            code="preview_bound",
        )


def _named(plan: Plan, keys: tuple[str, ...], head: str) -> str:
    if not keys:
        return ""
    known = (plan.action(each) for each in keys[:_MOST_NAMED])
    names = [f"{each.id} ({inert(each.blueprint.label, limit=80)})" for each in known if each]
    more = len(keys) - _MOST_NAMED
    return f"{head}{', '.join(names)}{f' and {more} more' if more > 0 else ''}."
