"""What `make bench` keeps, how it compares, and the page that is made of it."""

import pytest

from bench import document, record
from bench.measures import MEASURES
from bench.plans import PLANS

MACHINE = {"cores": 2, "cpu": "any", "python": "3.11.7", "load_1min": 1.5}


def line(rate, *, machine=MACHINE):
    return {
        "bench": "ingest",
        "case": "hub, 1 in a message",
        "commit": "abc",
        "machine": machine,
        "observations_per_s": rate,
        "hub_cpu_us_per_observation": 1e6 / rate,
    }


def recorded(*rates, machine=MACHINE):
    lines = [line(rate, machine=machine) for rate in rates]
    return record.gather(lines, plan="full", at="2026-11-22T09:00:00+00:00")


def test_measure_is_the_median_of_its_runs():
    kept = {one["measure"]: one for one in recorded(4000, 1000, 3000)}
    assert kept["ingest-1"]["value"] == 3000
    assert kept["ingest-1"]["runs"] == [4000, 1000, 3000]
    assert set(kept) == {"ingest-1", "ingest-1-cpu"}


@pytest.mark.parametrize(("rate", "told"), [(3300, 0), (2550, 0), (2000, 2), (9000, 0)])
def test_figure_more_than_a_fifth_behind_the_last_is_told(rate, told):
    assert len(record.worse(recorded(rate), recorded(3000))) == told


def test_figures_of_another_machine_say_nothing():
    assert record.worse(recorded(10, machine=MACHINE | {"cores": 64}), recorded(3000)) == []


def test_records_are_kept_and_read_back(tmp_path):
    file = tmp_path / "results.jsonl"
    record.add(recorded(1000), file)
    record.add(recorded(2000), file)
    assert record.latest(record.load(file))["ingest-1"]["value"] == 2000


def test_page_names_every_measure_and_each_missed_aim(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "load", lambda: recorded(9999))
    document.write(tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text()
    assert all(measure.title in page for measure in MEASURES)
    missed = page.partition("## Aims that were missed")[2].partition("## ")[0]
    assert "9,999/s, aim ≥ 10,000/s (load 1.5)" in missed
    assert missed.count("- **") == 1


def test_every_plan_runs_benches_that_exist():
    for _, benches in PLANS.values():
        for name, *_ in benches:
            assert (document.ROOT / "bench" / f"{name}.py").is_file()
