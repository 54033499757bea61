"""A real local org, its schema as several people see it, and a small blueprint to vary."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from actwright.blueprints.lint import Describe
from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.errors import NotFoundError
from actwright.org.schema import ObjectSchema

DescribeAs = Callable[[str], Describe]
"""Returns the describe of one user, by user name."""


@pytest.fixture(scope="session")
def describe_as(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DescribeAs]:
    """Serve a real local org and describe its objects as whoever is asked for."""
    known: dict[tuple[str, str], ObjectSchema | None] = {}

    with EmbeddedLocalOrg(tmp_path_factory.mktemp("org")) as local:

        def describe(user: str, name: str) -> ObjectSchema | None:
            if (user, name) not in known:
                known[user, name] = _described(local.url, user, name)
            return known[user, name]

        yield lambda user: lambda name: describe(user, name)


def _described(url: str, user: str, name: str) -> ObjectSchema | None:
    org = connect(url, ClientCredentials(user, "localorg"), local=True)
    try:
        return org.describe(name)
    except NotFoundError:
        return None
    finally:
        org.close()


@pytest.fixture
def document() -> dict[str, object]:
    """Return a small valid blueprint as it stands in a file."""
    return {
        "name": "CloseCase",
        "label": "Close Case",
        "targetSObject": "Case",
        "operation": "UPDATE",
        "summary": "Closed the case.",
        "checkpoint": "Close this case?",
        "tags": ["Case"],
        "inputs": [
            {"apiName": "Id", "dataType": "Id", "required": True},
            {"apiName": "Status", "dataType": "Picklist", "default": "Closed"},
        ],
        "guardrails": [{"type": "FLS_EDIT", "params": {"fields": ["Status"]}}],
    }
