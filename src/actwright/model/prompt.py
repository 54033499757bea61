"""A prompt: its front matter, its templates, and what comes of them once their values are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Template, TemplateError
from pydantic import Field, field_validator

from actwright.contract import Contract
from actwright.errors import PromptError
from actwright.model.chat import Message, Role


class PromptSettings(Contract):
    """What a prompt asks of the model beside its words; what is left out is decided by the caller."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_output_tokens: int | None = Field(default=None, ge=1, le=200_000)


class PromptHeader(Contract):
    """The front matter of a prompt."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    version: str = Field(pattern=r"^[0-9]+(\.[0-9]+){0,2}$")
    description: str = Field(min_length=1, max_length=500)
    settings: PromptSettings = PromptSettings()
    inputs: tuple[str, ...] = ()
    """Every value the templates use, by name."""

    @field_validator("version", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """Take ``version: 3`` for ``"3"``; ``1.10`` without quotes would be the number 1.1."""
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """A prompt with its values filled in, ready to be sent."""

    messages: tuple[Message, ...]
    name: str
    version: str
    hash: str
    settings: PromptSettings


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt.

    Attributes:
        header: Its front matter.
        hash: SHA-256 over the sources of all its templates, shared parts included.
        templates: What is rendered, by the role it is sent in.
        sources: SHA-256 of the source of each template, shared parts included, by its path below the prompts.
    """

    header: PromptHeader
    hash: str
    templates: tuple[tuple[Role, Template], ...]
    sources: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the prompt is called."""
        return self.header.name

    @property
    def version(self) -> str:
        """Which version of it this is."""
        return self.header.version

    def render(self, **values: object) -> RenderedPrompt:
        """Return the prompt with ``values`` filled in.

        Raises:
            PromptError: A value is missing or not asked for, or a template fails over it.
        """
        self._check_inputs(values)
        messages = tuple(
            Message(role, self._text(template, values)) for role, template in self.templates
        )
        return RenderedPrompt(messages, self.name, self.version, self.hash, self.header.settings)

    def _check_inputs(self, values: Mapping[str, object]) -> None:
        wanted = set(self.header.inputs)
        faults = [f"{each} is missing" for each in sorted(wanted - set(values))]
        faults += [f"{each} is no input" for each in sorted(set(values) - wanted)]
        if faults:
            raise PromptError(
                f"The prompt {self.name!r} cannot be rendered: {', '.join(faults)}.",
                where=f"prompts/{self.name}",
                hint=f"Its inputs are: {', '.join(self.header.inputs) or 'none'}.",
            )

    def _text(self, template: Template, values: Mapping[str, object]) -> str:
        try:
            return template.render(values).strip()
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise PromptError(
                f"The prompt {self.name!r} cannot be rendered: {error}.",
                where=f"prompts/{self.name}/{template.name}",
                hint="Correct the template, or the value it was given.",
            ) from error
