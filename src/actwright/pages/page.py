"""The page itself: one template, its style inside it, and a policy that lets nothing else in."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_LEFT_TO_RIGHT = "\u200e"
_PAGES = "actwright.pages"


def rendered(template: str, *, package: str = _PAGES, **context: object) -> str:
    """Return a page as HTML.

    Args:
        template: The template's name, without its ending.
        package: Whose template it is; another package's stand beside the ones here, and so does its style.
        context: What it shows; text is escaped, `Markup` is not.
    """
    style = _style(package)
    page = _environment(package).get_template(f"{template}.html")
    return page.render(style=Markup(style), policy=_policy(style), **context)  # noqa: S704 - our own file


def _policy(style: str) -> str:
    """Return a content security policy that allows exactly the one style sheet."""
    told = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{told}'; base-uri 'none'; form-action 'none'"


@cache
def _style(package: str) -> str:
    sheets = dict.fromkeys((_PAGES, package))
    return "".join(
        files(each).joinpath("templates/style.css").read_text(encoding="utf-8") for each in sheets
    )


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(_PAGES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["steady"] = steady
    environment.filters["in_short"] = in_short
    return environment


def steady(sentence: str) -> str:
    """Return one of our sentences with counts on one line with what they count.

    Its arrows keep pointing from old to new, whatever script stands around them.
    """
    arrow = f" {_LEFT_TO_RIGHT}→{_LEFT_TO_RIGHT} "
    counted = sentence.replace(" \u00d7 ", "\u00a0\u00d7\u00a0")
    if isinstance(counted, Markup):
        return counted.replace(Markup(" -&gt; "), arrow)
    return counted.replace(" -> ", arrow)


def in_short(text: str, limit: int = 80) -> str:
    """Return a text in at most ``limit`` characters, cut between two words where there is a place to."""
    if len(text) <= limit:
        return text
    head, space, _ = text[:limit].rpartition(" ")
    return f"{head if space else text[: limit - 1]}…"
