"""The long proofs end with a table of what was proved, in words."""

from __future__ import annotations

import pytest


def sentence(report: pytest.TestReport) -> str:
    """The test's name, which is a sentence, with its parameters."""
    return report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    stats = terminalreporter.stats
    reports = [one for outcome in ("passed", "failed", "error") for one in stats.get(outcome, [])]
    rows = [(sentence(one), one.outcome, f"{one.duration:.1f} s") for one in reports]
    if not rows:
        return
    width = max(len(what) for what, _, _ in rows)
    terminalreporter.section("proved")
    for what, outcome, time in rows:
        terminalreporter.write_line(f"{what:<{width}}  {outcome:<6}  {time:>8}")
