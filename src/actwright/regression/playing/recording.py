"""Recording: a case is planned with a script or with a live model, and the whole exchange becomes a cassette."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from actwright.canonical import Json, digest
from actwright.clock import Clock, SystemClock, timestamp
from actwright.errors import InputError
from actwright.model.exchange import Exchange
from actwright.model.prompts import Prompts
from actwright.regression.cassettes.asking import SCRIPTED_MODEL, scripted_chat
from actwright.regression.cassettes.cassette import (
    Cassette,
    CassetteHeader,
    PromptStamp,
    RecordedResponse,
)
from actwright.regression.cassettes.noted_prompts import stamp_of
from actwright.regression.cassettes.tape import Tape, recording
from actwright.regression.origin import Origin
from actwright.regression.playing.live import LiveModel
from actwright.regression.playing.playing import Planned, planned
from actwright.regression.playing.scene import Scene
from actwright.regression.suite.suite import Suite, SuiteCase
from actwright.testing.model_server import ModelRequest, ScriptedModel
from actwright.testing.replies import Reply


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records cases of a suite.

    Attributes:
        suite: The cases, and what is answered to them.
        scene: What the planner looks at.
        clock: For the moment of each recording.
    """

    suite: Suite
    scene: Scene
    clock: Clock = SystemClock()  # noqa: RUF009 - it has no state

    def scripted(self, case: SuiteCase) -> Cassette:
        """Record a case with the answers its script gives, over real HTTP.

        A script that runs out says its last answer again: a model that is told its faults may well repeat them.

        Raises:
            InputError: There is no script, a reply of it was not asked for, or not every answer can be recorded.
        """
        replies = self.suite.replies(case, self.scene)
        if not replies:
            raise InputError(f"The case {case.id!r} has no script.", where=case.place)
        tape, script = Tape(), _Script(replies)
        with ScriptedModel(script.answer) as model, recording(tape):
            chat = scripted_chat(model.base_url)
            try:
                made = planned(case, self.scene, SCRIPTED_MODEL, chat)
            finally:
                chat.close()
        _check_script(case, script, tape)
        return self._cassette(case, "scripted", SCRIPTED_MODEL, tape, made)

    def live(self, case: SuiteCase, model: LiveModel) -> Cassette:
        """Record a case with what a live model answers.

        Raises:
            InputError: No answer came that could be recorded.
        """
        tape = Tape()
        with recording(tape):
            made = planned(case, self.scene, model.name, model.chat)
        if not tape.interactions:
            raise InputError(
                f"The model answered nothing to the case {case.id!r} ({made.error}).",
                where=case.place,
                hint="Check the model's address and key, and record the case again with --only.",
                code="nothing_recorded",
            )
        if any(model.tells_its_key(each.response.body) for each in tape.interactions):
            raise InputError(
                f"An answer to the case {case.id!r} holds the model's key; it was not kept.",
                where=case.place,
                hint="Ask a service that does not say keys again, and change the key.",
                code="content_leaked",
            )
        return self._cassette(case, "live", model.name, tape, made)

    def _cassette(
        self, case: SuiteCase, origin: Origin, model: str, tape: Tape, made: Planned
    ) -> Cassette:
        script = self.suite.replies(case, self.scene) if origin == "scripted" else ()
        seconds = tuple(round(each.seconds, 3) for each in made.exchanges)
        header = CassetteHeader(
            origin=origin,
            case=case.id,
            case_digest=case_digest(case, script),
            model=model,
            prompts=stamps(made.exchanges, self.scene.prompts),
            recorded_at=timestamp(self.clock.now()),
            actwright=version("actwright"),
            seconds=seconds if origin == "live" else (),
        )
        return Cassette(header=header, interactions=tape.interactions)


def stamps(exchanges: Sequence[Exchange], prompts: Prompts) -> tuple[PromptStamp, ...]:
    """Return which prompts an exchange was made with, each once."""
    used = dict.fromkeys(each.prompt_name for each in exchanges)
    return tuple(stamp_of(each, prompts) for each in used)


def case_digest(case: SuiteCase, script: Sequence[Reply]) -> str:
    """Return the SHA-256 over what a case says to the model, and over its script; there is none where a model answers."""
    wires: list[Json] = [hashlib.sha256(each.wire(stream=True)).hexdigest() for each in script]
    return digest({"goal": case.goal, "data": dict(case.data), "user": case.user, "replies": wires})


def as_scripted(cassette: Cassette, replies: Sequence[Reply]) -> bool:
    """Tell whether the answers of a cassette are those of a script, which says its last one again."""
    last = len(replies) - 1
    return all(
        _gives(replies[min(number, last)], each.response)
        for number, each in enumerate(cassette.interactions)
    )


def _gives(reply: Reply, response: RecordedResponse) -> bool:
    """Tell whether a reply is what was answered; of one told down to its bytes on the wire nobody can."""
    wires = (reply.wire(stream=each).partition(b"\r\n\r\n")[2] for each in (True, False))
    return reply.raw is not None or (response.status == reply.status and response.content in wires)


class _Script:
    """Answers one reply after the other, and the last one for ever."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self._replies = replies
        self.asked = 0
        """How often it was asked."""

    def answer(self, request: ModelRequest) -> Reply:
        """Return the next reply."""
        del request
        self.asked += 1
        return self._replies[min(self.asked, len(self._replies)) - 1]

    @property
    def left(self) -> int:
        """How many replies were not asked for."""
        return max(len(self._replies) - self.asked, 0)


def _check_script(case: SuiteCase, script: _Script, tape: Tape) -> None:
    if script.left:
        raise InputError(
            f"{script.left} of the replies to the case {case.id!r} were not asked for.",
            where=case.place,
            hint="Take them out of the case.",
            code="reply_unused",
        )
    if len(tape.interactions) != script.asked:
        raise InputError(
            f"A reply to the case {case.id!r} breaks off before it is whole, which no cassette can carry.",
            where=case.place,
            hint="Leave it to a test with actwright.testing.bad_replies.",
            code="reply_unrecordable",
        )
