"""Starting is fast: the slow libraries are imported when something is sent, not before."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import pkgutil, importlib, sys
import actwright.connectors.salesforce as package
for each in pkgutil.iter_modules(package.__path__):
    if each.name != "wire":
        importlib.import_module(f"{package.__name__}.{each.name}")
slow = {"simple_salesforce", "zeep", "lxml", "requests", "jwt", "tenacity", "cryptography"}
print(sorted(slow & set(sys.modules)))
"""


def test_no_module_but_the_wire_imports_the_slow_libraries() -> None:
    """Importing every module of the connector leaves simple-salesforce, zeep, lxml and requests alone."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
