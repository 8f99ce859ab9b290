"""Alarms of one transaction are written together, and leave what they leave one by one."""

import random

import pytest

from hub.pipeline import Priority
from hub.rules import Finding
from hub.store.schema import (
    alarm_point,
    alert,
    alert_history,
    annunciation,
    case_,
    case_history,
    case_number,
    flood,
)
from tests.hub_machinery.estate import SITE, T0, a_line, done
from tests.hub_machinery.test_kill_anywhere import CrashError, crash_after

OF_DEVICES = {
    "gate-east": ("door-forced", "door-held-open", "device-silent"),
    "gate-west": ("door-forced", "device-silent"),
    "fw-1": ("pressure-low", "pressure-high", "device-silent"),
    "barrier-in": ("barrier-struck", "device-silent"),
    "barrier-out": ("barrier-struck", "device-silent"),
}
OF_AGENTS = ("gates", "water", "barriers")
TABLES = (alert, alert_history, alarm_point, annunciation, flood, case_, case_history, case_number)


def findings(seed, how_many):
    """A bad quarter of an hour: alarms that come and go, chatter, and take others along."""
    rng = random.Random(seed)
    kinds = [(one, name) for name, of in OF_DEVICES.items() for one in of]
    kinds += [("agent-silent", name) for name in OF_AGENTS for _ in range(3)]
    for _ in range(how_many):
        condition, device = rng.choice(kinds)
        at = T0 - rng.randrange(30_000)
        late = rng.random() < 0.1
        yield Finding(condition, device, active=rng.random() < 0.6, at=at, late=late)


def left(folder, some, size, fails=()):
    """All that is stored once these were applied, so many in each transaction, and time passed.

    fails: each transaction fails at these statements first, and is done again.
    """
    folder.mkdir()
    with a_line(folder) as line:
        alerting = line.pipeline._alerting
        for start in range(0, len(some), size):

            def apply(work, batch=some[start : start + size]):
                for one in batch:
                    alerting.apply(work, SITE, one)

            for statements in fails:
                with crash_after(line.store.writer, statements), pytest.raises(CrashError):
                    done(line.pipeline.write(Priority.LIFE, T0, apply))
            done(line.pipeline.write(Priority.LIFE, T0, apply))
        done(line.pipeline.tick(T0 + 70_000))
        return {table.name: sorted(map(plain, line.rows(table))) for table in TABLES}


def plain(row):
    """Without the number that the database drew, so that their order among others is free."""
    return repr({name: value for name, value in row.items() if name != "id" or type(value) is str})


@pytest.mark.parametrize("seed", range(3))
def test_alarms_of_one_transaction_leave_what_they_leave_one_by_one(tmp_path, seed):
    some = list(findings(seed, 60))
    one_by_one = left(tmp_path / "one", some, 1)
    assert len(one_by_one["alert"]) > len(OF_DEVICES)
    assert left(tmp_path / "all", some, len(some)) == one_by_one
    assert left(tmp_path / "few", some, 7) == one_by_one


def test_a_transaction_that_is_done_again_brings_nothing_from_those_that_failed(tmp_path):
    some = list(findings(7, 40))
    at_once = left(tmp_path / "at once", some, 20)
    assert left(tmp_path / "failed", some, 20, fails=(1, 4, 9, 10_000)) == at_once
