"""What a thing leaves behind where it was.

The background takes on a share of what passes, at few pictures a second enough of it to be seen
when it has gone: a blob where the thing was a picture or two ago, and so a second track that
follows the first. For large things that drift it is half of what shows that they move, so it is
left in the picture, and belongs to the track that left it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import Blobs
from edge.vision.falling.chain import Chain

BACK: Final = 3
"""Pictures: the lag of the differences at 30 a second."""
NEAR: Final = 0.004
"""Heights between an echo and where the thing was, of one of a few pixels ..."""
SHARE: Final = 0.3
"""... and of a large one, this share of its size."""


def echoes(chain: Chain, blobs: Blobs) -> NDArray[np.bool_]:
    """Which blobs are where the chain was before it took its newest one."""
    found = np.zeros(len(blobs), np.bool_)
    for seen in chain.seen[-1 - BACK : -1]:
        near = max(NEAR, SHARE * max(seen.width, seen.height))
        found |= np.hypot(blobs.x - seen.x, blobs.y - seen.y) < near
    return found
