"""The recorded exchange in which a model writes the code of an action: played, and recorded anew.

``python -m tests.actions.generating.action_cassette`` records it, with a script over real HTTP.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

from tests.actions.generating.replies import reply
from tests.actions.generating.worded import in_words
from tests.memory_org import demo_org

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generating.model_generator import ModelGenerator
from actwright.actions.generating.pipeline import Pipeline
from actwright.canonical import digest
from actwright.clock import SystemClock, timestamp
from actwright.model.exchange import Exchange
from actwright.model.prompts import Prompts, load_prompts
from actwright.regression.cassettes.asking import SCRIPTED_MODEL, scripted_chat, settings_for
from actwright.regression.cassettes.cassette import Cassette, CassetteHeader
from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.cassettes.tape import RECORDED_AT, Tape, playing, recording
from actwright.regression.playing.recording import stamps
from actwright.sandbox import Sandbox
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

SHELF = Shelf(Path(__file__).parent / "cassettes")
"""Where it is kept: beside the test, since the suite of goals has no case of it."""


class Kept:
    """Keeps the exchanges."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        """All of them."""

    def record(self, exchange: Exchange, texts: object) -> None:
        """Keep an exchange, and none of its texts."""
        del texts
        self.exchanges.append(exchange)


def written(
    base_url: str, sandbox: Sandbox, prompts: Prompts | None = None, log: Kept | None = None
) -> GeneratedAction:
    """Return what comes of the exchange with whatever answers at ``base_url``."""
    chat = scripted_chat(base_url)
    settings = settings_for(SCRIPTED_MODEL, seconds=20)
    generator = ModelGenerator(chat, prompts or load_prompts(), settings, log=log or Kept())
    try:
        return Pipeline(generator, sandbox, demo_org()).make(in_words())
    finally:
        chat.close()


def played(sandbox: Sandbox, prompts: Prompts | None = None) -> GeneratedAction:
    """Return what comes of the recorded exchange; every answer of it is asked for.

    Raises:
        UnmatchedRequestError: The request is another one than was recorded.
    """
    (file,) = SHELF.cassettes("scripted")
    tape = Tape(file.cassette.interactions)
    with playing(tape):
        made = written(RECORDED_AT, sandbox, prompts)
    assert tape.unused == ()
    return made


def main() -> None:
    """Record the exchange in place of the old recording."""
    tape, log = Tape(), Kept()
    with (
        Sandbox(workers=1) as sandbox,
        ScriptedModel([Reply.json(reply())]) as model,
        recording(tape),
    ):
        written(model.base_url, sandbox, log=log)
    header = CassetteHeader(
        origin="scripted",
        case="action-code",
        case_digest=digest(reply()),
        model=SCRIPTED_MODEL,
        prompts=stamps(log.exchanges, load_prompts()),
        recorded_at=timestamp(SystemClock().now()),
        actwright=version("actwright"),
    )
    path, _ = SHELF.keep(Cassette(header=header, interactions=tape.interactions))
    for each in SHELF.stray(SHELF.cassettes("scripted")):
        each.unlink()
    sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
