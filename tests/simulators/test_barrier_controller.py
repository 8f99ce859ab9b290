import base64
import json
import random
from dataclasses import dataclass, field

import pytest

from simulators.barrier import LOWER_AFTER_S, PATIENCE_S, BarrierController, Reading
from simulators.cars import Cars, misread
from simulators.ledger import Ledger
from simulators.snapshot import SIZES, snapshot
from wire import Clock
from wire.plates import parse, reads_well

GOOD, STRANGE = "粤B12345", "粤B67890"
ORIGIN = 1_700_000_000_000
PICTURE = b"\xff\xd8\xff picture"


@dataclass
class Bench:
    """A controller on a table, with a clock that is moved by hand."""

    path: object
    seconds: float = 0.0
    records: list[dict] = field(default_factory=list)
    on_disk: list[list[dict]] = field(default_factory=list)

    def __post_init__(self):
        self.ledger = Ledger(self.path, read=lambda: self.seconds)
        self.ledger.__enter__()
        self.barrier = BarrierController(
            "b1",
            way="in",
            clock=Clock(lambda: self.seconds, ORIGIN, 0.0),
            ledger=self.ledger,
            put=self._put,
            admits=lambda plate: None if plate == GOOD else "not-listed",
            clock_error_s=0.25,
        )

    def _put(self, record):
        self.records.append(record)
        self.on_disk.append([json.loads(line) for line in self.path.read_text().splitlines()])

    def events(self):
        return [record["event"] for record in self.records]

    def at(self, seconds):
        self.seconds = seconds
        self.barrier.tend()
        return self.barrier

    def let_in(self, plate=GOOD):
        allowed = self.barrier.read(Reading(plate, "blue", 97.0, PICTURE))
        self.barrier.raise_arm() if allowed else None
        return allowed

    def drive(self, plate=GOOD):
        through = self.barrier.drive_on()
        if through:
            self.barrier.drive_off(plate)
        return through

    def truths(self):
        return [(one.kind, one.at - ORIGIN) for one in self.ledger.truths]


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "truth.jsonl")
    yield made
    made.ledger.__exit__(None, None, None)


def test_listed_car_is_read_let_in_and_the_arm_comes_down_behind_it(bench):
    assert bench.let_in()
    bench.at(4)
    assert bench.drive()
    bench.at(4 + LOWER_AFTER_S - 0.1)
    assert bench.barrier.up
    bench.at(4 + LOWER_AFTER_S)
    assert bench.events() == ["seen", "opened", "passed", "closed"]
    seen, _, passed, _ = bench.records
    assert base64.b64decode(seen.pop("picture")) == PICTURE
    assert seen == {
        "record_id": f"{ORIGIN:x}-1",
        "time": ORIGIN + 250,
        "event": "seen",
        "plate": GOOD,
        "colour": "blue",
        "confidence": 97.0,
        "direction": "in",
        "result": "allowed",
    }
    assert (passed["plate"], passed["direction"], passed["loop"]) == (GOOD, "in", False)
    assert bench.truths() == []


def test_stranger_is_refused_and_the_arm_stays_down(bench):
    assert not bench.let_in(STRANGE)
    assert (bench.records[0]["result"], bench.records[0]["reason"]) == ("denied", "not-listed")
    assert not bench.drive()
    bench.barrier.press_button()
    assert bench.drive()
    assert bench.truths() == []


def test_car_without_a_plate_is_refused_as_such(bench):
    assert not bench.let_in(None)
    assert bench.records[0]["reason"] == "no-plate"
    assert "plate" not in bench.records[0]


def test_arm_waits_for_a_car_that_does_not_come_and_forgets_its_permit(bench):
    bench.let_in()
    bench.at(PATIENCE_S - 0.1)
    assert bench.barrier.up
    bench.at(PATIENCE_S)
    assert not bench.barrier.up
    bench.barrier.press_button()
    bench.drive()
    bench.drive()
    assert [kind for kind, _ in bench.truths()] == ["tailgating"]


def test_second_car_on_one_permit_is_a_truth_written_before_it_is_told(bench):
    bench.let_in()
    bench.at(4)
    bench.drive()
    bench.at(5)
    bench.drive(None)
    assert bench.truths() == [("tailgating", 5000)]
    assert bench.ledger.truths[0].shown == 5
    assert any("truth" in line for line in bench.on_disk[-1])
    assert not any("truth" in line for line in bench.on_disk[-2])


def test_second_car_with_a_permit_of_its_own_is_ordinary_life(bench):
    bench.let_in()
    bench.let_in()
    bench.drive()
    bench.at(10)
    bench.drive()
    assert bench.truths() == []


def test_nothing_brings_the_arm_down_on_a_car(bench):
    bench.let_in()
    bench.barrier.drive_on()
    assert bench.barrier.command("release", "c1")
    bench.at(500)
    assert bench.barrier.up
    bench.barrier.drive_off(GOOD)
    bench.at(500 + LOWER_AFTER_S)
    assert not bench.barrier.up


def test_struck_arm_is_a_truth_and_nobody_raises_it_until_it_is_repaired(bench):
    bench.at(3).strike()
    bench.barrier.strike()
    assert bench.truths() == [("barrier-struck", 3000)]
    assert bench.records[-1]["arm"] == "broken"
    assert not bench.barrier.command("open", "c1")
    assert not bench.barrier.command("hold-open", "c2", 60)
    bench.barrier.repair()
    assert bench.records[-1]["arm"] == "closed"
    assert bench.barrier.command("open", "c3")
    assert bench.barrier.up


def test_cars_may_pass_a_lane_whose_arm_is_off(bench):
    bench.barrier.strike()
    assert bench.drive()
    assert bench.truths() == [("barrier-struck", 0)]


def test_hold_lets_everybody_pass_and_ends_by_itself(bench):
    assert bench.barrier.command("hold-open", "c1", 60)
    for _ in range(3):
        assert bench.drive(None)
    bench.at(59)
    assert bench.barrier.up
    bench.at(60)
    bench.at(60 + LOWER_AFTER_S)
    assert bench.events() == ["held", "opened", *["passed"] * 3, "released", "closed"]
    assert bench.truths() == []


def test_renewed_hold_is_told_again_and_lasts_longer(bench):
    bench.barrier.command("hold-open", "c1", 60)
    bench.at(50).command("hold-open", "c2", 60)
    bench.at(100)
    assert bench.barrier.up
    assert bench.events().count("held") == 2


def test_repeated_command_is_answered_and_not_done_again(bench):
    assert bench.barrier.command("open", "c1")
    assert bench.barrier.command("open", "c1")
    assert bench.events() == ["remote-open", "opened"]


@pytest.mark.parametrize(
    ("action", "lease"), [("hold-open", None), ("hold-open", 0), ("close", None), ("lower", 5)]
)
def test_what_no_barrier_does_is_refused(bench, action, lease):
    assert not bench.barrier.command(action, "c1", lease)
    assert bench.records == []


def test_fire_keeps_the_arm_up_and_release_is_not_obeyed(bench):
    bench.barrier.set_fire(active=True)
    assert not bench.barrier.command("release", "c1")
    bench.at(1000)
    assert bench.barrier.up
    for _ in range(2):
        bench.drive(None)
    assert bench.truths() == []
    bench.barrier.set_fire(active=False)
    bench.at(1001 + LOWER_AFTER_S)
    assert not bench.barrier.up
    assert [one["fire"] for one in bench.records if one["event"] == "state"] == [True, False]


def test_plates_of_the_estate_are_plates_and_no_two_alike():
    cars = Cars(seed=1)
    assert all(reads_well(car.plate, car.colour) for car in cars.residents)
    assert len(cars.listed) == len(cars.residents)
    assert cars.unknown().plate not in cars.listed
    assert [car.plate for car in Cars(seed=1).residents] == [car.plate for car in cars.residents]


def test_no_car_comes_in_twice_or_sets_out_while_it_is_away():
    cars = Cars(seed=2)
    busy = []
    for step in range(400):
        car = cars.next(step * 200.0)
        assert not car.away
        car.away = True
        busy.append((car, car.way))
        if len(busy) > 5:
            done, way = busy.pop(0)
            assert done.way == way
            done.inside, done.away = not done.inside, False


def test_misread_plate_is_no_plate():
    draw = random.Random(4)
    cars = Cars(seed=3)
    for car in cars.residents:
        assert parse(misread(car.plate, draw)) is None, car.plate


def test_snapshots_are_jpegs_of_a_fair_size_and_no_two_alike():
    draw = random.Random(5)
    pictures = [snapshot(draw) for _ in range(20)]
    assert len(set(pictures)) == 20
    for picture in pictures:
        assert picture.startswith(b"\xff\xd8\xff")
        assert picture.endswith(b"\xff\xd9")
        assert SIZES[0] < len(picture) < SIZES[1] + 1000
