"""The judge finds each kind of fault, and nothing in a clean run."""

import json

import pytest

from tests.faults.truth import Stored, Truth

FORCED = ("gate", "door-forced", 5)


@pytest.fixture
def truth():
    made = Truth()
    for record in ("a", "b", "c"):
        made.say("gate", record)
    made.acknowledge("gate", ["a", "b"])
    made.alarm(*FORCED)
    return made


TABLE = {
    "all is there": (Stored({"gate": ["a", "b", "c"]}, [FORCED]), {}),
    "said, not yet acknowledged": (
        Stored({"gate": ["a", "b"]}, [FORCED]),
        {"missing": ("c",), "undeclared": 1},
    ),
    "acknowledged and gone": (
        Stored({"gate": ["a", "c"]}, [FORCED]),
        {"lost": ("b",), "missing": ("b",), "undeclared": 1},
    ),
    "dropped, and said so": (Stored({"gate": ["a", "b"]}, [FORCED], 1), {"missing": ("c",)}),
    "never said": (Stored({"gate": ["a", "b", "c", "x"]}, [FORCED]), {"phantom": ("x",)}),
    "of a device that never spoke": (
        Stored({"gate": ["a", "b", "c"], "other": ["y"]}, [FORCED]),
        {"phantom": ("y",)},
    ),
    "twice": (Stored({"gate": ["a", "b", "a", "c"]}, [FORCED]), {"doubled": ("a",)}),
    "out of order": (Stored({"gate": ["b", "a", "c"]}, [FORCED]), {"disordered": ("gate",)}),
    "no alert": (Stored({"gate": ["a", "b", "c"]}), {"alarms_missing": (FORCED,)}),
    "an alert without a cause": (
        Stored({"gate": ["a", "b", "c"]}, [FORCED, ("gate", "door-forced", 6)]),
        {"alarms_phantom": (("gate", "door-forced", 6),)},
    ),
    "two alerts": (
        Stored({"gate": ["a", "b", "c"]}, [FORCED, FORCED]),
        {"alarms_doubled": (FORCED,)},
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_judge_names_what_is_wrong_and_only_that(truth, case):
    stored, faults = TABLE[case]
    assert truth.judge(stored).faults == faults


def test_ledger_is_on_disk_before_the_device_speaks(tmp_path):
    truth = Truth(tmp_path / "truth.jsonl")
    truth.say("gate", "a")
    truth.acknowledge("gate", ["a"])
    truth.alarm(*FORCED)
    lines = [json.loads(line) for line in truth.path.read_text().splitlines()]
    assert lines == [
        {"said": "a", "device": "gate"},
        {"acknowledged": ["a"], "device": "gate"},
        {"alarm": "door-forced", "device": "gate", "at": 5},
    ]
