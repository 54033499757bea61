"""What every test may use: a local org of its own, one shared by its module, a clock that stands still."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import certifi
import pytest
from hypothesis import settings
from tests.by_file import ByFile, slow_first
from tests.chaos.doomed import Zygote
from tests.chaos.sampling import header
from tests.examples import ALL
from tests.local_orgs import Quick
from tests.programs import Programs
from xdist.remote import Producer

from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.testing import LocalOrg, local_org

_ALLOCATIONS = 20_000
"""How many objects are made between two garbage collections; with Python's 700, they take a seventh of the time."""

_CERTIFICATE_ENDS = "-----END CERTIFICATE-----"

vars(local_org)["EmbeddedLocalOrg"] = Quick

pytest_plugins = ["actwright.testing.fixtures", "tests.postgres"]

settings.register_profile("suite", max_examples=50)
settings.register_profile("all", max_examples=200)
settings.load_profile("all" if ALL else "suite")
"""How many examples a property is tried on that does not say so itself."""


def pytest_configure(config: pytest.Config) -> None:
    """Trust one authority: nothing here speaks TLS, and each HTTP client would take a while to read all there are."""
    every = Path(certifi.where()).read_text(encoding="ascii")
    folder = tempfile.TemporaryDirectory()
    config.add_cleanup(folder.cleanup)
    one = Path(folder.name) / "one.pem"
    one.write_text(every[: every.index(_CERTIFICATE_ENDS) + len(_CERTIFICATE_ENDS)], "ascii")
    os.environ["SSL_CERT_FILE"] = str(one)


def pytest_report_header() -> str:
    """Say which cases of chaos are run, since each commit takes others."""
    return header()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what is collected out of every garbage collection to come: thousands of tests, which stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(_ALLOCATIONS)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    slow_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile | None:
    """Hand tests out by file with ``--dist loadgroup``."""
    return ByFile(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def zygote() -> Zygote:
    """Give a process with everything imported that children are forked from."""
    return Zygote.shared()


@pytest.fixture
def programs(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """Return what starts the command line as a process of its own."""
    return Programs(zygote, tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="module")
def shared_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalOrg]:
    """Give one local org to all tests of a module that do not disturb each other."""
    with LocalOrg(tmp_path_factory.mktemp("shared")) as org:
        yield org


@pytest.fixture
def login(shared_org: LocalOrg, tmp_path: Path) -> Iterator[Callable[[str], SalesforceOrg]]:
    """Return a way to log people in to the shared local org."""
    opened: list[SalesforceOrg] = []

    def enter(who: str) -> SalesforceOrg:
        credentials = ClientCredentials(who, "localorg")
        opened.append(connect(shared_org.url, credentials, cache_dir=tmp_path / who))
        return opened[-1]

    yield enter
    for org in opened:
        org.close()
