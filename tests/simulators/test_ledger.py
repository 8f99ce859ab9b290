import json

import pytest

from simulators.errors import ConfigError
from simulators.ledger import Ledger, Truth


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_line_is_on_disk_before_the_call_returns(tmp_path):
    path = tmp_path / "truth.jsonl"
    with Ledger(path, read=lambda: 7.5) as ledger:
        ledger.write_record("gate", "r1", 1000)
        assert lines(path) == [{"record": "r1", "device": "gate", "at": 1000}]
        ledger.write_answer(["p1", "p2"], 1001)
        assert lines(path)[1:] == [{"answer": ["p1", "p2"], "at": 1001}]
        ledger.write_truth("door-forced", "gate", 1002)
        ledger.write_shown("door-forced", "gate")
        assert lines(path)[2:] == [
            {"truth": "door-forced", "device": "gate", "at": 1002},
            {"shown": "door-forced", "device": "gate"},
        ]


def test_generated_counts_records_and_answered_registers():
    with Ledger() as ledger:
        ledger.write_record("gate", "r1", 1)
        ledger.write_record("gate", "r2", 2)
        ledger.write_answer(["p1", "p2", "p3"], 3)
        assert ledger.generated == 5


def test_truth_is_shown_once_and_only_the_latest_of_its_device():
    clock = iter([10.0, 20.0])
    with Ledger(read=lambda: next(clock)) as ledger:
        ledger.write_truth("pressure-low", "p1", 1)
        ledger.write_shown("pressure-low", "p1")
        ledger.write_shown("pressure-low", "p1")
        ledger.write_truth("pressure-low", "p2", 2)
        ledger.write_truth("pressure-low", "p1", 3)
        ledger.write_shown("pressure-low", "p1")
    assert ledger.truths == [
        Truth("pressure-low", "p1", 1, 10.0),
        Truth("pressure-low", "p2", 2, None),
        Truth("pressure-low", "p1", 3, 20.0),
    ]


def test_ledger_that_cannot_be_written_is_one_clear_line(tmp_path):
    path = tmp_path / "missing" / "truth.jsonl"
    with (
        pytest.raises(ConfigError, match=r"truth\.jsonl: cannot write: No such file"),
        Ledger(path),
    ):
        pass
