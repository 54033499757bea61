"""The check of the sandbox: is it there, and which walls stand around code that runs in it."""

from __future__ import annotations

from actwright.errors import SandboxUnavailableError


def walls_state() -> str:
    """Return which walls stand around generated actions on this machine, and which do not.

    Without the sandbox everything but generated actions works all the same.

    Raises:
        SandboxUnavailableError: It is installed, and no code comes through it.
    """
    from actwright.sandbox import walls  # noqa: PLC0415 - slow to import

    interpreter, *others = walls()
    if not interpreter.stands:
        return "not installed; generated actions are refused (pip install 'actwright[sandbox]')"
    _try_out()
    standing = (
        ", ".join(each.name for each in others if each.stands) or "none beside the interpreter"
    )
    missing = [f"{each.name} ({each.stops})" for each in others if not each.stands]
    return f"walls that stand: {standing}" + (f"; missing: {'; '.join(missing)}" if missing else "")


def _try_out() -> None:
    from actwright.sandbox import Sandbox, Surface  # noqa: PLC0415 - slow to import

    with Sandbox(workers=1) as sandbox:
        executed = sandbox.run(
            "def add(a, b):\n    return a + b",
            entry="add",
            arguments={"a": 1, "b": 1},
            surface=Surface(),
            answer=lambda _: None,
        )
    if executed.value != 2:  # noqa: PLR2004 - one and one
        raise SandboxUnavailableError(
            "The sandbox works, and works wrongly.",
            hint="Install it again: pip install --force-reinstall 'actwright[sandbox]'",
        )
