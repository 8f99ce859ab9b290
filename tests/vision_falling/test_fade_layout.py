import json
import shutil

import cv2
import pytest

from gatehouse.eval_falling import evaluate
from simulators.facade import Scene, render

VOC = (
    "<annotation><size><width>{w}</width><height>{h}</height></size><object><bndbox>"
    "<xmin>{0}</xmin><ymin>{1}</ymin><xmax>{2}</xmax><ymax>{3}</ymax></bndbox></object></annotation>"
)


@pytest.fixture
def fade(tmp_path):
    """One rendered fall as FADE lays it out: frames from 1 on, a box in each frame of the fall."""
    clip = render(Scene(seed=11, rows=480, fps=25, fall="heavy", size_px=14, decoys=()))
    pictures, notes = tmp_path / "1" / "JPEGImages", tmp_path / "1" / "Annotations"
    pictures.mkdir(parents=True)
    notes.mkdir()
    for index, luma in enumerate(clip.frames):
        cv2.imwrite(str(pictures / f"frame{index + 1}.jpg"), luma)
    (fall,) = clip.falls
    for at, x, y in fall.points:
        box = [round(v) for v in (x - 9, y - 9, x + 9, y + 9)]
        path = notes / f"frame{round(at * 25) + 1}.xml"
        path.write_text(VOC.format(*box, w=clip.width, h=clip.height))
    return tmp_path


def test_a_fade_folder_gives_f_measure_and_time_range_overlap(fade, capsys):
    assert evaluate(fade, as_json=True) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["set"], row["videos"]) == ("fade", 1)
    assert row["time_range_overlap"] > 0.6
    assert row["f_measure"] > 0.3


@pytest.mark.parametrize("broken", ["Annotations/frame60.xml", "JPEGImages/frame7.jpg"])
def test_a_broken_file_is_named_and_the_other_videos_are_done(fade, capsys, broken):
    shutil.copytree(fade / "1", fade / "2")
    (fade / "1" / broken).unlink(missing_ok=True)
    (fade / "1" / broken).write_text("<not-closed>")
    assert evaluate(fade, as_json=True) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert f"1/{broken}" in line
    assert json.loads(out)["videos"] == 1
