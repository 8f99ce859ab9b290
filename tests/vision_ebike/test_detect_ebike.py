"""`gatehouse detect ebike`, with the tiny model in the place of the shipped ones."""

import json
import os
import sys
from pathlib import Path
from unittest.mock import patch

import cv2
import pytest

from gatehouse import detect_ebike
from gatehouse.cli import main
from hub.errors import ConfigError
from tests.vision_ebike import tiny_onnx
from tests.vision_ebike.conftest import jpeg, paint
from tests.vision_ebike.test_footage import film


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A folder of models in the place of the shipped one."""
    root = tmp_path / "models"
    tiny_onnx.folder(root)
    tiny_onnx.folder(root, "people", labels='["person"]')
    monkeypatch.setattr(detect_ebike, "shipped", {"models": root}.__getitem__)
    return root


@pytest.fixture
def footage(tmp_path, bright, dark):
    place = tmp_path / "footage"
    place.mkdir()
    (place / "a.jpg").write_bytes(bright)
    (place / "b.png").write_bytes(cv2.imencode(".png", paint(64, 64, 10))[1].tobytes())
    film(place / "c.mp4", [10, 250])
    return place


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_object_per_picture_and_frame(models, footage, capsys):
    assert detect_ebike.run([footage], as_json=True, model="tiny") == 0
    out, err = capsys.readouterr()
    assert err == ""
    said = lines(out)
    names = [str(footage / name) for name in ("a.jpg", "b.png", "c.mp4", "c.mp4")]
    assert [(s["source"], s["frame"]) for s in said] == list(zip(names, [0, 0, 0, 1], strict=True))
    for one in said:
        assert list(one) == ["source", "frame", "detections", "ms"]
        assert one["ms"] > 0
    assert [len(s["detections"]) for s in said] == [1, 0, 0, 1]
    (found,) = said[0]["detections"]
    assert list(found) == ["label", "score", "box"]
    assert found["label"] == "ebike"
    assert found["box"] == pytest.approx([40, 0, 200, 80], abs=0.2)


def test_only_what_reaches_the_alarm_threshold_is_said(models, tmp_path, capsys):
    # brightness 0.35 makes a score of 0.53: above suspicion 0.3, below alarm 0.6
    (tmp_path / "x.jpg").write_bytes(jpeg(paint(64, 64, 90)))
    assert detect_ebike.run([tmp_path / "x.jpg"], as_json=True, model="tiny") == 0
    assert lines(capsys.readouterr().out)[0]["detections"] == []


def test_a_bad_file_is_one_line_and_the_others_are_done(models, footage, bright, capsys):
    (footage / "cut.jpg").write_bytes(bright[:-50])
    (footage / "noise.mp4").write_bytes(b"no video at all" * 50)
    (footage / "z.jpg").write_bytes(bright)
    assert detect_ebike.run([footage, footage / "gone.jpg"], as_json=True, model="tiny") == 2
    out, err = capsys.readouterr()
    assert [s["source"].rsplit("/", 1)[1] for s in lines(out)] == [
        "a.jpg",
        "b.png",
        "c.mp4",
        "c.mp4",
        "z.jpg",
    ]
    complaints = err.splitlines()
    assert len(complaints) == 3
    for name, said in (
        ("gone.jpg", "no such file"),
        ("cut.jpg", "truncated"),
        ("noise.mp4", "cannot be read as a video"),
    ):
        assert sum(name in line and said in line for line in complaints) == 1


def test_a_file_that_may_not_be_read_does_not_stop_the_others(
    models, tmp_path, bright, monkeypatch, capsys
):
    monkeypatch.setattr("os.access", lambda *_, **__: False)  # as it is for others than root
    (tmp_path / "z.jpg").write_bytes(bright)
    too_long = tmp_path / f"{'x' * 300}.jpg"
    assert command("detect", "ebike", "--json", "--model", "tiny", too_long, tmp_path) == 2
    out, err = capsys.readouterr()
    assert [s["source"] for s in lines(out)] == [str(tmp_path / "z.jpg")]
    assert err == f"gatehouse: {too_long}: File name too long\n"


def test_a_name_that_is_not_utf8_is_written_as_json(models, tmp_path, bright, capsys):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb5\xe7\xcc\xdd.jpg"))  # GBK
    path.write_bytes(bright)
    assert command("detect", "ebike", "--json", "--model", "tiny", path) == 0
    out = capsys.readouterr().out
    assert out.encode()
    assert lines(out)[0]["source"] == str(path)


def command(*words: object) -> int:
    """The exit code of a command line."""
    with (
        patch.object(sys, "argv", ["gatehouse", *map(str, words)]),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return ended.value.code


def test_people_read_words(models, footage, capsys):
    assert detect_ebike.run([footage], model="tiny") == 0
    first, second, third, last = capsys.readouterr().out.splitlines()
    assert first == f"{footage / 'a.jpg'}: ebike 0.96 at (40, 0, 200, 80)"
    assert second == f"{footage / 'b.png'}: no e-bike"
    assert third == f"{footage / 'c.mp4'} frame 0: no e-bike"
    assert last.startswith(f"{footage / 'c.mp4'} frame 1: ebike 0.9")


def test_a_model_that_knows_no_ebikes_is_refused(models, footage):
    with pytest.raises(ConfigError, match=r"labels: has no 'ebike'"):
        detect_ebike.run([footage], model="people")
