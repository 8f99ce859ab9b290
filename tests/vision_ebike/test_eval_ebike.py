"""`gatehouse eval ebike`: counts against a truth that the test wrote."""

import json

import pytest

from gatehouse import detect_ebike, eval_ebike
from gatehouse.eval_ebike import share
from tests.vision_ebike import tiny_onnx
from tests.vision_ebike.conftest import jpeg, paint

IN_PLACE = "ebike 0.125 0.0 0.625 0.5\n"  # where the tiny model's box is
ELSEWHERE = "# read by hand\nperson 0.1 0.1 0.2 0.9\nebike 0.7 0.6 1.0 1.0\n"


@pytest.fixture
def models(tmp_path, monkeypatch):
    root = tmp_path / "models"
    tiny_onnx.folder(root)
    monkeypatch.setattr(detect_ebike, "shipped", {"models": root}.__getitem__)


@pytest.fixture
def pictures(tmp_path):
    place = tmp_path / "pictures"
    place.mkdir()
    for name, level, truth in (
        ("found", 240, IN_PLACE),
        ("misplaced", 240, ELSEWHERE),
        ("missed", 5, IN_PLACE),
        ("suspected", 90, IN_PLACE),
        ("quiet", 5, ""),
        ("false", 240, ""),
        ("nobody-knows", 240, None),
    ):
        (place / f"{name}.jpg").write_bytes(jpeg(paint(64, 64, level)))
        if truth is not None:
            (place / f"{name}.txt").write_text(truth)
    return place


def counts(report: dict) -> dict:
    return {key: (value["part"], value["of"]) for key, value in report.items()}


def test_each_kind_is_counted(models, pictures, capsys):
    assert eval_ebike.run(pictures, as_json=True, model="tiny") == 0
    report = json.loads(capsys.readouterr().out)
    (folder,) = report["folders"].values()
    assert counts(folder["alarm"]) == {
        "recall": (2, 4),
        "recall_in_place": (1, 4),
        "false_alarms": (1, 2),
        "unlabelled_alarms": (1, 1),
    }
    assert counts(folder["suspicion"])["recall"] == (3, 4)
    # with .96 .96 0 .53 against 0 .96: four wins, two ties at the top, one at the bottom, of eight
    assert folder["auc"] == pytest.approx((3 + 0.5 * 3) / 8, abs=0.001)
    assert report["thresholds"] == {"suspicion": 0.3, "alarm": 0.6}
    assert report["ms"]["median"] > 0


def test_people_read_words(models, pictures, capsys):
    assert eval_ebike.run(pictures, model="tiny") == 0
    out = capsys.readouterr().out
    assert "recall            2/4 = 0.500 [0.150, 0.850]" in out


def test_a_truth_that_cannot_be_read_is_told(models, pictures, capsys):
    (pictures / "found.txt").write_text("ebike 0.1 0.2 0.3\n")
    assert eval_ebike.run(pictures, as_json=True, model="tiny") == 2
    out, err = capsys.readouterr()
    assert "found.txt: line 1 is not" in err
    (folder,) = json.loads(out)["folders"].values()
    assert folder["alarm"]["recall"]["of"] == 3


def test_a_truth_in_another_encoding_is_told_and_the_others_are_counted(models, pictures, capsys):
    (pictures / "found.txt").write_bytes("# 电梯\n".encode("gbk"))
    assert eval_ebike.run(pictures, as_json=True, model="tiny") == 2
    out, err = capsys.readouterr()
    assert err == f"gatehouse: {pictures / 'found.txt'}: is not UTF-8\n"
    (folder,) = json.loads(out)["folders"].values()
    assert folder["alarm"]["recall"]["of"] == 3


@pytest.mark.parametrize(
    ("part", "whole", "interval"),
    [
        (0, 10, [0.0, 0.278]),
        (10, 10, [0.722, 1.0]),
        (5, 10, [0.237, 0.763]),
        (50, 100, [0.404, 0.596]),
    ],
)
def test_wilsons_interval(part, whole, interval):
    assert share(part, whole)["interval"] == interval
