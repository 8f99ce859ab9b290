import json

import av
import pytest

from gatehouse.detect_falling import detect, read_facade
from gatehouse.eval_falling import evaluate
from hub.errors import ConfigError
from simulators.facade import Scene, render


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A rendered fall as a real H.264 or MPEG-4 file, with its truth."""
    folder = tmp_path_factory.mktemp("recording")
    clip = render(Scene(seed=11, rows=480, fps=25, fall="heavy", size_px=10, quality=100))
    with av.open(str(folder / "fall.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
        stream.bit_rate = 6_000_000
        for luma in clip.frames:
            frame = av.VideoFrame.from_ndarray(luma, format="gray").reformat(format="yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (fall,) = clip.falls
    first, last = fall.points[0], fall.points[-1]
    truth = {
        "fps": 25,
        "clips": {
            "fall": {
                "frames": [round(first[0] * 25), round(last[0] * 25)],
                "start": first[1:],
                "end": last[1:],
            }
        },
    }
    (folder / "truth.json").write_text(json.dumps(truth))
    lines = [f"polygon = {json.dumps(clip.site['polygon'])}", "floor_height_m = 2.9"]
    for floor in clip.site["floors"]:
        lines += ["[[floors]]"] + [f"{key} = {json.dumps(value)}" for key, value in floor.items()]
    (folder / "site.toml").write_text("\n".join(lines))
    return folder, fall


def test_an_event_and_a_summary_are_json_lines(recording, capsys):
    folder, fall = recording
    code = detect([folder / "fall.mp4"], folder / "site.toml", as_json=True)
    event, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert code == 0
    assert set(event) == {
        "source",
        "label",
        "score",
        "verdict",
        "start_s",
        "end_s",
        "track",
        "origin",
    }
    assert (event["label"], event["verdict"]) == ("falling_object", "confirmed")
    assert abs(event["origin"]["floor"] - fall.floor) <= 1
    assert len(event["track"][0]) == 3
    assert summary | {"source": ""} == {
        "source": "", "frames": 150, "seconds": 6.0, "fps": 25.0, "events": 1,
    }  # fmt: skip


def test_a_missing_file_is_one_line_and_the_others_are_still_done(recording, capsys, tmp_path):
    folder, _ = recording
    (tmp_path / "bad.mp4").write_bytes(b"nothing of the kind")
    unnameable = tmp_path / f"{'x' * 300}.mp4"
    videos = [unnameable, tmp_path / "gone.mp4", tmp_path / "bad.mp4", folder / "fall.mp4"]
    code = detect(videos, None, as_json=True)
    out, err = capsys.readouterr()
    assert code == 2
    assert [line.split(":")[0].rsplit("/")[-1] for line in err.splitlines()] == [
        unnameable.name,
        "gone.mp4",
        "bad.mp4",
    ]
    event, summary = map(json.loads, out.splitlines())
    assert (event["verdict"], event["origin"]["floor"], summary["events"]) == ("suspected", None, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("polygon = 3", "polygon"),
        ("colour = 1", "colour"),
        ("polygon = [[0, 0], [1, 1]]", "polygon"),
        ("[[floors]]\nnumber = 1\na = [0, 0]\nb = [1, 0]", "floors"),
        ("= broken", "TOML"),
    ],
)
def test_a_mistake_in_a_site_file_is_one_line_that_names_it(tmp_path, capsys, text, named):
    site = tmp_path / "site.toml"
    site.write_text(text)
    with pytest.raises(ConfigError, match=named):
        read_facade(site)
    assert detect([], site, as_json=False) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "site.toml" in line


def test_a_folder_with_truth_is_evaluated(recording, capsys):
    folder, _ = recording
    assert evaluate(folder, as_json=True) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["falls"], row["found"], row["false_alarms"]) == (1, 1, 0)
    assert row["start_error_px"]["max"] < 30


def test_a_clip_that_cannot_be_read_does_not_stop_the_others(recording, tmp_path, capsys):
    folder, _ = recording
    truth = json.loads((folder / "truth.json").read_text())
    one = truth["clips"]["fall"]
    truth["clips"] = {"broken": one, "fall": one, "gone": one}
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    (tmp_path / "fall.mp4").symlink_to(folder / "fall.mp4")
    (tmp_path / "broken.mp4").write_bytes(b"nothing of the kind")
    assert evaluate(tmp_path, as_json=True) == 2
    out, err = capsys.readouterr()
    assert (json.loads(out)["falls"], json.loads(out)["found"]) == (1, 1)
    broken, gone = err.splitlines()
    assert "broken.mp4: cannot be decoded" in broken
    assert f"{tmp_path / 'gone'}: no such file" in gone


def test_a_folder_without_truth_is_one_line(tmp_path, capsys):
    assert evaluate(tmp_path, as_json=True) == 2
    assert evaluate(tmp_path / "gone", as_json=True) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
