"""The next wave: what a run waits for when a stage is done and actions of its plan are left."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.checkpoints.preview import Preview
from actwright.checkpoints.waves.going_on import Outputs
from actwright.checkpoints.wording.later_words import named_later


@dataclass(frozen=True, slots=True)
class Wave:
    """A part of a plan that can be previewed now that a stage is done.

    Attributes:
        number: The number the stage would have.
        actions: The actions that are left.
        outputs: What the actions they wait for put out.
        reason: Why the run waits, in a sentence.
    """

    number: int
    actions: tuple[str, ...]
    outputs: Outputs
    reason: str

    def event_data(self) -> dict[str, object]:
        """Return the data of the ``run_waiting`` event."""
        return {
            "reason": self.reason,
            "for": "confirmation",
            "wave": self.number,
            "outputs": {key: dict(values) for key, values in self.outputs.items()},
        }


def next_wave(preview: Preview, outputs: Outputs, *, stage: int) -> Wave | None:
    """Return the wave that follows a stage, all of whose groups are behind the run; None where nothing is left.

    Args:
        preview: The stage's preview.
        outputs: What the actions of all stages put out.
        stage: The stage's number.
    """
    if not preview.later:
        return None
    awaited = {each.action_id for later in preview.later for each in later.waits_for}
    return Wave(
        number=stage + 1,
        actions=tuple(each.action_id for each in preview.later),
        outputs={key: values for key, values in outputs.items() if key in awaited},
        reason=f"What {named_later(preview.later)} waited for is known now; a person has to say yes to it.",
    )
