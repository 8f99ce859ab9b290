"""Thresholds, ONNX, model.toml: `python -m training.ebike.export RENDERS WEIGHTS.pt models/NAME`.

Thresholds are quantiles of the scores of validation pictures without an e-bike: five in a hundred
pass the alarm, fifteen the suspicion. Smaller shares would rest on one or two pictures; a session
asks for several frames anyway.
"""

import argparse
import hashlib
import warnings
from pathlib import Path

import numpy as np
import torch

from training.ebike.network import Detector, Exported
from training.ebike.pictures import SIDE, read
from training.ebike.train import scores

FALSE_ALARMS = {"suspicion": 0.15, "alarm": 0.05}
OBJECT_POWER = 0.6
"""The decoder's score is objectness to this power."""

OPSET = 17


def main() -> None:
    """Write the model's folder, but for its card."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("renders", type=Path)
    ask.add_argument("weights", type=Path)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--version", default="1")
    given = ask.parse_args()
    network = Detector()
    network.load_state_dict(torch.load(given.weights, weights_only=True))
    network.eval()
    given.folder.mkdir(parents=True, exist_ok=True)
    name = given.folder.name
    file = given.folder / f"{name}.onnx"
    _write_onnx(network, file)
    bars = thresholds(network, given.renders)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (given.folder / "model.toml").write_text(_toml(name, given.version, digest, bars))
    print(name, bars, digest)


def thresholds(network: Detector, renders: Path) -> dict[str, float]:
    """Scores that the given shares of harmless validation pictures exceed."""
    val = read(renders, "val")
    best, _ = scores(network, [s for s in val if s.box is None])
    marks = best**OBJECT_POWER
    return {name: round(float(np.quantile(marks, 1 - s)), 3) for name, s in FALSE_ALARMS.items()}


def _write_onnx(network: Detector, file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the tracing exporter needs no more
        torch.onnx.export(
            Exported(network).eval(),
            (torch.zeros(1, 3, SIDE, SIDE),),
            str(file),
            input_names=["picture"],
            output_names=["map"],
            opset_version=OPSET,
            dynamo=False,
        )


def _toml(name: str, version: str, digest: str, bars: dict[str, float]) -> str:
    shares = ", ".join(f"{name} {share:.0%}" for name, share in FALSE_ALARMS.items())
    return f"""name = "{name}"
version = "{version}"
file = "{name}.onnx"
sha256 = "{digest}"
decoder = "fastestdet"
labels = ["ebike"]
card = "README.md"

[input]
width = {SIDE}
height = {SIDE}
fit = "stretch"
colour = "bgr"
std = [255.0, 255.0, 255.0]

[thresholds] # passed by harmless pictures of the rendered validation cabins: {shares}
suspicion = {bars["suspicion"]}
alarm = {bars["alarm"]}
overlap = 0.45
"""


if __name__ == "__main__":
    main()
