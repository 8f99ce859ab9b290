"""A working detector of a few hundred bytes, written as protocol buffers: bright means e-bike.

FastestDet's layout at 32x32: a map of 2x2 cells. Objectness is the picture's mean brightness
(0..1), in the first cell alone; its box terms are fixed.
"""

import hashlib
import struct
from pathlib import Path

SIDE = 32
BOX = (4.0, 0.0, 20.0, 16.0)
"""Where it sees an e-bike, px of its input: centre 12, 8 and half its width and height."""

TERMS = {1: 0.9729551, 2: 0.5493061, 3: 0.0, 4: 0.0}
"""atanh of 12/16 and of 8/16, from the first cell's corner; sigmoid(0) is half the input."""

FLOAT, EXTERNAL = 1, 1


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def tensor(name: str, shape: tuple[int, ...], values: list[float], extra: bytes = b"") -> bytes:
    sizes = b"".join(field(1, side) for side in shape)
    raw = struct.pack(f"<{len(values)}f", *values)
    return sizes + field(2, FLOAT) + field(8, name) + field(9, raw) + extra


def value_info(name: str, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(field(1, field(1, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, sizes)))


def node(kind: str, inputs: list[str], output: str) -> bytes:
    names = b"".join(field(1, name) for name in inputs)
    return names + field(2, output) + field(4, kind)


def model(extra_in_tensor: bytes = b"", *, cells: int = 2, channels: int = 6) -> bytes:
    """The file. extra_in_tensor: fields added to an initializer."""
    count = cells * cells

    def plane(first: float) -> list[float]:
        return [first, *[0.0] * (count - 1)]

    gain = plane(1.0) + [0.0] * ((channels - 1) * count)
    base = plane(0.0)
    for channel in range(1, channels):
        base += plane(TERMS[channel]) if channel in TERMS else [1.0] * count
    shape = (1, channels, cells, cells)
    graph = b"".join(
        [
            field(1, node("ReduceMean", ["picture"], "mean")),
            field(1, node("Mul", ["mean", "gain"], "seen")),
            field(1, node("Add", ["seen", "base"], "map")),
            field(2, "tiny"),
            field(5, tensor("gain", shape, gain, extra_in_tensor)),
            field(5, tensor("base", shape, base)),
            field(11, value_info("picture", (1, 3, SIDE, SIDE))),
            field(12, value_info("map", shape)),
        ]
    )
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


def folder(root: Path, name: str = "tiny", *, content: bytes | None = None, **changes: str) -> Path:
    """A model's folder; `changes` replace lines of its `model.toml` (None leaves them out)."""
    content = model() if content is None else content
    place = root / name
    place.mkdir(parents=True)
    (place / "tiny.onnx").write_bytes(content)
    (place / "README.md").write_text("# A card\n")
    top = {
        "name": f'"{name}"',
        "version": '"1"',
        "file": '"tiny.onnx"',
        "sha256": f'"{hashlib.sha256(content).hexdigest()}"',
        "decoder": '"fastestdet"',
        "labels": '["ebike"]',
        "card": '"README.md"',
    }
    inside = {"width": "32", "height": "32", "fit": '"stretch"', "std": "[255.0, 255.0, 255.0]"}
    limits = {"suspicion": "0.3", "alarm": "0.6"}
    for table in (top, inside, limits):
        table.update({key: changes[key] for key in changes if key in table})
    lines = [f"{key} = {value}" for key, value in top.items() if value]
    lines += ["[input]", *(f"{key} = {value}" for key, value in inside.items())]
    lines += ["[thresholds]", *(f"{key} = {value}" for key, value in limits.items())]
    (place / "model.toml").write_text("\n".join(lines) + "\n")
    return place
