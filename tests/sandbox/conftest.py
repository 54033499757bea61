"""One sandbox for all tests of a process, and a surface for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actwright.sandbox import Capability, Parameter, Sandbox, SandboxLimits, Surface


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox whose workers every test may use."""
    with Sandbox(tenant="tests", limits=SandboxLimits(seconds=0.5, calls=20)) as opened:
        yield opened


@pytest.fixture(scope="session")
def surface() -> Surface:
    """Return capabilities like those of a generated action."""
    return Surface(
        (
            Capability(
                "org",
                "query",
                (
                    Parameter("object", "str"),
                    Parameter("fields", "list[str]"),
                    Parameter("where", "list[Condition]", required=False),
                    Parameter("limit", "int", required=False),
                ),
                "list[dict[str, Any]]",
                'Read records, "as they are" in """the org""".',
            ),
            Capability(
                "org",
                "create",
                (Parameter("object", "str"), Parameter("values", "dict[str, Any]")),
                "Opaque",
                "Collect a new record.",
            ),
            Capability("svc", "log", (Parameter("text", "str"),), "None", "Write a line."),
        ),
        types="Scalar = str | int | float | bool | date | None\nCondition = tuple[str, str, Scalar]\n",
    )
