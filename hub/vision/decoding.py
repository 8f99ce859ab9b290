"""What a decoder is: it turns a network's tensors into boxes and scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """What a decoder knows of the network: input size in px, number of classes."""

    width: int
    height: int
    classes: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes before suppression.

    boxes: (n, 4) x0 y0 x1 y1 in px of the input. scores: (n, classes), 0..1.
    """

    boxes: Array
    scores: Array


@dataclass(frozen=True, slots=True)
class Decoder:
    """A head's arithmetic. One module per decoder, in `hub/vision/decoders`.

    shapes: the output shapes that a network must have, in order.
    decode: outputs in that order, and the grid, to candidates.
    """

    id: str
    shapes: Callable[[Grid], tuple[Shape, ...]]
    decode: Callable[[Sequence[Array], Grid], Candidates]


def centres(grid: Grid, stride: int, offset: float) -> Array:
    """The (n, 2) x, y of a level's cells in px, row by row.

    offset: 0 for a cell's corner, 0.5 for its middle.
    """
    across, down = grid.width // stride, grid.height // stride
    y, x = np.mgrid[0:down, 0:across]
    return ((np.stack([x.ravel(), y.ravel()], 1) + offset) * stride).astype(np.float32)


def cells(grid: Grid, stride: int) -> int:
    """How many cells a level has."""
    return (grid.width // stride) * (grid.height // stride)


def around(middles: Array, sizes: Array) -> Array:
    """Boxes from centres (n, 2) and sizes (n, 2)."""
    return np.concatenate([middles - sizes / 2, middles + sizes / 2], 1)


def from_distances(points: Array, bins: Array, stride: int) -> Array:
    """Boxes from points (n, 2), px, and logits (n, 4, bins) of distances in strides.

    Generalised focal loss (Li et al. 2020): the expected distance under a softmax over whole
    strides, to the left, top, right and bottom.
    """
    shifted = np.exp(bins - bins.max(axis=2, keepdims=True))
    share = shifted / shifted.sum(axis=2, keepdims=True)
    reach = (share @ np.arange(bins.shape[2], dtype=np.float32)) * np.float32(stride)
    return np.concatenate([points - reach[:, :2], points + reach[:, 2:]], 1)
