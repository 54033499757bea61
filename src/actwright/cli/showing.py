"""Showing plans and previews: what the documents hold, and what the store and the library add to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from actwright.cli.render import plans, previews
from actwright.errors import NotFoundError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.actions.generated.version import GeneratedVersion
    from actwright.app import Actwright
    from actwright.blueprints.library import Library
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.preview import Preview
    from actwright.locales import PersonLocale
    from actwright.org.identity import OrgIdentity, RunningUser
    from actwright.pages.beside import Beside
    from actwright.planning.planner import PlanningOutcome
    from actwright.settings import Settings

Shown = tuple["RenderableType", ...]


def shown_outcome(
    app: Actwright, answer: PlanningOutcome, user: RunningUser | None = None
) -> Shown:
    """Return a planner's answer as people see it.

    Args:
        app: What holds the library.
        answer: The answer.
        user: Who asked, where the org is open anyway: in whose time zone rows are told.
    """
    words = planner_words(answer.plan, app.library) if answer.plan else ""
    return tuple(plans.outcome(answer, words, user))


def shown_plan(app: Actwright, plan: Plan) -> Shown:
    """Return a plan as people see it, with the questions it leaves open."""
    questions = [part for each in plan.questions for part in plans.question(each)]
    return (*plans.plan(plan, planner_words(plan, app.library)), *questions)


def shown_preview(
    app: Actwright,
    preview: Preview,
    *,
    locale: PersonLocale | None = None,
    every: bool = False,
) -> Shown:
    """Return a preview as people see it, with what its plan took for granted.

    Args:
        app: What holds its plan, and the settings.
        preview: The preview.
        locale: How numbers, money and dates are written; the person's own where left out.
        every: Whether every record of many is shown, rather than a sample.

    Raises:
        NotFoundError: The store does not hold its plan.
        ConfigError: The settings name a locale that does not exist.
    """
    plan = app.plans.get(preview.plan_id)
    words = planner_words(plan, app.library)
    speech = locale or person_locale(app.settings, preview.running_user)
    beside = beside_of(app, preview)
    return tuple(previews.preview(preview, plan, words, locale=speech, every=every, beside=beside))


def beside_of(app: Actwright, preview: Preview) -> Beside:
    """Return what the store knows of a preview: who has said yes, and what was decided about the code behind it."""
    from actwright.pages.beside import Beside  # noqa: PLC0415 - slow to import

    code: dict[str, GeneratedVersion] = {}
    for each in preview.actions:
        if each.implementation_kind == "generated":
            with suppress(NotFoundError):
                code[each.implementation] = app.generated_actions.get(each.implementation)
    return Beside(app.confirmations.collected(preview), code)


def person_locale(settings: Settings, user: RunningUser | None) -> PersonLocale:
    """Return how numbers, money and dates are shown: as the settings say, else as the person has it in the org.

    Raises:
        ConfigError: The settings name a locale that does not exist.
    """
    from actwright.locales import chosen_locale, user_locale  # noqa: PLC0415 - slow to import

    zone, currency = user.zone if user else "UTC", settings.currency
    if settings.locale is not None:
        return chosen_locale(settings.locale, zone=zone, currency=currency)
    return user_locale(user.locale if user else "en_US", zone=zone, currency=currency)


def planner_words(plan: Plan, library: Library) -> str:
    """Return the planner's own sentence; none where it is only what every derived blueprint asks."""
    generic = [each.blueprint.checkpoint for each in plan.actions]
    curated = {each.blueprint.checkpoint for each in library.entries}
    repeated = " ".join(generic).startswith(plan.checkpoint)
    return "" if repeated and not curated & set(generic) else plan.checkpoint


def called(org: OrgIdentity) -> str:
    """Return what people call an org: the address of a local org says nothing, it has another port each time."""
    return "the local org" if org.local else org.url.rstrip("/")
