"""``actwright override uphold|dismiss|modify``: an approver's signature on an objection, with a key of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from actwright.cli.keys import KeyFileOption, approver_key
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.session import opened
from actwright.cli.stepping_in import (
    InputsOption,
    KeyOption,
    NoDriveOption,
    RunArgument,
    Stepping,
    WhyOption,
    inputs_of,
    wish,
)
from actwright.cli.terminal import Terminal

_DECIDING = "Deciding an objection"


class _Place(TypedDict):
    """Whose rights count, on which org, and where the store is."""

    org: str | None
    user: str | None
    home: Path | None


def uphold(
    run: RunArgument,
    *,
    why: WhyOption,
    key_file: KeyFileOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign that the objection stands: with the last signature needed the run ends, aborted."""
    signature = _Signature("uphold", run, why, key, as_json=as_json, drive=not no_drive)
    signature.give(key_file, org=org, user=user, home=home)


def dismiss(
    run: RunArgument,
    *,
    why: WhyOption,
    key_file: KeyFileOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign that the objection does not stand: with the last signature needed the run goes on."""
    signature = _Signature("dismiss", run, why, key, as_json=as_json, drive=not no_drive)
    signature.give(key_file, org=org, user=user, home=home)


def modify(
    run: RunArgument,
    *,
    why: WhyOption,
    inputs: InputsOption = None,
    key_file: KeyFileOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    yes: YesOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign for other values: with the last signature needed they are previewed, and wait for a yes."""
    signature = _Signature(
        "modify", run, why, key, inputs=inputs, as_json=as_json, drive=not no_drive, yes=yes
    )
    signature.give(key_file, org=org, user=user, home=home)


@dataclass(frozen=True, slots=True)
class _Signature:
    """What an approver decides of an objection, and how the run goes on by it."""

    decision: str
    run: str
    why: str
    key: str | None
    inputs: str | None = None
    as_json: bool = False
    drive: bool = True
    yes: bool = False

    def give(self, key_file: Path | None, **place: Unpack[_Place]) -> None:
        """Sign with an approver's key, tell what came of it, and exit with its code."""
        terminal = Terminal(as_json=self.as_json)
        secret = approver_key(key_file, what=_DECIDING)
        with opened(**place) as app:
            wanted = wish(app, self.decision, self.why, key=self.key, inputs=inputs_of(self.inputs))
            stepping = Stepping(app, terminal, self.run, drive=self.drive, yes=self.yes)
            stepping.step_in(wanted, signing_key=secret)
