"""`gatehouse eval falling --rendered`, with few and small scenes in the place of its sweep."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from gatehouse import eval_rendered
from gatehouse.eval_rendered import Suite, evaluate_rendered
from simulators.facade import Case, Scene

FALL = Scene(seed=11, rows=480, fps=15, fall="heavy", size_px=10)
QUIET = Scene(seed=31, rows=360, fps=10, seconds=4, decoys=("bird",))


@pytest.fixture
def small(monkeypatch):
    """One fall and one harmless scene; what was asked of the two."""
    asked = {}

    def sweep(count, *, seed):
        asked["sweep"] = (count, seed)
        return iter([Case(FALL, {"size": "10"})][:count])

    def negatives(count, **more):
        asked["negatives"] = (count, more["seed"])
        return iter([Case(QUIET, {"decoy": "bird"})][:count])

    monkeypatch.setattr(eval_rendered, "sweep", sweep)
    monkeypatch.setattr(eval_rendered, "negatives", negatives)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # pytest's own stay
    return asked


def test_a_fall_is_found_where_the_renderer_put_it(small, capsys):
    assert evaluate_rendered(Suite(falls=1, hours=1 / 60, seed=7), as_json=True) == 0
    row = json.loads(capsys.readouterr().out)
    assert small == {"sweep": (1, 7), "negatives": (1, 7)}
    swept, harmless = row["sweep"], row["harmless"]
    assert (swept["falls"], swept["found"], swept["false_alarms"]) == (1, 1, 0)
    assert swept["start_error_px"]["max"] < 30
    assert swept["floor_within_one"] == 1.0
    assert swept["f_measure"] > 0.3
    assert 0 < swept["latency_frames"]["max"] < 60
    assert swept["recall_by"]["size=10"] == [1, 1]
    assert any(name.startswith("speed=from ") for name in swept["recall_by"])
    assert (harmless["falls"], harmless["false_alarms"]) == (0, 0)
    assert harmless["hours"] == pytest.approx(QUIET.seconds / 3600, abs=1e-3)


def test_a_fall_that_nobody_finds_is_told_with_its_scene(small, capsys, monkeypatch):
    monkeypatch.setattr(eval_rendered, "tracks_of", lambda *_: [])
    assert evaluate_rendered(Suite(falls=1, hours=0, seed=7), as_json=True) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["sweep"]["recall"] == 0
    assert json.loads(err) == {"missed": {"size": "10"}, "scene": FALL.seed}


def test_ended_early_it_tells_what_was_done(small, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(eval_rendered, "negatives", interrupted)
    monkeypatch.setattr(eval_rendered, "tracks_of", lambda *_: [])
    assert evaluate_rendered(Suite(falls=1, hours=1), as_json=True) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["sweep"]["falls"] == 1
    assert "stopped early" in err.splitlines()[-1]


def put_nothing(folder: Path) -> None:
    folder.rmdir()


def put_text(folder: Path) -> None:
    (folder / "a.jpg").write_text("no picture")


@pytest.mark.parametrize(
    ("put", "said"),
    [(put_nothing, "no such folder"), (put_text, "not a picture"), (lambda _: None, "no picture")],
)
def test_backgrounds_that_cannot_be_used_are_one_line(small, capsys, tmp_path, put, said):
    folder = tmp_path / "behind"
    folder.mkdir()
    put(folder)
    assert evaluate_rendered(Suite(falls=1, hours=0, backgrounds=folder), as_json=True) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert small == {}


def test_backgrounds_stand_behind_the_scenes(small, capsys, tmp_path, monkeypatch):
    picture = np.random.default_rng(1).integers(0, 255, (200, 300), np.uint8)
    cv2.imwrite(str(tmp_path / "facade.png"), picture)
    seen = []

    def render(scene):
        seen.append(scene.background)
        return eval_rendered_render(scene)

    eval_rendered_render = eval_rendered.render
    monkeypatch.setattr(eval_rendered, "render", render)
    monkeypatch.setattr(eval_rendered, "tracks_of", lambda *_: [])
    assert evaluate_rendered(Suite(falls=1, hours=0, backgrounds=tmp_path), as_json=True) == 0
    assert (seen[0] == picture).all()
