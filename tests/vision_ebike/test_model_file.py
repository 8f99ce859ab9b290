"""A mistake in a model's folder is one clear line that names file and key."""

import pytest

from hub.errors import ConfigError
from hub.vision.detector import Detector, Limits
from hub.vision.model import find_ebike_model, find_model, load_model
from hub.vision.onnx_file import OnnxError, check_self_contained
from tests.vision_ebike import tiny_onnx
from tests.vision_ebike.tiny_onnx import field, folder, model

ENTRY = field(13, field(1, "location") + field(2, "../../etc/passwd"))


def test_a_good_folder_is_read(tmp_path):
    found = load_model(folder(tmp_path))
    assert found.spec.labels == ("ebike",)
    assert found.network == model()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sha256": f'"{"0" * 64}"'}, ["model.toml: sha256:", "not the pinned file"]),
        ({"sha256": '"abc"'}, ["model.toml: sha256:"]),
        ({"file": '"other.onnx"'}, ["model.toml: file:", "other.onnx", "cannot be read"]),
        ({"file": '"../tiny.onnx"'}, ["model.toml: file:"]),
        ({"card": '"card.md"'}, ["model.toml: card:", "no model without its card"]),
        ({"decoder": '"ssd"'}, ["model.toml: decoder:", "no decoder 'ssd'; known: fastestdet"]),
        ({"labels": "[]"}, ["model.toml: labels:"]),
        ({"width": "30"}, ["model.toml: input.width:"]),
        ({"fit": '"crop"'}, ["model.toml: input.fit:"]),
        ({"std": "[1.0, 0.0, 1.0]"}, ["model.toml: input.std:", "above 0"]),
        ({"suspicion": "0.9"}, ["model.toml: thresholds:", "suspicion must not be above alarm"]),
        ({"alarm": "1.5"}, ["model.toml: thresholds.alarm:"]),
        ({"version": ""}, ["model.toml: version: is missing"]),
    ],
)
def test_a_mistake_is_one_line(tmp_path, changes, said):
    with pytest.raises(ConfigError) as caught:
        load_model(folder(tmp_path, **changes))
    line = str(caught.value)
    assert "\n" not in line
    for part in said:
        assert part in line


def test_a_model_that_knows_no_ebikes_is_none_to_look_for_them_with(tmp_path):
    folder(tmp_path, "general", labels='["person"]')
    with pytest.raises(ConfigError, match=r"general/model\.toml: labels: has no 'ebike'"):
        find_ebike_model("general", tmp_path)


def test_unknown_models_are_told_by_those_there_are(tmp_path):
    folder(tmp_path, "one")
    folder(tmp_path, "two")
    with pytest.raises(ConfigError, match="no model 'three'; there is: one, two"):
        find_model("three", tmp_path)
    assert find_model("two", tmp_path).spec.name == "two"


@pytest.mark.parametrize("extra", [ENTRY, field(14, 1)])
def test_external_data_is_refused(tmp_path, extra):
    with pytest.raises(ConfigError, match="keeps its weights in other files"):
        load_model(folder(tmp_path, content=model(extra)))


def test_external_data_is_found_wherever_tensors_hang():
    tensor = tiny_onnx.tensor("w", (1,), [0.0], ENTRY)
    in_attribute = field(5, field(1, "value") + field(5, tensor))
    in_branch = field(5, field(6, field(1, in_attribute)))
    in_sparse = field(15, field(1, tensor))
    graph = field(7, field(2, "g"))
    hidden = [
        field(7, field(1, in_attribute)),
        field(7, field(1, in_branch)),
        field(7, in_sparse),
        graph + field(25, field(7, in_attribute)),
        graph + field(20, field(1, field(5, tensor))),
    ]
    for content in hidden:
        with pytest.raises(OnnxError, match="external data"):
            check_self_contained(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a model at all", "is not an ONNX model"),
        (b"", "is not an ONNX model"),
        (model()[:200], "ends early"),
        (b"\x80" * 40, "is not an ONNX model"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path, content, said):
    with pytest.raises(ConfigError, match=said):
        load_model(folder(tmp_path, content=content))


def test_a_bottomless_nesting_is_refused():
    content = b""
    for _ in range(200):
        content = field(1, field(5, field(6, content)))
    with pytest.raises(OnnxError, match="nested too deeply"):
        check_self_contained(field(7, content))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"width": "64"}, "input is 1 x 3 x 32 x 32, not 1 x 3 x 32 x 64"),
        ({"labels": '["ebike", "person"]'}, "output 0 is 1 x 6 x 2 x 2, not 1 x 7 x 2 x 2"),
        ({"decoder": '"yolox"'}, "output 0 is 1 x 6 x 2 x 2, not 1 x 21 x 6"),
        ({"decoder": '"picodet"'}, "has 1 outputs; decoder 'picodet' reads 8"),
    ],
)
def test_shapes_that_do_not_suit_the_decoder_stop_the_start(tmp_path, changes, said):
    with pytest.raises(ConfigError) as caught:
        Detector(load_model(folder(tmp_path, **changes)))
    assert said in str(caught.value)
    assert "model.toml: file: tiny.onnx" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_network_that_cannot_run_stops_the_start(tmp_path):
    broken = model().replace(b"ReduceMean", b"ReduceMend")
    with pytest.raises(ConfigError, match=r"tiny\.onnx cannot be loaded"):
        Detector(load_model(folder(tmp_path, content=broken)))


def test_too_little_memory_stops_the_start(tmp_path):
    with pytest.raises(ConfigError, match=r"tiny\.onnx cannot be (run|loaded)"):
        Detector(load_model(folder(tmp_path)), Limits(memory_bytes=50_000_000))
