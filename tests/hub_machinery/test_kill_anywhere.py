"""Kill the hub anywhere: the next start gives the same alerts and the same cases."""

import itertools
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from hub.config import Role
from hub.errors import HubError
from hub.pipeline import AlertAct, CaseAct
from hub.store.schema import (
    alert,
    alert_history,
    case_,
    case_history,
    observation,
    passage,
    rule_state,
)
from hub.telemetry.tables import point
from tests.hub_machinery.estate import SITE, T0, Agent, a_line, done, gate, pressure
from wire import Lane

EVENTS = ("opened", "closed", "granted", "denied", "state", "exit-button")
DEVICES = ("gate-east", "gate-west")


class CrashError(Exception):
    """The power fails here."""


@contextmanager
def crash_after(engine, statements: int):
    """Fail at the transaction's n-th statement, or at its commit when it has fewer."""
    left = itertools.count(statements, -1)

    def execute(*_args):
        if next(left) <= 0:
            raise CrashError

    def commit(_connection):
        raise CrashError

    event.listen(engine, "before_cursor_execute", execute)
    event.listen(engine, "commit", commit)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", execute)
        event.remove(engine, "commit", commit)


gate_reports = st.tuples(
    st.just("gate"), st.sampled_from(DEVICES), st.sampled_from(EVENTS), st.booleans()
)
water_reports = st.tuples(st.just("water"), st.sampled_from([0.0, 0.02, 0.3, 1.4]))
steps = st.lists(
    st.one_of(
        st.lists(st.one_of(gate_reports, water_reports), min_size=1, max_size=4),
        st.integers(1, 40),  # seconds that pass before a tick
        st.sampled_from(["acknowledge", "open-case", "accept", "take"]),
    ),
    min_size=4,
    max_size=14,
)
crashes = st.lists(
    st.tuples(st.integers(0, 14), st.sampled_from(["retry", "restart", "answer lost"])),
    min_size=14,
    max_size=14,
)


def operations(script):
    """The script as callables on a line, with all numbers and times fixed beforehand."""
    now = T0
    gates, water = Agent("gates"), Agent("water")
    made = []
    for step in script:
        if isinstance(step, list):
            now += 1_000
            messages = [_message(report, gates, water, now) for report in step]
            made.append(lambda line, m=messages, n=now: line.handle(*m, now=n))
        elif isinstance(step, int):
            now += step * 1_000
            made.append(lambda line, n=now: done(line.pipeline.tick(n)))
        else:
            now += 500
            made.append(Deed(step, now))
    made.append(lambda line, n=now + 600_000: done(line.pipeline.tick(n)))
    made.append(lambda line, n=now + 620_000: done(line.pipeline.tick(n)))
    return made


def _message(report, gates, water, now):
    if report[0] == "water":
        return water.message(pressure(now, report[1]), now=now, lane=Lane.LIFE)
    _, device, what, contact = report
    more = {"credential": "card-00112233"} if what in {"granted", "denied"} else {}
    return gates.message(gate(now, what, device, open=contact, **more), now=now)


@dataclass(frozen=True)
class Deed:
    """What a person does. Nobody does it again once the screen shows that it is done."""

    action: str
    now: int

    def __call__(self, line):
        act(line, self.action, self.now)


def act(line, action, now):
    """Act on the first alert or case, as it is now; refusals are answers too."""
    try:
        if action in {"acknowledge", "open-case"}:
            rows = sorted(line.rows(alert), key=lambda row: row["id"])
            deeds = [AlertAct(SITE, row["id"], action, "wang", row["version"]) for row in rows[:1]]
        else:
            rows = sorted(line.rows(case_), key=lambda row: row["id"])
            deeds = [
                CaseAct(SITE, row["id"], action, "wang", Role.GUARD, row["version"])
                for row in rows[:1]
            ]
        for deed in deeds:
            done(line.pipeline.act(deed, now))
    except HubError:
        return


def world(line):
    """All that must not depend on where the hub was killed."""
    plain = {
        table.name: sorted(map(repr, (dict(row) for row in line.rows(table))))
        for table in (alert, case_, rule_state, point)
    }
    for table in (alert_history, case_history, observation, passage):
        hidden = {"id", "sealed"}  # row numbers, and seals with their random nonces
        plain[table.name] = sorted(
            repr({k: v for k, v in row.items() if k not in hidden}) for row in line.rows(table)
        )
    plain["stored"] = [line.counters().get("stored")]
    return plain


def disturbed(line, made, crashes):
    """Run it with a crash in every transaction, each done again as its sender would."""
    for (statements, how), do in zip(itertools.cycle(crashes), made, strict=False):
        if how == "answer lost":
            do(line)
            line.restart()
            if not isinstance(do, Deed):
                do(line)
            continue
        with crash_after(line.store.writer, statements), suppress(CrashError):
            do(line)
        if how == "restart":
            line.restart()
        do(line)


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take many minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(script=steps, crashes=crashes)
def test_the_same_alerts_and_cases_wherever_the_hub_was_killed(script, crashes):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        with a_line(Path(one)) as calm:
            for do in operations(script):
                do(calm)
            expected = world(calm)
        shutil.copytree(Path(one) / "secrets", Path(two) / "secrets")
        with a_line(Path(two)) as shaken:
            disturbed(shaken, operations(script), crashes)
            assert world(shaken) == expected


def test_every_statement_of_the_transaction_that_opens_a_case_may_be_the_last(tmp_path):
    """The forced door, killed at each statement in turn and at the commit."""
    with a_line(tmp_path) as line:
        agent = Agent()
        line.handle(agent.message(gate(T0, "opened", open=True)))
        for statements in range(40):
            with crash_after(line.store.writer, statements), suppress(CrashError):
                done(line.pipeline.tick(T0 + 2_000))
            assert not line.rows(alert)
            line.restart()
        done(line.pipeline.tick(T0 + 2_000))
        assert len(line.rows(alert)) == len(line.rows(case_)) == 1
        assert line.rows(case_)[0]["number"].endswith("-001")
