"""``actwright show``: a plan, a preview or a run again, in the terminal, as JSON, or as a page for a browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.operands import COLLECTED, STDIN, is_file, plan_of, preview_of, read_operand
from actwright.cli.options import HomeOption, HtmlOption, JsonOption
from actwright.cli.page_file import is_page, write_page
from actwright.cli.render import journals
from actwright.cli.runs import inspected, run_document
from actwright.cli.session import opened
from actwright.cli.showing import beside_of, person_locale, shown_plan, shown_preview
from actwright.cli.terminal import Terminal
from actwright.errors import ActwrightError, InputError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.app import Actwright
    from actwright.locales import PersonLocale
    from actwright.org.identity import RunningUser
    from actwright.runs.record.envelope import OrchestratorResult


@dataclass(frozen=True, slots=True)
class _Shown:
    """One document in its three forms, each made only where it is asked for.

    Attributes:
        damaged: Whether it is a run whose journal was changed after it was written.
        terminal: For people in a terminal.
        page: For people with a browser.
        document: For programs.
    """

    terminal: Callable[[], tuple[RenderableType, ...]]
    page: Callable[[], str]
    document: Callable[[], object]
    damaged: bool = False


def show(
    operand: Annotated[
        str,
        typer.Argument(metavar="PLAN|PREVIEW|RUN", help="An id, or a file of a plan or a preview."),
    ],
    *,
    html: HtmlOption = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="Show every record of many, instead of a sample.")
    ] = False,
    locale: Annotated[
        str | None,
        typer.Option(
            "--locale",
            metavar="NAME",
            help="How numbers, money and dates are written, such as de-CH; else the person's own.",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a plan, a preview or a run again. The org is not asked.

    The page that --html writes holds no script and loads nothing: it can be mailed, printed and kept. Exit code 1 where a
    run's journal was changed after it was written.
    """
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app:
        shown = _shown(app, operand, locale, rows=rows)
        if html is not None:
            write_page(shown.page(), html)
            terminal.hint(f"Written: {html}")
        if as_json:
            terminal.document(shown.document())
        elif html is None:
            terminal.show(*shown.terminal())
        if shown.damaged:
            raise typer.Exit(1)


def _shown(app: Actwright, operand: str, locale: str | None, *, rows: bool) -> _Shown:
    kind = _kind(operand)
    if kind == "run":
        return _run(app, operand, locale)
    return (
        _preview(app, operand, locale, rows=rows)
        if kind == "preview"
        else _plan(app, operand, locale)
    )


def _kind(operand: str) -> str:
    """Return what an operand means, by its id or by the id inside the file; a plan where nothing tells."""
    key: object = operand
    if operand == STDIN:
        raise InputError(
            "What comes from stdin cannot be shown.",
            where=STDIN,
            hint="Give an id: the store holds every plan, preview and run.",
        )
    if is_file(operand):
        if is_page(Path(operand)):
            raise InputError(
                "This is a page that --html wrote: it is to be looked at in a browser.",
                where=operand,
                hint="Open it there; to see it here, give the id at its end: actwright show ID.",
                code="page_given",
            )
        document = read_operand(operand)
        inside = document if isinstance(document, dict) else {}
        key = inside.get("id", "prv_" if isinstance(inside.get("preview"), dict) else "plan_")
    prefixes = {"run_": "run", "prv_": "preview"}
    return next((kind for start, kind in prefixes.items() if str(key).startswith(start)), "plan")


def _locale(app: Actwright, user: RunningUser | None, name: str | None) -> PersonLocale:
    from actwright.locales import chosen_locale  # noqa: PLC0415 - slow to import

    if name is None:
        return person_locale(app.settings, user)
    zone = user.zone if user else "UTC"
    return chosen_locale(name, zone=zone, currency=app.settings.currency)


def _plan(app: Actwright, operand: str, locale: str | None) -> _Shown:
    from actwright.pages.plan import plan_page  # noqa: PLC0415 - slow to import

    plan = plan_of(app, operand)
    speech = _locale(app, None, locale)
    return _Shown(
        lambda: shown_plan(app, plan),
        lambda: plan_page(plan, speech),
        lambda: plan.model_dump(mode="json"),
    )


def _preview(app: Actwright, operand: str, locale: str | None, *, rows: bool) -> _Shown:
    from actwright.pages.preview import preview_page  # noqa: PLC0415 - slow to import

    preview = preview_of(app, operand)
    speech = _locale(app, preview.running_user, locale)
    return _Shown(
        lambda: shown_preview(app, preview, locale=speech, every=rows),
        lambda: preview_page(
            preview, app.plans.get(preview.plan_id), speech, beside_of(app, preview)
        ),
        lambda: {
            **preview.model_dump(mode="json"),
            COLLECTED: app.confirmations.collected(preview).document(),
        },
    )


def _run(app: Actwright, run_id: str, locale: str | None) -> _Shown:
    from actwright.pages.run import run_page  # noqa: PLC0415 - slow to import

    seen = inspected(app, run_id)
    so_far = seen.state.envelope or _held(app, seen)
    speech = _locale(app, seen.first.running_user if seen.first else None, locale)
    return _Shown(
        lambda: tuple(journals.run(seen)),
        lambda: run_page(seen.state, seen.events, seen.stages, so_far, speech),
        lambda: run_document(seen),
        damaged=seen.fault is not None,
    )


def _held(app: Actwright, seen: journals.Inspected) -> OrchestratorResult | None:
    """Return what has become of a run that is held by now, and how it goes on, as far as the store can still tell."""
    if seen.state.status not in {"waiting", "paused"}:
        return None
    with suppress(ActwrightError):
        return app.state_at(seen.state.id, len(seen.events)).envelope
    return None
