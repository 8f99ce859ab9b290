"""Looks into an ONNX file without running it: does it name other files?

An ONNX tensor may say that its numbers lie in another file, whose path the model's author chose.
Such a model is refused. Protocol buffers are walked only as far as tensors can hang
(field numbers: onnx.proto3, IR version 13).
"""

from collections.abc import Iterator
from typing import Final

_EXTERNAL: Final = 1
_DATA_LOCATION, _EXTERNAL_DATA = 14, 13
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_TENSOR = "tensor"

_CHILDREN: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: _TENSOR, 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: _TENSOR, 6: "graph", 10: _TENSOR, 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: _TENSOR, 2: _TENSOR},
}
"""Which fields of a message hold messages in which tensors may lie."""

_DEEPEST: Final = 64


class OnnxError(Exception):
    """The file is no ONNX model that may be loaded; the text says why, in a few words."""


def check_self_contained(data: bytes) -> None:
    """Raises OnnxError unless `data` is a protocol buffer with a graph and no external data."""
    if not any(field == 7 for field, _, _ in _fields(memoryview(data))):  # noqa: PLR2004 - graph
        raise OnnxError("is not an ONNX model")
    _walk(memoryview(data), "model", 0)


def _walk(data: memoryview, kind: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise OnnxError("is nested too deeply")
    for field, wire, value in _fields(data):
        if kind == _TENSOR:
            names_file = field == _EXTERNAL_DATA and wire == _BYTES
            if names_file or (field == _DATA_LOCATION and value == _EXTERNAL):
                raise OnnxError("keeps its weights in other files (external data)")
        elif wire == _BYTES and field in _CHILDREN[kind] and isinstance(value, memoryview):
            _walk(value, _CHILDREN[kind][field], depth + 1)


def _fields(data: memoryview) -> Iterator[tuple[int, int, int | memoryview]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            number, at = _varint(data, at)
            yield field, wire, number
            continue
        if wire == _BYTES:
            length, at = _varint(data, at)
        elif wire in (_FIXED64, _FIXED32):
            length = 8 if wire == _FIXED64 else 4
        else:
            raise OnnxError("is not an ONNX model")
        if at + length > len(data):
            raise OnnxError("ends early")
        yield field, wire, data[at : at + length]
        at += length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise OnnxError("ends early")
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a number
            return number, at
    raise OnnxError("is not an ONNX model")
