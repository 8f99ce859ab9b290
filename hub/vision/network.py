"""The network at work, on one thread. Runs in the child process only."""

import time
from typing import Any

import onnxruntime  # type: ignore[import-untyped]

from hub.vision.boxes import in_picture, select
from hub.vision.decoding import Grid
from hub.vision.frames import Shot, prepare
from hub.vision.model import ModelSpec
from hub.vision.registry import load as load_decoders


class UnfitError(Exception):
    """The network is not what `model.toml` says; the text says why, in a few words."""


class Network:
    """A loaded model. Raises UnfitError when its shapes are not the decoder's."""

    def __init__(self, spec: ModelSpec, content: bytes) -> None:
        self._spec = spec
        self._decoder = load_decoders()[spec.decoder]
        self._grid = Grid(spec.input.width, spec.input.height, len(spec.labels))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            # from memory: a model without a path of its own can open no file beside it
            self._session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # noqa: BLE001 - onnxruntime's errors share no base
            raise UnfitError(f"cannot be loaded: {_first_line(error)}") from None
        self._check()

    def detect(self, shot: Shot) -> list[dict[str, Any]]:
        """What is seen at or above the suspicion threshold: label, score, box."""
        tensor, placing = prepare(shot, self._spec.input)
        outputs = self._session.run(None, {self._session.get_inputs()[0].name: tensor})
        found = select(
            self._decoder.decode(outputs, self._grid),
            at_least=self._spec.thresholds.suspicion,
            overlap=self._spec.thresholds.overlap,
        )
        return [
            {
                "label": self._spec.labels[label],
                "score": round(min(score, 1.0), 4),
                "box": in_picture(box, placing, shot.size.width, shot.size.height),
            }
            for label, score, box in found
        ]

    def warm(self, shot: Shot) -> float:
        """Run once, so that the first real frame is no slower; ms it took."""
        begin = time.perf_counter()
        self.detect(shot)
        return (time.perf_counter() - begin) * 1000

    def _check(self) -> None:
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or inputs[0].type != "tensor(float)":
            raise UnfitError("must have one input of 32-bit floats")
        _compare("input", inputs[0].shape, (1, 3, self._grid.height, self._grid.width))
        wanted = self._decoder.shapes(self._grid)
        if len(outputs) != len(wanted):
            raise UnfitError(
                f"has {len(outputs)} outputs; decoder {self._spec.decoder!r} reads {len(wanted)}"
            )
        for number, (output, shape) in enumerate(zip(outputs, wanted, strict=True)):
            _compare(f"output {number}", output.shape, shape)


def _compare(what: str, found: list[Any], wanted: tuple[int, ...]) -> None:
    if tuple(found) != wanted:
        shown = " x ".join(str(side) for side in found)
        raise UnfitError(f"{what} is {shown}, not {' x '.join(map(str, wanted))}")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
