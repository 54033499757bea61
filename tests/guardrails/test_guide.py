"""The guide to guardrails: complete, and its code runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from actwright.blueprints.guardrail import GuardrailSpec, guardrail_kinds
from actwright.guardrails.context import EffectContext
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import FieldChange

_ROOT = Path(__file__).parents[2]
_GUIDE = (_ROOT / "docs" / "guardrails.md").read_text(encoding="utf-8")
_CODE = re.compile(r'(?:found\(\s*context,\s*|_Misfit\(\s*|_Demand\(\s*|code=)"([a-z_]+)"')


def test_every_kind_is_in_the_guide() -> None:
    """The table of kinds names every built-in one."""
    rows = set(re.findall(r"^\| `([A-Z_]+)`", _GUIDE, re.MULTILINE))
    assert set(guardrail_kinds()) == rows


def test_every_code_is_in_the_guide() -> None:
    """The table of codes names every code the checks give."""
    sources = (_ROOT / "src" / "actwright" / "guardrails").glob("*.py")
    codes = {code for each in sources for code in _CODE.findall(each.read_text(encoding="utf-8"))}
    documented = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", _GUIDE.partition("## Codes")[2]))
    assert len(codes) > 25
    assert codes <= documented


def test_the_guides_own_guardrail_works(
    make_context: Callable[..., EffectContext], make_change: Callable[..., FieldChange]
) -> None:
    """The example registers a guardrail that refuses what it says."""
    (example,) = re.findall(r"```python\n(.*?)```", _GUIDE, re.DOTALL)
    exec(example, {})  # noqa: S102  the guide's own code
    spec = GuardrailSpec(type="NO_SHOUTING", params={"field": "Name"})
    loud, calm = (
        make_context(make_change("Name", text), guardrails=(spec,)) for text in ("HELP", "Help")
    )
    assert [each.code for each in check_guardrails(loud)] == ["shouting"]
    assert check_guardrails(calm) == ()
