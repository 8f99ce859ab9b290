"""What a camera's table in edge.toml may say, and what an agent loads for it."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from edge.drivers.elevator_camera import ElevatorCameraSettings
from edge.drivers.facade_camera import FacadeCameraSettings


def test_a_file_is_named_relative_to_the_configuration_and_an_address_is_not(tmp_path):
    settings = ElevatorCameraSettings.model_validate(
        {"device": [{"id": "a", "url": "clips/a.mp4"}, {"id": "b", "url": "rtsp://10.0.0.2/1"}]}
    ).with_paths_below(tmp_path)
    urls = [one.url.get_secret_value() for one in settings.device]
    assert urls == [str(tmp_path / "clips/a.mp4"), "rtsp://10.0.0.2/1"]


@pytest.mark.parametrize(
    "device",
    [
        {"id": "a", "url": "concat:/etc/passwd|x"},
        {"id": "a", "url": "ftp://10.0.0.2/1"},
        {"id": "a", "url": "x.mp4", "mask": [[[0, 0], [1, 1]]]},
        {"id": "a", "url": "x.mp4", "mask": [[[0, 0], [1, 1], [2, 0]]]},
        {"id": "a", "url": "x.mp4", "fps": 5},
    ],
)
def test_what_makes_no_sense_is_refused(device):
    with pytest.raises(ValidationError):
        FacadeCameraSettings.model_validate({"device": [device]})


def test_a_facade_camera_may_not_record_without_a_mask_over_the_windows():
    bare = {"id": "a", "url": "rtsp://10.0.0.2/1"}
    with pytest.raises(ValidationError, match="needs a mask over the windows"):
        FacadeCameraSettings.model_validate({"device": [bare]})
    for allowed in ({"record": False}, {"mask": []}, {"mask": [[[0, 0], [1, 0], [1, 1]]]}):
        FacadeCameraSettings.model_validate({"device": [bare | allowed]})


def test_a_login_in_an_address_is_not_shown():
    settings = ElevatorCameraSettings.model_validate(
        {"device": [{"id": "a", "url": "rtsp://viewer:opensesame@10.0.0.2/1"}]}
    )
    assert "opensesame" not in repr(settings)
    assert "opensesame" not in settings.model_dump_json()


def test_an_agent_never_loads_a_decoder_itself():
    code = (
        "import sys, edge.agent, edge.app, edge.config;"
        "print([name for name in ('av', 'cv2', 'numpy', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
