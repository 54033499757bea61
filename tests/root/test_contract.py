"""Contracts are made ready when they are first used, by whichever threads that are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from actwright.contract import Contract

_THREADS = 6
_ROUNDS = 100


@pytest.fixture
def _eager_threads() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_eager_threads")
def test_many_threads_may_use_a_contract_first() -> None:
    """None of them meets one that is half made, or is given the contract it extends in its place."""
    ready = Barrier(_THREADS)

    def used(model: type[Contract]) -> str:
        ready.wait()
        return model.model_validate({"count": 1, "names": ["a"]}).model_dump_json()

    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in range(_ROUNDS):

            class Wide(Contract):
                """A contract that nobody has used yet."""

                count: int

            class Wider(Wide):
                """One that extends it."""

                names: tuple[str, ...]

            told = set(threads.map(used, [Wider] * _THREADS))
            assert told == {'{"count":1,"names":["a"]}'}
