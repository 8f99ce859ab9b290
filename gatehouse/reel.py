"""A folder of pictures as a recording, so that a camera's file driver can play it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gatehouse.footage import FootageError

_ROOT: Final = Path(__file__).parents[1]
_PATIENCE_S: Final = 10.0
_PER_PICTURE_S: Final = 2.0


def make_reel(pictures: Sequence[Path], out: Path, *, fps: float) -> list[FootageError]:
    """Write pictures, in order, `fps` a second, as a Motion JPEG file; what was wrong with some.

    They are decoded in a child process. Raises FootageError when not one can be shown.
    """
    lines = "".join(json.dumps(str(path.absolute())) + "\n" for path in pictures)
    try:
        made = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "gatehouse.reel_child", str(out), str(fps)],
            input=lines.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            timeout=_PATIENCE_S + _PER_PICTURE_S * len(pictures),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FootageError(pictures[0].parent, "its decoder hangs") from None
    said = [json.loads(line) for line in made.stdout.splitlines()]
    if not said or "shown" not in said[-1]:
        raise FootageError(pictures[0].parent, "it ended its decoder")
    if said[-1]["shown"] == 0:
        raise FootageError(pictures[0].parent, "holds no picture that can be shown")
    return [FootageError(Path(one["path"]), one["fault"]) for one in said[:-1]]
