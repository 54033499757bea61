"""Generated code in what people see: the terminal's preview and the page both name it."""

from __future__ import annotations

import io

from rich.console import Console
from tests import pages_scene as scene

from actwright.checkpoints.preview import Preview
from actwright.cli.render.previews import preview as shown
from actwright.locales import PersonLocale
from actwright.pages.preview import preview_page


def generated() -> Preview:
    """Return a preview whose action generated code carries out."""
    document = scene.preview((scene.update(1, scene.stage()),))
    told = {"implementation_kind": "generated", "implementation": "gen_00000000000000000001"}
    return document.model_copy(update={"actions": (document.actions[0].model_copy(update=told),)})


def test_a_preview_names_the_generated_code() -> None:
    """Who carries an action out is told where it is not the standard, by the id the digest holds."""
    document = generated()
    plan, locale = scene.plan(document.goal), PersonLocale()
    out = io.StringIO()
    Console(file=out, width=200).print(*shown(document, plan, locale=locale))
    assert (
        "a1 is carried out by generated code gen_00000000000000000001: no approval"
        in out.getvalue()
    )
    page = preview_page(document, plan, locale)
    assert "a1 is carried out by generated code <code>gen_00000000000000000001</code>" in page
