"""The model generator: a language model writes the function from the logic in words, and mends it while checks find faults."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import get_args

from pydantic import ValidationError

from actwright.actions.generated.action import GeneratedAction, Maker
from actwright.actions.generated.capability import FieldsOf, WriteOperation, WritesOf
from actwright.actions.generated.surface import signature_of, surface_of
from actwright.actions.generating.generator import Check, Draft, Wanted
from actwright.actions.generating.model_reply import (
    ActionReply,
    Drafting,
    form_faults,
    held_opaque,
)
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.canonical import Json
from actwright.clock import Clock, SystemClock
from actwright.inert import inert
from actwright.model.budget import Budget
from actwright.model.chat import ChatModel
from actwright.model.conversation import Conversation
from actwright.model.exchange import ExchangeSink
from actwright.model.prices import Prices
from actwright.model.prompt import RenderedPrompt
from actwright.model.prompts import Prompts
from actwright.model.quoting import quoted
from actwright.model.settings import ModelSettings
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.sandbox.subset import BANNED_METHODS, BANNED_NAMES, BANNED_SYNTAX, IMPORTABLE

_MOST_FIELDS = 120
_MOST_VALUES = 30
_LABEL = 80
_MOST_REPAIRS = 2


class ModelGenerator:
    """Writes the code of a blueprint whose logic is said in words.

    The model sees the blueprint, a slice of the schema and the capabilities; it sees no record. What it writes is
    checked, run against samples and tested before anybody sees it, and goes back with all that was found at most twice.

    Args:
        chat: The model.
        prompts: Where the prompts ``generate_action`` and ``repair_action`` are.
        settings: The model's name, and what one action may take of it.
        log: Takes the record of every exchange.
        prices: What tokens cost; empty where left out.
        clock: For the records.
        spent: Told what each action took of the model, also of one that came to nothing.
    """

    def __init__(
        self,
        chat: ChatModel,
        prompts: Prompts,
        settings: ModelSettings,
        *,
        log: ExchangeSink,
        prices: Prices | None = None,
        clock: Clock | None = None,
        spent: Callable[[Budget], None] | None = None,
    ) -> None:
        repairs = min(settings.repairs, _MOST_REPAIRS)
        self._settings = settings.model_copy(update={"repairs": repairs})
        self._prompts = prompts
        self._prices = prices or Prices()
        self._spent = spent or (lambda _: None)
        repair = prompts.get("repair_action")
        self._conversation = Conversation(chat, self._settings, repair, log, clock or SystemClock())

    def generate(self, wanted: Wanted, check: Check) -> Draft:
        """Return a draft in which ``check`` finds nothing.

        Raises:
            ModelError: The model gave nothing that passes, also after its repairs.
        """
        prompt = self._prompt(wanted)
        maker = Maker(
            model=self._settings.model,
            prompt_name=prompt.name,
            prompt_version=prompt.version,
            prompt_hash=prompt.hash,
        )
        budget = Budget.of(self._settings, self._prices)
        try:
            answered = self._conversation.ask(
                prompt,
                ActionReply,
                check=lambda reply: _faults(reply, wanted, maker, check),
                deadline=time.monotonic() + self._settings.deadline_seconds,
                budget=budget,
            )
        finally:
            self._spent(budget)
        return Drafting(wanted, maker).draft(answered.value)

    def _prompt(self, wanted: Wanted) -> RenderedPrompt:
        blueprint = wanted.blueprint
        return self._prompts.get("generate_action").render(
            capabilities="\n".join(_capabilities(blueprint)),
            modules=", ".join(sorted(IMPORTABLE)),
            banned="\n".join(_banned()),
            name=inert(blueprint.name, limit=_LABEL),
            target=inert(blueprint.target_s_object or "", limit=_LABEL),
            inputs="\n".join(_inputs(wanted)),
            logic=blueprint.summary,
            schema="\n".join(_schema(each) for each in wanted.schemas.values()),
            signature=signature_of(blueprint, held_opaque(blueprint)),
        )


def _faults(reply: ActionReply, wanted: Wanted, maker: Maker, check: Check) -> tuple[str, ...]:
    """Return all that is wrong with a reply; the code is only run where its form is right."""
    wrong = form_faults(reply)
    if wrong:
        return wrong
    try:
        draft = Drafting(wanted, maker).draft(reply)
    except ValidationError as invalid:
        return tuple(str(each["msg"]) for each in invalid.errors(include_input=False))
    return tuple(check(draft))


def _capabilities(blueprint: ActionBlueprint) -> Iterator[str]:
    """Yield what code may call that reads, creates and changes records, as its stubs have it."""
    probe = GeneratedAction(
        blueprint=blueprint,
        code="pass",
        reads=(FieldsOf(object="Account", fields=("Id",)),),
        writes=tuple(
            WritesOf(operation=each, object="Account", fields=("Name",))
            for each in get_args(WriteOperation)
        ),
        origin="model",
        made_by=Maker(),
    )
    for each in surface_of(probe).capabilities:
        yield f"- {each.module}: {each.signature}\n  {each.doc}"


def _banned() -> Iterator[str]:
    for what, instead in BANNED_SYNTAX.values():
        yield f"- {what}. {instead}"
    for what, instead in BANNED_METHODS.items():
        yield f"- .{what}(). {instead}"
    yield f"- these names: {', '.join(sorted(BANNED_NAMES))}."


def _inputs(wanted: Wanted) -> Iterator[str]:
    for each in wanted.blueprint.inputs:
        document: dict[str, Json] = {
            "name": each.api_name,
            "type": each.data_type,
            "required": each.required,
            "label": inert(each.label, limit=_LABEL),
            "description": inert(each.description, limit=300),
        }
        yield quoted(document)


def _schema(schema: ObjectSchema) -> str:
    fields: list[Json] = [_field(each) for each in schema.fields[:_MOST_FIELDS]]
    return quoted(
        {"object": schema.name, "label": inert(schema.label, limit=_LABEL), "fields": fields}
    )


def _field(field: FieldSchema) -> dict[str, Json]:
    document: dict[str, Json] = {"name": field.name, "type": inert(field.type, limit=_LABEL)}
    if not (field.createable or field.updateable):
        document["readOnly"] = True
    if field.reference_to:
        document["refersTo"] = list(field.reference_to[:10])
    if field.active_values:
        document["values"] = [
            inert(each.value, limit=_LABEL) for each in field.active_values[:_MOST_VALUES]
        ]
    return document
