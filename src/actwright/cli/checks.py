"""The checks of ``actwright doctor``, each with what to do where it fails."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from actwright.cli.ledger_check import ledger_state
from actwright.cli.pointed import domain_specs, pointed_at
from actwright.cli.walls_check import walls_state
from actwright.errors import ActwrightError, ConfigError, ImplementationError, RunError, StoreError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.settings import Settings

_OLDEST_PYTHON = (3, 11)
_ALL_BUT = 0.9
"""How alike two names must be for one to be a misspelling of the other."""

_LEFT_OUT: dict[str, object] = {"actions": {}, "actions_file": None, "traces": "off"}
"""What has a check of its own, so that the rest is checked whatever comes of it."""

_TRIED = b"Put here by `actwright doctor`.\n"
"""The same each time, so that it is kept once."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found.

    Attributes:
        name: What was checked.
        ok: Whether it is in place.
        message: What is the case.
        hint: What to do, where it is not.
    """

    name: str
    ok: bool
    message: str
    hint: str | None = None


def examine(*, org: str | None, user: str | None, home: Path | None) -> tuple[Check, ...]:
    """Return the result of every check, in the order in which things depend on each other."""
    return tuple(_checks({"org": org, "user": user, "home": home}))


def _checks(options: dict[str, object]) -> Iterator[Check]:
    from actwright.app import Actwright  # noqa: PLC0415 - slow to import
    from actwright.settings import load_settings  # noqa: PLC0415 - same reason

    yield _python()
    try:
        settings = load_settings(options)
    except ConfigError as error:
        yield _problem("settings", error)
        return
    yield Check("settings", ok=True, message=f"org {settings.org}, planner {settings.planner}")
    yield _checked("home", lambda: _home(settings.home))
    yield _keyring()
    yield _checked("overrides", lambda: _overrides(settings))
    yield _checked("sandbox", walls_state)
    yield _checked("traces", lambda: _traces(settings))
    for name, check in pointed_at(settings):
        yield _checked(name, check)
    try:
        app = Actwright(settings=settings.model_copy(update=_LEFT_OUT))
    except ActwrightError as error:
        yield _problem("store", error)
        return
    with app:
        yield _checked("store", lambda: _store(settings))
        yield _checked("blobs", lambda: _blobs(app))
        yield _checked("runs", lambda: _runs(app))
        yield _checked("prompt log", app.telemetry.check)
        yield from _inside(app)


def _traces(settings: Settings) -> str:
    from actwright.telemetry.otel.opening import traces_state  # noqa: PLC0415 - slow to import

    return traces_state(settings)


def _inside(app: Actwright) -> Iterator[Check]:
    yield _checked("blueprints", lambda: _blueprints(app))
    yield _checked("domains", lambda: domain_specs(app.settings, app.library))
    login = _checked("org", lambda: _org(app))
    yield login
    if login.ok:
        yield _checked("explaining connection", lambda: _explaining(app))
        yield _checked("ledger", lambda: ledger_state(app.org))


def _store(settings: Settings) -> str:
    """Return where the store is; of an address, without its password."""
    if settings.database_url is None:
        return str(settings.home / "actwright.db")
    from actwright.store.upkeep import facts_of  # noqa: PLC0415 - slow to import

    return facts_of(settings.database_url).name


def _blobs(app: Actwright) -> str:
    """Return where large texts are kept, once a small one was put there and read back.

    Raises:
        StoreError: It does not take or give anything.
    """
    offloading = app.journal.offloading
    if offloading.reads_only:
        return "none: what is large stays in the store, until ACTWRIGHT_BLOBS names a place all machines see"
    if offloading.blobs is not None:
        offloading.blobs.get(offloading.blobs.put(_TRIED))
    return str(app.settings.blobs or app.settings.home / "blobs")


def _runs(app: Actwright) -> str:
    """Say that nothing was left behind; runs whose process died need somebody.

    Raises:
        RunError: Some were.
    """
    from actwright.runs.engine.left import left_in_words  # noqa: PLC0415 - slow to import

    count = app.stalled()
    if count:
        raise RunError(
            f"{left_in_words(count)}.",
            hint="actwright recover, or a worker, carries them on; actwright ps shows them.",
        )
    return "none was broken off"


def _checked(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, message=check())
    except ActwrightError as error:
        return _problem(name, error)


def _problem(name: str, error: ActwrightError) -> Check:
    return Check(name, ok=False, message=str(error), hint=error.hint)


def _python() -> Check:
    ok = sys.version_info >= _OLDEST_PYTHON
    hint = None if ok else "Install Python 3.11 or newer."
    return Check("python", ok=ok, message=f"Python {platform.python_version()}", hint=hint)


def _home(home: Path) -> str:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(home, error.strerror or str(error)) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise _unwritable(home, "no right to write")
    return f"{home.resolve()} is writable"


def _unwritable(home: Path, reason: str) -> StoreError:
    return StoreError(
        f"The home folder cannot be written to: {reason}.",
        where=str(home),
        hint="Point ACTWRIGHT_HOME or --home at a folder you may write to.",
    )


def _keyring() -> Check:
    if find_spec("keyring") is None:
        message = "not installed; secrets come from the environment only"
        return Check("keyring", ok=True, message=message)
    import keyring  # noqa: PLC0415 - an extra, and slow to import

    backend = keyring.get_keyring()
    usable = backend.priority > 0
    found = f"{type(backend).__module__}.{type(backend).__name__}"
    none = "no usable keyring; secrets come from the environment only"
    return Check("keyring", ok=True, message=found if usable else none)


def _overrides(settings: Settings) -> str:
    """Import every override there is; the first fault is told, and how many more there are."""
    from actwright.actions.curated.catalogue import Catalogue  # noqa: PLC0415 - slow to import
    from actwright.actions.curated.naming import bare_name  # noqa: PLC0415 - same reason
    from actwright.actions.generated.implementation import (  # noqa: PLC0415 - same reason
        GeneratedImplementation,
    )
    from actwright.blueprints.library import (  # noqa: PLC0415 - same reason
        bundled_directory,
        load_library,
    )
    from actwright.overriding import declared_overrides  # noqa: PLC0415 - same reason
    from actwright.sandbox import Sandbox  # noqa: PLC0415 - same reason

    with Sandbox() as sandbox:
        declared = declared_overrides(
            settings, lambda action: GeneratedImplementation(action, sandbox)
        )
        found = Catalogue(declared, settings.override_seconds).listed(check=True)
    faults = [each for each in found if each.fault]
    if faults:
        more = f" And {len(faults) - 1} more: `actwright actions list --check`." * (len(faults) > 1)
        origin = faults[0].declared.origin
        raise ImplementationError(
            f"{faults[0].fault}{more}", where=str(origin), hint=faults[0].hint or None
        )
    library = load_library((bundled_directory(), *settings.blueprints))
    names = [bare_name(each.declared.name) for each in found]
    _check_spelling(names, [each.blueprint.name for each in library.entries])
    return f"{len(found)} overrides load" if found else "none"


def _check_spelling(overrides: Iterable[str], known: Sequence[str]) -> None:
    """Refuse an override whose name is all but a curated blueprint's: it would stand in for nothing."""
    for name in overrides:
        close = get_close_matches(name, known, n=1, cutoff=_ALL_BUT)
        if name not in known and close:
            raise ConfigError(
                f"The override {name!r} stands in for no blueprint.",
                where=f"actions.{name}",
                hint=f"Did you mean {close[0]!r}?",
            )


def _blueprints(app: Actwright) -> str:
    library = app.library
    if library.quarantined:
        first = library.quarantined[0]
        raise ConfigError(
            f"{len(library.quarantined)} files are quarantined: {first.error}",
            where=str(first.path),
            hint="`actwright blueprints lint` shows each one.",
        )
    return f"{len(library.entries)} curated"


def _org(app: Actwright) -> str:
    org, user = app.org.identity, app.org.user
    kind = "embedded local org" if org.local else "org"
    return f"logged in to the {kind} {org.name or org.id} as {user.username}"


def _explaining(app: Actwright) -> str:
    from actwright.org.ports import PermissionAsk  # noqa: PLC0415 - slow to import

    explainer = app.explainer
    if explainer is None:
        return "not set up; refusals name no permission set (ACTWRIGHT_EXPLAIN_CLIENT_ID)"
    explainer.explain([PermissionAsk("Account", "edit")])
    return "answers"
