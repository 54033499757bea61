"""What a person says with ``actwright resume --action``: the options, and the intervention they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.stepping_in import inputs_of, wish
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.runs.interventions.intervention import Intervention

ACTIONS = (
    "retry",
    "retry_with_inputs",
    "skip_stage",
    "force_branch",
    "confirm_continue",
    "provide_clarification",
    "abort_flow",
)
"""What ``--action`` takes; objections and cancelling have commands of their own."""


def completed(incomplete: str) -> list[str]:
    """Return the actions a half-typed one can become."""
    return [each for each in ACTIONS if each.startswith(incomplete)]


ActionOption = Annotated[
    str | None,
    typer.Option(
        "--action",
        metavar="ACTION",
        autocompletion=completed,
        help=f"How to go on: {', '.join(ACTIONS)}. Where left out, the run just goes on where it can.",
    ),
]
ReasonOption = Annotated[
    str | None,
    typer.Option("--why", metavar="TEXT", help="Your reason; it stands on the record."),
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="ID",
        help="The group, by its id or an action in it; may be left out where only one can be meant.",
    ),
]
AlsoOption = Annotated[
    list[str] | None,
    typer.Option(
        "--also",
        metavar="ID",
        help="What is left out besides, because it needs what is skipped; repeatable.",
    ),
]
SaidOption = Annotated[
    str | None,
    typer.Option(
        "--answer",
        metavar="TEXT",
        help="What became of the group: 'happened' or 'did not happen'.",
    ),
]
RecordOption = Annotated[
    list[str] | None,
    typer.Option(
        "--record",
        metavar="GROUP/EFFECT=ID",
        help="The record that an effect created, where it happened; repeatable.",
    ),
]
OutputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="GROUP/EFFECT.NAME=VALUE",
        help="What came of an override that acted by itself, where it happened; repeatable.",
    ),
]
YesIdOption = Annotated[
    str | None,
    typer.Option("--confirmation", metavar="ID", help="The yes to what comes next."),
]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said beside the action; None where nothing was."""

    why: str | None
    to: str | None
    also: Sequence[str] | None
    inputs: str | None
    answer: str | None
    record: Sequence[str] | None
    output: Sequence[str] | None
    confirmation: str | None
    key: str | None

    @property
    def anything(self) -> bool:
        """Whether anything was said."""
        return any(each is not None for each in astuple(self))

    def wanted(self, app: Actwright, action: str) -> Intervention:
        """Return the intervention.

        Raises:
            InputError: There is no such action, no reason, or something is malformed.
        """
        if not (self.why or "").strip():
            raise InputError(
                "An intervention needs your reason.", where="--why", hint="Say --why TEXT."
            )
        return wish(
            app,
            _known(action),
            self.why or "",
            key=self.key,
            target=self.to,
            also=tuple(self.also) if self.also else None,
            inputs=inputs_of(self.inputs),
            answer=self.answer,
            records=_records(self.record) if self.record else None,
            outputs=_outputs(self.output) if self.output else None,
            confirmation_id=self.confirmation,
        )


def _known(action: str) -> str:
    if action not in ACTIONS:
        raise InputError(
            f"There is no action {action[:40]!r}.",
            where="--action",
            hint=f"One of {', '.join(ACTIONS)}; see also actwright cancel and actwright override.",
        )
    return action


def _records(items: Sequence[str]) -> dict[str, str]:
    """Return record ids by effect, as in ``g1/a2.1=003...``; the group before the slash may be left out."""
    return dict(_named(items, "--record", "no record", "GROUP/EFFECT=ID"))


def _outputs(items: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return outputs by effect and name, as in ``g2/mail.1.messageId=m-7``."""
    found: dict[str, dict[str, str]] = {}
    for name, value in _named(items, "--output", "no output", "GROUP/EFFECT.NAME=VALUE"):
        effect, _, output = name.rpartition(".")
        if not effect or not output:
            raise _unclear(name, "--output", "no output", "GROUP/EFFECT.NAME=VALUE")
        found.setdefault(effect, {})[output] = value
    return found


def _named(items: Sequence[str], option: str, what: str, form: str) -> Iterator[tuple[str, str]]:
    """Yield what is named and its value, each once, without the group before the slash."""
    seen: set[str] = set()
    for item in items:
        named, equals, value = item.partition("=")
        name = named.partition("/")[2].strip() if "/" in named else named.strip()
        if not equals or not name or name in seen:
            raise _unclear(item, option, what, form)
        seen.add(name)
        yield name, value.strip()


def _unclear(item: str, option: str, what: str, form: str) -> InputError:
    return InputError(
        f"{item[:80]!r} names {what}, or names one twice.",
        where=option,
        hint=f"Say {option} {form}.",
    )
