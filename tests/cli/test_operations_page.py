"""What the page for operators has them type and install: extras there are, and a unit that fits the rest of the page."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_extras_on_the_way_to_many_machines_are_named_and_exist() -> None:
    """Before the first step that needs them, and in the README beside the setting that needs one."""
    way = _PAGE[_PAGE.index("## Many machines") : _PAGE.index("1. **Postgres")]
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (named,) = re.findall(r"pip install 'actwright\[(.*?)\]'", way)
    assert {"postgres", "s3"} <= set(named.split(",")) <= set(project["optional-dependencies"])
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    assert "actwright[postgres]" in readme


def test_the_unit_starts_what_the_page_installs_and_never_gives_up() -> None:
    """Ten seconds between two starts, however many; none where the settings are wrong; its folder is made by somebody."""
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    lines = re.findall(r"^   (\[Unit\]\n.*?)^   ```", _PAGE, re.MULTILINE | re.DOTALL)
    unit.read_string(re.sub("^   ", "", lines[0], flags=re.MULTILINE))
    service = unit["Service"]
    folder = service["ExecStart"].partition("/bin/")[0]
    assert f"python3 -m venv {folder}\n" in _PAGE
    assert (service["Restart"], service["RestartSec"]) == ("always", "10")
    assert service["RestartPreventExitStatus"] == "2"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert f"install -d -m 0755 {service['WorkingDirectory']}\n" in _PAGE
