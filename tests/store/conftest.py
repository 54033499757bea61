"""What tests of the store share: a store on the session's server, and a server that may be stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.postgres import PostgresServer

from actwright.store.postgres import PostgresDatabase


@pytest.fixture
def store(postgres_address: str) -> Iterator[PostgresDatabase]:
    """Give an empty store on the session's server."""
    opened = PostgresDatabase(postgres_address)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def own_server() -> Iterator[PostgresServer]:
    """Give a server beside the session's, which may be stopped."""
    server = PostgresServer.started(os.getpid())
    yield server
    server.end()
