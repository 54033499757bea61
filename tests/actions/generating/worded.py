"""An action whose logic is said in words, and a model generator that is given its answers."""

from __future__ import annotations

from tests.actions.generating.recipes import PREFIXES
from tests.actions.generating.replies import Document
from tests.memory_org import demo_schemas
from tests.model_replies import PROMPTS, FakeChat, Log

from actwright.actions.generating.generator import Wanted
from actwright.actions.generating.model_generator import ModelGenerator
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.model.settings import ModelSettings

LOGIC = (
    "Create a Task for the owner of the Account that says how many of its Case records are open."
)


def in_words(logic: str = LOGIC, name: str = "TellOpenCases") -> Wanted:
    """Return an action that takes an account, with its logic in words."""
    blueprint = ActionBlueprint(
        name=name,
        label="Tell open cases",
        operation="CALL",
        category="GENERATED",
        target_s_object="Task",
        summary=logic,
        inputs=(
            ActionInput(api_name="AccountId", data_type="Id", required=True, usage="PARAMETER"),
        ),
    )
    schemas = {name: demo_schemas()[name] for name in ("Account", "Case", "Task")}
    return Wanted(blueprint, schemas, PREFIXES)


def answering(*replies: Document | str) -> tuple[ModelGenerator, FakeChat]:
    """Return a generator whose model answers ``replies``."""
    chat = FakeChat(list(replies))
    return ModelGenerator(chat, PROMPTS, ModelSettings(model="fake-1"), log=Log()), chat
