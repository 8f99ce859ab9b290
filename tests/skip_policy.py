"""A pytest plugin: with REQUIRE_ALL=1, a skip is a failure unless its reason is on a list.

The list is `allowed_skips.txt` beside this file; so CI cannot turn green by running less.
"""

import os
import re
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("allowed_skips.txt")


def allowed(reason: str, listed: str) -> bool:
    """Whether `listed`, the text of the list, has a pattern for the whole of `reason`."""
    lines = (line.strip() for line in listed.splitlines())
    return any(re.fullmatch(line, reason) for line in lines if line and not line.startswith("#"))


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a report of a skip that is not allowed into one of a failure."""
    if not (report.skipped and os.environ.get("REQUIRE_ALL") == "1") or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not allowed(reason, LIST.read_text()):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and REQUIRE_ALL=1 forbids it: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    fail_if_skipped(report)
    return report
