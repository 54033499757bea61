"""What came of a case when its recorded exchange was played."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.model.exchange import Exchange
from actwright.planning.planner import PlanningOutcome
from actwright.regression.finding import Finding
from actwright.regression.origin import Origin
from actwright.testing.judging import Verdict


@dataclass(frozen=True, slots=True)
class SetKey:
    """What is scored together: one version of a prompt with one model, and who answered.

    Attributes:
        prompt: The prompt's name.
        version: Its version.
        hash: Its hash.
        model: The model that was asked.
        origin: Who answered.
    """

    prompt: str
    version: str
    hash: str
    model: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Played:
    """One case, played.

    Attributes:
        case_id: The case.
        key: What it is scored with.
        outcome: What the planner answered; None where it raised.
        verdict: What the suite says of it.
        exchanges: The requests and what came of them; their seconds are those of the playing.
        error: The code of the error the planner raised.
        seconds: How long each exchange took when it was recorded; of live ones only.
        findings: What does not fit between the cassette and what was asked. Where there is one, the verdict says
            nothing of the prompt or the model.
    """

    case_id: str
    key: SetKey
    outcome: PlanningOutcome | None
    verdict: Verdict
    exchanges: tuple[Exchange, ...]
    error: str | None = None
    seconds: tuple[float, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def origin(self) -> Origin:
        """Who answered when it was recorded."""
        return self.key.origin
