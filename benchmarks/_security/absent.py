"""Stand-ins for the SDKs of model services, which the suites import and which nothing here ever calls."""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_SERVICES = frozenset({"anthropic", "cohere", "dotenv", "google", "langchain", "vertexai"})


class _Named(type):
    """Classes whose every attribute is another such class, so that annotations can be read."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(name, (), {})

    def __or__(cls, _: object) -> type:  # type: ignore[override]  # only ever read
        return cls

    def __ror__(cls, _: object) -> type:  # type: ignore[override]  # as above
        return cls

    def __getitem__(cls, _: object) -> type:
        return cls


class _Absent(ModuleType):
    """A module that has every name, and nothing behind it."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(name, (), {})


class _Absence(MetaPathFinder, Loader):
    """Finds the SDKs that are not installed."""

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """Find a service's module; nothing else."""
        del path, target
        known = fullname.partition(".")[0] in _SERVICES
        return ModuleSpec(fullname, self, is_package=True) if known else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make it."""
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Fill it with nothing."""
        module.__path__ = []


def leave_out_services() -> None:
    """Let the suites be imported without the SDKs of model services; those that are installed are used."""
    if not any(isinstance(each, _Absence) for each in sys.meta_path):
        sys.meta_path.append(_Absence())
