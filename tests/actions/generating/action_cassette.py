"""The recorded exchange in which a model writes the code of an action, and how it is played again."""

from __future__ import annotations

from pathlib import Path

from tests.actions.generating.replies import reply
from tests.actions.generating.worded import in_words
from tests.memory_org import demo_org
from tests.model.cassette_cases import CASSETTES, KEY, Unlogged, body_digest, cassette

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generating.model_generator import ModelGenerator
from actwright.actions.generating.pipeline import Pipeline
from actwright.model.openai_chat import OpenAIChat
from actwright.model.prompts import Prompts, load_prompts
from actwright.model.settings import ModelSettings
from actwright.sandbox import Sandbox
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

NAME = "action_code"
"""What its file is called."""


def written(base_url: str, sandbox: Sandbox, prompts: Prompts | None = None) -> GeneratedAction:
    """Return what comes of the exchange with whatever answers at ``base_url``."""
    chat = OpenAIChat(base_url=base_url, api_key=KEY, attempts=1)
    settings = ModelSettings(model="scripted", deadline_seconds=20)
    generator = ModelGenerator(chat, prompts or load_prompts(), settings, log=Unlogged())
    try:
        return Pipeline(generator, sandbox, demo_org()).make(in_words())
    finally:
        chat.close()


def record(scratch: Path, folder: Path = CASSETTES) -> Path:
    """Record the exchange into ``folder``, in place of its old recording; return the file."""
    fresh = scratch / "fresh.yaml"
    with (
        Sandbox(workers=1) as sandbox,
        ScriptedModel([Reply.json(reply())]) as model,
        cassette(fresh, "all") as tape,
    ):
        written(model.base_url, sandbox)
        digest = body_digest(tape.requests[0].body)
    for old in folder.glob(f"{NAME}-*.yaml"):
        old.unlink()
    target = folder / f"{NAME}-{digest}.yaml"
    target.write_bytes(fresh.read_bytes())
    return target
