import json
from dataclasses import dataclass, field

import pytest

from simulators.gate import UNLOCK_S, GateController, Refusal
from simulators.ledger import Ledger
from simulators.watches import DoorWatch
from wire import Clock

GOOD, BAD = "1000000001", "9999999999"
ORIGIN = 1_700_000_000_000


@dataclass
class Bench:
    """A controller on a table, with a clock that is moved by hand."""

    path: object
    clock_error_s: float = 0.0
    seconds: float = 0.0
    records: list[dict] = field(default_factory=list)
    on_disk: list[list[dict]] = field(default_factory=list)

    def __post_init__(self):
        self.ledger = Ledger(self.path, read=lambda: self.seconds)
        self.ledger.__enter__()
        self.gate = GateController(
            "g1",
            clock=Clock(lambda: self.seconds, ORIGIN, 0.0),
            ledger=self.ledger,
            put=self._put,
            admits=lambda card: None if card == GOOD else Refusal("unknown-credential"),
            clock_error_s=self.clock_error_s,
        )

    def _put(self, record):
        self.records.append(record)
        self.on_disk.append([json.loads(line) for line in self.path.read_text().splitlines()])

    def events(self):
        return [record["event"] for record in self.records]


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "truth.jsonl")
    yield made
    made.ledger.__exit__(None, None, None)


def test_known_card_frees_the_lock_and_the_door_opens_without_force(bench):
    assert bench.gate.present_card(GOOD)
    bench.seconds = 1.0
    bench.gate.pull_open()
    bench.seconds = 4.0
    bench.gate.fall_shut()
    assert bench.events() == ["granted", "opened", "closed"]
    assert bench.records[0]["card"] == GOOD
    assert [record.get("open") for record in bench.records] == [None, True, False]
    assert bench.ledger.truths == []
    assert bench.gate.locked


def test_unknown_card_is_denied_with_its_reason_and_the_door_stays_locked(bench):
    assert not bench.gate.present_card(BAD)
    assert bench.records[0]["event"] == "denied"
    assert bench.records[0]["reason"] == "unknown-credential"
    assert bench.gate.locked


def test_lock_engages_again_when_nobody_opens(bench):
    bench.gate.press_exit()
    bench.seconds = UNLOCK_S - 0.01
    assert not bench.gate.locked
    bench.seconds = UNLOCK_S
    assert bench.gate.locked


def test_lock_engages_as_soon_as_the_door_has_closed(bench):
    bench.gate.press_exit()
    bench.gate.pull_open()
    bench.gate.fall_shut()
    assert bench.gate.locked


def test_opening_a_locked_door_is_forced_and_the_truth_is_on_disk_before_the_record(bench):
    bench.seconds = 3.0
    bench.gate.pull_open()
    assert [(one.kind, one.device, one.at, one.shown) for one in bench.ledger.truths] == [
        ("door-forced", "g1", ORIGIN + 3000, 3.0)
    ]
    before_speech = bench.on_disk[0]
    assert before_speech[0]["truth"] == "door-forced"
    assert before_speech[1]["record"] == bench.records[0]["record_id"]


def test_record_ids_are_unique_across_a_power_cycle(tmp_path):
    ids = set()
    for seconds in (0.0, 1.0):
        bench = Bench(tmp_path / f"{seconds}.jsonl", seconds=seconds)
        for _ in range(3):
            bench.gate.report_state()
        ids |= {record["record_id"] for record in bench.records}
        bench.ledger.__exit__(None, None, None)
    assert len(ids) == 6


def test_device_clock_is_off_by_its_error_and_truth_is_not(tmp_path):
    bench = Bench(tmp_path / "truth.jsonl", clock_error_s=-47.0)
    bench.seconds = 60.0
    bench.gate.pull_open()
    assert bench.records[0]["time"] == ORIGIN + 13_000
    assert bench.ledger.truths[0].at == ORIGIN + 60_000
    bench.ledger.__exit__(None, None, None)


def test_hold_lasts_as_long_as_its_newest_lease_and_then_locks_by_itself(bench):
    assert bench.gate.command("hold-open", "c1", 10.0)
    bench.seconds = 8.0
    assert bench.gate.command("hold-open", "c2", 10.0)
    bench.seconds = 17.9
    assert not bench.gate.locked
    bench.seconds = 18.0
    assert bench.gate.locked


def test_release_ends_a_hold_at_once(bench):
    bench.gate.command("hold-open", "c1", 60.0)
    assert bench.gate.command("release", "c2")
    assert bench.gate.locked


def test_repeated_command_is_answered_and_not_done_again(bench):
    assert bench.gate.command("open", "c1")
    bench.seconds = 100.0
    assert bench.gate.command("open", "c1")
    assert bench.gate.locked
    assert bench.events() == ["remote-open"]


@pytest.mark.parametrize(
    ("action", "lease_s"), [("hold-open", None), ("hold-open", 0.0), ("explode", None)]
)
def test_order_that_makes_no_sense_is_not_done(bench, action, lease_s):
    assert not bench.gate.command(action, "c1", lease_s)
    assert bench.gate.locked


def test_fire_frees_the_door_and_release_is_not_obeyed(bench):
    bench.gate.set_fire(active=True)
    assert bench.records[0]["fire"] is True
    assert not bench.gate.command("release", "c1")
    assert not bench.gate.locked
    bench.gate.pull_open()
    assert bench.ledger.truths == []
    bench.gate.set_fire(active=False)
    bench.gate.fall_shut()
    assert bench.gate.locked


def test_door_opened_during_a_hold_says_that_it_was_by_order(bench):
    bench.gate.command("hold-open", "c1", 60.0)
    bench.seconds = 30.0
    bench.gate.pull_open()
    assert bench.events() == ["remote-open", "remote-open", "opened"]
    assert bench.ledger.truths == []


def watch(bench, *, rate=1.0):
    return DoorWatch({"g1": bench.gate}, bench.ledger, {"g1": 25.0}, rate)


def check_until(bench, doors, last_s):
    while bench.seconds <= last_s:
        doors.check(ORIGIN + round(bench.seconds * 1000))
        bench.seconds += 1.0


def held(bench):
    return [one for one in bench.ledger.truths if one.kind == "door-held-open"]


def test_held_open_becomes_true_when_the_allowed_time_runs_out_and_once(bench):
    bench.gate.press_exit()
    bench.gate.pull_open()
    doors = watch(bench)
    check_until(bench, doors, 24.0)
    assert held(bench) == []
    check_until(bench, doors, 60.0)
    assert [(one.at, one.shown) for one in held(bench)] == [(ORIGIN + 25_000, 25.0)]


def test_moment_of_held_open_is_exact_however_late_it_is_noticed(bench):
    bench.gate.press_exit()
    bench.gate.pull_open()
    bench.seconds = 27.0
    watch(bench, rate=1.0).check(ORIGIN + 27_000)
    assert [(one.at, one.shown) for one in held(bench)] == [(ORIGIN + 25_000, 25.0)]


def test_door_that_closed_in_time_was_not_held(bench):
    bench.gate.press_exit()
    bench.gate.pull_open()
    bench.seconds = 20.0
    bench.gate.fall_shut()
    check_until(bench, watch(bench), 100.0)
    assert held(bench) == []


def test_order_explains_an_open_door_for_as_long_as_a_lease_can_last(bench):
    bench.gate.command("open", "c1")
    bench.gate.pull_open()
    check_until(bench, watch(bench), 200.0)
    assert [one.at for one in held(bench)] == [ORIGIN + 145_000]


def test_open_door_counts_from_the_end_of_a_fire(bench):
    bench.gate.set_fire(active=True)
    bench.gate.pull_open()
    doors = watch(bench)
    check_until(bench, doors, 99.0)
    bench.gate.set_fire(active=False)
    check_until(bench, doors, 200.0)
    assert [one.at for one in held(bench)] == [ORIGIN + 125_000]
