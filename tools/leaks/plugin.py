"""The scan as a part of the suite: ``pytest -p tools.leaks.plugin`` fails where what the tests left behind leaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.leaks.scan import Scan, told

_CASSETTES = "cassettes"


class Leaks:
    """Looks through every test's output as it comes, and at the end through all that the suite wrote.

    Args:
        root: Where the repository is.
        written: The suite's temporary folder, with those of its workers.
    """

    def __init__(self, root: Path, written: Path) -> None:
        self._kept = root / _CASSETTES
        self._written = written
        self._scan = Scan()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look through what a test printed and logged; its last report holds all of it."""
        if report.when == "teardown":
            for title, text in report.sections:
                self._scan.output(report.nodeid, title, text)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look through what was written, and fail the session where something leaks."""
        for each in (self._written, self._kept):
            self._scan.below(each)
        if self._scan.report.leaks and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was found."""
        terminalreporter.section("leaks")
        for line in told(self._scan.report):
            terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Scan in the process that reports, and in none of its workers."""
    if not hasattr(config, "workerinput"):
        temporary = config._tmp_path_factory  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public names it
        config.pluginmanager.register(Leaks(config.rootpath, temporary.getbasetemp()), "leaks")
