"""Who could grant what the person lacks, and the sentence to send to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actwright.errors import ActwrightError
from actwright.guardrails.wording import printable
from actwright.org.identity import RunningUser
from actwright.org.ports import AccessExplainer, Grantor, PermissionAsk

_MOST_NAMED = 3


def permission_hints(
    asks: Sequence[PermissionAsk], explainer: AccessExplainer | None, user: RunningUser
) -> Mapping[PermissionAsk, str]:
    """Return a hint for each right the person lacks: who could grant it, or why nobody can be named.

    All rights are asked in one go. Nothing is raised: a refusal must not fail for want of an explanation.
    """
    unnamed = ""
    grantors: dict[PermissionAsk, tuple[Grantor, ...]] = {}
    if explainer is None:
        unnamed = "no explaining connection is set up"
    elif asks:
        try:
            grantors = {each.ask: each.grantors for each in explainer.explain(asks)}
        except Exception as error:  # noqa: BLE001  an explanation is a courtesy; the refusal stands without it
            unnamed = _reason(error)
    return {each: _hint(each, grantors.get(each), unnamed, user) for each in asks}


def _reason(error: Exception) -> str:
    says = (
        error.message if isinstance(error, ActwrightError) else f"{type(error).__name__}: {error}"
    )
    return printable(says, 200).rstrip(".")


def _hint(
    ask: PermissionAsk, grantors: tuple[Grantor, ...] | None, unnamed: str, user: RunningUser
) -> str:
    if grantors is None:
        reason = unnamed or "the explaining connection did not answer for it"
        said = f"Nobody could be named who grants it: {reason}."
    elif not grantors:
        said = "No permission set or profile of the org grants it."
    else:
        verb = "grants" if len(grantors) == 1 else "grant"
        said = f"{_named(_ranked(grantors))} {verb} it."
    return f'{said} For your administrator: "{_sentence(ask, grantors or (), user)}"'


def _ranked(grantors: Sequence[Grantor]) -> list[Grantor]:
    """Return permission sets first: they can be given without changing what the person's profile is."""
    return sorted(grantors, key=lambda each: (each.kind != "permission set", each.name.lower()))


def _named(grantors: Sequence[Grantor]) -> str:
    names = [f'{each.kind} "{printable(each.name)}"' for each in grantors[:_MOST_NAMED]]
    more = len(grantors) - _MOST_NAMED
    names += [f"{more} more"] if more > 0 else []
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return said[0].upper() + said[1:]


def _sentence(ask: PermissionAsk, grantors: Sequence[Grantor], user: RunningUser) -> str:
    what = f"{ask.object}.{ask.field}" if ask.field else f"{ask.object} records"
    ranked = _ranked(grantors)
    example = f", for example by the {ranked[0].kind} {printable(ranked[0].name)}" if ranked else ""
    return f"Please give {printable(user.username)} {ask.right} access to {what}{example}."
