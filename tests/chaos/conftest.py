"""One org, one store and one zygote for all tests of chaos, and a scene for each plan that something happens to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest
from tests.chaos.deeds import opened
from tests.chaos.doomed import Zygote
from tests.chaos.sampling import chosen
from tests.chaos.scene import Scene
from tests.chaos.ten_steps import STEPS, effects, ten_steps
from tests.scenario import Rest, new_deal, sign_in

from actwright import Actwright
from actwright.testing import LocalOrg


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the cases of each test whose turn it is; all of them with ``ACTWRIGHT_CHAOS=all``."""
    tests: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            tests[item.nodeid.partition("[")[0]].append(item)
    kept = {each for cases in tests.values() for each in chosen(cases)}
    left = [each for cases in tests.values() for each in cases if each not in kept]
    if left:
        gone = set(left)
        items[:] = [each for each in items if each not in gone]
        config.hook.pytest_deselected(items=left)


class Scenes(Protocol):
    """Makes scenes."""

    def __call__(
        self, *, steps: int = STEPS, app: Actwright | None = None, **settings: object
    ) -> Scene:
        """Return a scene with a deal and a tally of its own.

        Args:
            steps: How many steps its plan has.
            app: Whose store it is carried out in; Alice's where left out.
            settings: Further settings of the children's.
        """
        ...


@pytest.fixture(scope="session")
def shared_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalOrg]:
    """Give one local org to all tests of chaos in this process."""
    with LocalOrg(tmp_path_factory.mktemp("chaos")) as org:
        yield org


@pytest.fixture(scope="session")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


@pytest.fixture(scope="session")
def alice(shared_org: LocalOrg) -> Iterator[Actwright]:
    """Give Alice's Actwright, over the store the children use too."""
    with opened(str(shared_org.home), shared_org.url) as app:
        yield app


@pytest.fixture(autouse=True)
def _no_faults(shared_org: LocalOrg) -> Iterator[None]:
    """Forget what a test has armed."""
    yield
    shared_org.faults.clear()


@pytest.fixture
def opening(shared_org: LocalOrg) -> Iterator[Callable[..., Actwright]]:
    """Return what opens Alice's Actwright over a store of the test's own; it is closed with the test."""
    made: list[Actwright] = []

    def open_one(home: Path | None = None, **settings: object) -> Actwright:
        made.append(opened(str(home or shared_org.home), shared_org.url, settings))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


@pytest.fixture
def scene(
    shared_org: LocalOrg, admin: Rest, alice: Actwright, zygote: Zygote, tmp_path: Path
) -> Scenes:
    """Return what makes scenes."""
    count = iter(range(10_000))

    def made(*, steps: int = STEPS, app: Actwright | None = None, **settings: object) -> Scene:
        folder, by = tmp_path / f"scene{next(count)}", app or alice
        folder.mkdir()
        deal, tally = new_deal(admin), folder / "tally"
        preview = by.preview(ten_steps(by, deal, tally, steps=steps))
        assert (preview.blocked, len(preview.groups)) == ((), steps)
        yes = by.confirm(preview, approver="Alice Archer")
        counted = partial(effects, admin, deal, tally, steps=steps)
        return Scene(by, shared_org, admin, zygote, folder, preview, yes, counted, settings)

    return made
