"""The public names: few, sorted, all there, and nothing loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import actwright
import actwright.testing


def test_the_names_are_sorted_and_there() -> None:
    """Every name in ``__all__`` can be imported, and no other name is promised."""
    assert actwright.__all__ == sorted(actwright.__all__)
    assert set(actwright._HOMES) == set(actwright.__all__)
    for name in actwright.__all__:
        assert getattr(actwright, name).__name__ == name
    for name in actwright.testing.__all__:
        assert hasattr(actwright.testing, name)
    assert actwright.testing.__all__ == sorted(actwright.testing.__all__)


def test_everything_public_is_explained() -> None:
    """Each public name has a docstring of its own."""
    for name in actwright.__all__:
        assert getattr(actwright, name).__doc__


def test_a_name_that_is_not_there_says_so() -> None:
    """A misspelt name is an attribute error, as in any module."""
    with pytest.raises(AttributeError, match="Actright"):
        _ = actwright.Actright


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Neither pydantic nor requests nor the rest of the house is loaded until a name is used."""
    child = (
        "import sys, actwright\n"
        "heavy = {'pydantic', 'requests', 'simple_salesforce', 'typer', 'rich', 're2', 'sqlite3'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert [each for each in sys.modules if each.startswith('actwright.')] == []\n"
        "from actwright import Plan\n"
        "assert 'pydantic' in sys.modules and 'requests' not in sys.modules\n"
        "assert actwright.Plan is Plan and 'Plan' in vars(actwright)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_wiring_does_not_load_the_connector() -> None:
    """Opening the class Actwright leaves the Salesforce connector for when an org is needed."""
    child = (
        "import sys, actwright.app\n"
        "assert 'actwright.connectors.salesforce.org' not in sys.modules\n"
        "assert 'simple_salesforce' not in sys.modules\n"
        "assert 'localorg' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
