"""Prompts: Jinja2 templates in folders, sandboxed, strict about their inputs, known by version and hash.

A prompt is a folder with ``system.md.jinja`` and ``user.md.jinja``. The system template begins with its front matter
(YAML between two lines of ``---``): ``name``, ``version``, ``description``, ``settings``, ``inputs``. Parts that
several prompts share lie in ``_parts/`` beside the prompts' folders and are included as ``_parts/NAME.md.jinja``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import DictLoader, StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from actwright.bundled import bundled
from actwright.canonical import Json, canonical_bytes
from actwright.document import validated
from actwright.errors import ConfigError, DocumentError, PromptError
from actwright.model.chat import Role
from actwright.model.prompt import Prompt, PromptHeader
from actwright.model.quoting import quoted
from actwright.yaml_document import parse_yaml

_SYSTEM, _USER, _PARTS, _SUFFIX = "system.md.jinja", "user.md.jinja", "_parts", ".md.jinja"
_FRONT = re.compile(r"---\n(?P<header>.*?\n)---\n(?P<body>.*)", re.DOTALL)
_LARGEST = 256 * 1024
_ROLES: tuple[tuple[str, Role], ...] = ((_SYSTEM, "system"), (_USER, "user"))


class Prompts:
    """The prompts that were read, by name."""

    def __init__(self, prompts: Mapping[str, Prompt]) -> None:
        self._prompts = dict(prompts)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all prompts, sorted."""
        return tuple(sorted(self._prompts))

    def get(self, name: str) -> Prompt:
        """Return the prompt of that name.

        Raises:
            PromptError: There is none.
        """
        try:
            return self._prompts[name]
        except KeyError:
            raise PromptError(
                f"There is no prompt {name!r}.", hint=f"There are: {', '.join(self.names)}."
            ) from None


def bundled_prompts() -> Path:
    """Return the directory of the prompts that come with Actwright.

    Raises:
        ConfigError: It is not there; the installation is damaged.
    """
    return bundled("prompts")


def load_prompts(directories: Sequence[Path] | None = None) -> Prompts:
    """Return the prompts in the folders of ``directories``; of two with one name, the first one counts.

    So it is with shared parts: a prompt includes a part of its own directory, or else of one that comes later.

    Args:
        directories: Where to look; the prompts that come with Actwright alone where left out.

    Raises:
        ConfigError: A directory is not there.
        PromptError: A prompt is broken: its front matter, a template, or an input that is not declared.
    """
    wanted = (bundled_prompts(),) if directories is None else directories
    prompts: dict[str, Prompt] = {}
    for place, directory in enumerate(wanted):
        for prompt in _read_directory(directory, wanted[place + 1 :]):
            prompts.setdefault(prompt.name, prompt)
    return Prompts(prompts)


def _read_directory(directory: Path, later: Sequence[Path]) -> Iterator[Prompt]:
    if not directory.is_dir():
        raise ConfigError(
            "The directory of prompts does not exist.",
            where=str(directory),
            hint="Create it, or correct its path in the configuration.",
        )
    parts: dict[str, str] = {}
    for each in (*reversed(later), directory):
        parts |= _sources(each / _PARTS, prefix=f"{_PARTS}/")
    for folder in sorted(directory.iterdir()):
        if folder.is_dir() and folder.name[0] not in "._":
            yield _read_prompt(folder, parts)


def _read_prompt(folder: Path, parts: Mapping[str, str]) -> Prompt:
    own = _sources(folder)
    absent = [name for name, _ in _ROLES if name not in own]
    if absent:
        raise PromptError(
            f"The prompt {folder.name!r} has no {absent[0]}.", where=str(folder), hint="Write it."
        )
    header, body = _front_matter(own[_SYSTEM], folder)
    environment = _environment({**parts, **own, _SYSTEM: body})
    used = _used(environment, folder)
    _check_declared(used, header, folder)
    sources: dict[str, Json] = {name: {**parts, **own}[name] for name in used}
    return Prompt(
        header,
        hashlib.sha256(canonical_bytes(sources)).hexdigest(),
        tuple((role, environment.get_template(name)) for name, role in _ROLES),
        {_path(folder, name): _hash(str(source)) for name, source in sorted(sources.items())},
    )


def _path(folder: Path, name: str) -> str:
    return name if name.startswith(f"{_PARTS}/") else f"{folder.name}/{name}"


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()


def _sources(folder: Path, *, prefix: str = "") -> dict[str, str]:
    """Return the templates that lie in a folder itself, by name; links out of it are not followed."""
    if not folder.is_dir():
        return {}
    return {
        prefix + path.name: _source(path)
        for path in sorted(folder.iterdir())
        if path.name.endswith(_SUFFIX) and path.name[0] != "."
    }


def _source(path: Path) -> str:
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            raise PromptError(
                f"The template is a link, or larger than {_LARGEST // 1024} KiB.", where=str(path)
            )
        return path.read_text("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except (OSError, UnicodeError) as error:
        raise PromptError(
            "The template cannot be read.", where=str(path), hint="It must be a text in UTF-8."
        ) from error


def _front_matter(source: str, folder: Path) -> tuple[PromptHeader, str]:
    where = str(folder / _SYSTEM)
    parts = _FRONT.fullmatch(source)
    if parts is None:
        raise PromptError(
            "The template does not begin with its front matter.",
            where=where,
            hint="Begin with YAML between two lines of ---: name, version, description, inputs.",
        )
    try:
        document = parse_yaml(parts["header"], where=where)
    except DocumentError as error:
        raise PromptError(error.message, where=error.where, hint=error.hint) from error
    header = validated(PromptHeader, document, where=where, error=PromptError)
    if header.name != folder.name:
        raise PromptError(
            f"The prompt calls itself {header.name!r} and lies in the folder {folder.name!r}.",
            where=where,
            hint="Give both the same name.",
        )
    return header, parts["body"]


def _environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """Return a sandbox that can load these sources and nothing else.

    Prompts are no HTML, so nothing is escaped on its own: hostile text goes through the filter ``quoted``.
    """
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=DictLoader(dict(sources)),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quoted"] = quoted
    return environment


def _used(environment: ImmutableSandboxedEnvironment, folder: Path) -> dict[str, set[str]]:
    """Return the names of the templates a prompt uses, each with the values it takes from outside."""
    used: dict[str, set[str]] = {}
    open_names = [name for name, _ in _ROLES]
    while open_names:
        name = open_names.pop()
        if name in used:
            continue
        used[name], included = _parsed(environment, name, folder)
        open_names += included
    return used


def _parsed(
    environment: ImmutableSandboxedEnvironment, name: str, folder: Path
) -> tuple[set[str], list[str]]:
    assert environment.loader is not None  # noqa: S101 - it was made with one
    try:
        source = environment.loader.get_source(environment, name)[0]
        tree = environment.parse(source, name)
        environment.get_template(name)
        included = list(meta.find_referenced_templates(tree))
    except TemplateError as error:
        line = f", line {error.lineno}" if hasattr(error, "lineno") else ""
        raise PromptError(
            f"The template cannot be read: {error.message or name}.",
            where=f"{folder / name}{line}",
            hint="Correct it; parts are included as '_parts/NAME.md.jinja'.",
        ) from error
    if None in included:
        raise PromptError(
            "The template includes a part whose name is only known when it is rendered.",
            where=str(folder / name),
            hint="Write the name of each part out.",
        )
    values = meta.find_undeclared_variables(tree) - set(environment.globals)
    return values, [each for each in included if each is not None]


def _check_declared(used: Mapping[str, set[str]], header: PromptHeader, folder: Path) -> None:
    values = {value for each in used.values() for value in each}
    faults = [f"{each} is used and not declared" for each in sorted(values - set(header.inputs))]
    faults += [f"{each} is declared and not used" for each in sorted(set(header.inputs) - values)]
    if faults:
        raise PromptError(
            f"The inputs of the prompt {header.name!r} do not agree: {', '.join(faults)}.",
            where=str(folder / _SYSTEM),
            hint="List under `inputs` what the templates use, and nothing else.",
        )
