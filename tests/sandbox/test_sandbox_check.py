"""Code that is checked before it is kept: each finding has its place and says what to write instead."""

from __future__ import annotations

import pytest

from actwright.sandbox import Finding, Sandbox, SandboxLimits, Surface, check
from actwright.sandbox.checking import _EXISTING, _EXISTING_ERRORS
from actwright.sandbox.subset import BUILTINS, IMPORTABLE

SIGNATURE = "def act(name: str) -> str"


def _found(sandbox: Sandbox, surface: Surface, code: str) -> list[tuple[str, int, int]]:
    found = check(code, entry="act", signature=SIGNATURE, surface=surface, sandbox=sandbox)
    return [(each.code, each.line, each.column) for each in found]


def test_good_code_has_no_findings(sandbox: Sandbox, surface: Surface) -> None:
    """Imports, a helper, and the entry with its very signature pass."""
    code = (
        '"""Say hello."""\n\nimport json\nfrom typing import Any\n\nimport org\n\n\n'
        "def first(rows: list[dict[str, Any]]) -> dict[str, Any]:\n    return rows[0]\n\n\n"
        "def act(name: str) -> str:\n    try:\n"
        '        rows = org.query("Contact", ["Name"], where=[("Name", "=", name)], limit=1)\n'
        '        match first(rows):\n            case {"Name": str(found), **rest}:\n'
        "                return json.dumps([found, len(rest)])\n"
        "    except (LookupError, PermissionError) as error:\n        return str(error)\n"
        "    return name\n"
    )
    assert _found(sandbox, surface, code) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("return eval(name)", "name_banned"),
        ("exec(name)\n    return name", "name_banned"),
        ("return getattr(name, 'x')", "name_banned"),
        ("return open(name)", "name_banned"),
        ("return name.__class__", "name_reserved"),
        ("return __builtins__", "name_reserved"),
        ("return _actwright_arguments", "name_reserved"),
        ("return '{}'.format(name)", "method_banned"),
        ("yield name", "syntax_banned"),
        ("del name", "syntax_banned"),
        ("global name", "syntax_banned"),
        ("with name:\n        pass", "syntax_banned"),
        ("class X:\n        pass\n    return name", "syntax_banned"),
        ("import os\n    return name", "import_inside"),
        ("return nowhere", "name_unknown"),
        ("def inner(x=[]):\n        return x\n    return name", "default"),
        ("@len\n    def inner():\n        return 1\n    return name", "decorator"),
        ("return n\u00e4me", "name"),
        ("\u2118 = 1\n    return name", "name"),
        ("return f'{\uff4e\uff41\uff4d\uff45}'", "name"),
        ("return \uff4e\uff41\uff4d\uff45", "name"),
        ("return 'a\u200bb'", "unseen"),
        ("return name # \u202e", "unseen"),
        ("return 'a\rb'", "unseen"),
        ("return (", "syntax"),
        ("return " + "-" * 9000 + "1", "nested"),
    ],
)
def test_what_does_not_exist_inside_is_found(
    sandbox: Sandbox, surface: Surface, body: str, rule: str
) -> None:
    """Each rule is told at the line it is broken on."""
    found = _found(sandbox, surface, f"{SIGNATURE}:\n    {body}\n")
    assert rule in [code for code, _, _ in found]
    assert found[0][1] in {0, 2, 3}


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import os\n", "import"),
        ("import org.inner\n", "import"),
        ("from . import x\n", "import"),
        ("from org import delete\n", "import"),
        ("from collections import OrderedDict\n", "import"),
        ("import collections\n\ndef f():\n    return collections.OrderedDict()\n\n", "import"),
        ("import datetime as d\n\ndef f():\n    return d.UTC\n\n", "import"),
        ("from org import *\n", "import_star"),
        ("x = 1\n", "top_level"),
        ("print(1)\n", "top_level"),
        ("def act():\n    return 1\n", "entry"),
    ],
)
def test_only_imports_and_functions_stand_at_the_top(
    sandbox: Sandbox, surface: Surface, code: str, rule: str
) -> None:
    """Nothing happens before the entry is called, and nothing comes from elsewhere."""
    found = _found(sandbox, surface, f"{code}{SIGNATURE}:\n    return name\n")
    assert rule in [code for code, _, _ in found]


@pytest.mark.parametrize(
    "head",
    [
        "def act(name) -> str",
        "def act(nome: str) -> str",
        "def act(name: str)",
        "def act(name: str, *rest) -> str",
    ],
)
def test_the_entry_has_the_very_signature(sandbox: Sandbox, surface: Surface, head: str) -> None:
    """Other parameters, types or results are another function."""
    code = f"{head}:\n    return 'x'\n"
    assert _found(sandbox, surface, code) == [("signature", 1, 1)]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("return 1", "type_invalid_return_type"),
        ("return org.query(1, [])[0]['x']", "type_invalid_argument_type"),
        ("return org.query('A')[0]['x']", "type_missing_argument"),
        ("org.delete('A')\n    return name", "type_unresolved_attribute"),
        ("return name.nowhere", "type_unresolved_attribute"),
        ("return name + 1", "type_unsupported_operator"),
    ],
)
def test_types_are_held_against_the_stubs(
    sandbox: Sandbox, surface: Surface, body: str, rule: str
) -> None:
    """A wrong argument, a missing one, an unknown member and a wrong result are found at their place."""
    found = check(
        f"import org\n\n{SIGNATURE}:\n    {body}\n",
        entry="act",
        signature=SIGNATURE,
        surface=surface,
        sandbox=sandbox,
    )
    assert [(each.code, each.line) for each in found] == [(rule, 4)]
    assert "\n" not in str(found[0])


def test_texts_and_comments_may_be_in_any_language(sandbox: Sandbox, surface: Surface) -> None:
    """Only what is code has to be in plain letters."""
    code = f"{SIGNATURE}:\n    # Größe\n    return f'Größe: {{name}} €' + '名前'\n"
    assert _found(sandbox, surface, code) == []


def test_the_names_the_type_checker_does_not_know_are_declared(
    sandbox: Sandbox, surface: Surface
) -> None:
    """All seventeen exist inside; those that may be used raise no finding."""
    names = [name for name, _ in _EXISTING_ERRORS]
    assert len(names) + _EXISTING.count("def ") == 17
    code = (
        f"{SIGNATURE}:\n    try:\n        return format(len(list(map(str, filter(None, [1])))))\n"
        f"    except ({', '.join(names)}):\n        return name\n"
    )
    assert _found(sandbox, surface, code) == []


def test_everything_of_the_tables_is_there(sandbox: Sandbox) -> None:
    """What they say can be imported and used can be, at the check and in a run."""
    lines = [
        f"from {module} import {', '.join(sorted(names))}" if names else f"import {module}"
        for module, names in IMPORTABLE.items()
    ]
    uses = "".join(f"    x = {name}\n" for name in sorted(BUILTINS))
    code = "\n".join(lines) + f"\n\ndef act() -> int:\n{uses}    return 1\n"
    found = check(
        code, entry="act", signature="def act() -> int", surface=Surface(), sandbox=sandbox
    )
    assert found == ()
    done = sandbox.run(code, entry="act", arguments={}, surface=Surface(), answer=lambda _: None)
    assert done.value == 1


def test_source_that_is_too_long_is_not_read(surface: Surface) -> None:
    """Length is looked at first, and needs no worker."""
    found = check("#" * 70_000, entry="act", signature=SIGNATURE, surface=surface)
    assert [each.code for each in found] == ["source_bytes"]


def test_findings_are_few_enough_to_read(surface: Surface) -> None:
    """After twenty, the rest waits for the next time."""
    code = "import os\n" * 50
    assert len(check(code, entry="act", signature=SIGNATURE, surface=surface)) == 20


def test_a_finding_is_one_line() -> None:
    """It is written as editors and models read it."""
    assert str(Finding("x", "Do this.", 3, 5)) == "line 3, column 5: Do this. [x]"


def test_a_check_without_a_sandbox_opens_one_and_closes_it(surface: Surface) -> None:
    """Whoever checks once need not keep workers."""
    code = f"{SIGNATURE}:\n    return 1\n"
    found = check(code, entry="act", signature=SIGNATURE, surface=surface)
    assert [each.code for each in found] == ["type_invalid_return_type"]


def test_code_that_is_too_intricate_is_told_so(surface: Surface) -> None:
    """The type check has a ceiling too, and what reaches it is a finding."""
    nested = "".join(" " * (n + 1) + "def f():\n" for n in range(90)) + " " * 92 + "return name\n"
    with Sandbox(limits=SandboxLimits(seconds=0.1), workers=1) as quick:
        assert _found(quick, surface, f"{SIGNATURE}:\n{nested} return name\n") == [
            ("intricate", 0, 0)
        ]
