"""What tests of traces share: a collector of their own, named in the environment as a user names one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.telemetry.otel.collector import Collector, collecting


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """Run a collector, and name it in the environment; what arrived is kept for the scan of the suite's leavings."""
    with pytest.MonkeyPatch.context() as patch, collecting() as running:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running.url)
        patch.setenv("OPENAI_API_KEY", "sk-a-key-for-tests-only")
        yield running
        kept = tmp_path_factory.mktemp("arrived") / "all.otlp"
        kept.write_text(running.everything, encoding="utf-8")
