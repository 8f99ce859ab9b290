"""What looks like a face's or a finger's template: it stays in the device that took it.

The Measures on face recognition (CAC/MPS order 19, art. 8) have faces stored in the device. A hub
that is sent one all the same stores nothing of it and counts it.
"""

import re
from typing import Final

LONGEST: Final = 128
"""Characters: longer than any card, plate or telephone's token, shorter than any template."""

_WORDS: Final = ("template", "embedding", "faceprint", "fingerprint", "face_feature", "face_vector")
_EXACT: Final = frozenset({"feature", "features", "descriptor", "minutiae", "iris", "eigenface"})
_NAMED: Final = re.compile(
    rb'"[a-z_]*(?:template|embedding|faceprint|fingerprint|face_?(?:feature|vector)|descriptor'
    rb'|minutiae)[a-z_0-9]*"\s*:',
    re.IGNORECASE,
)


def is_template(name: str, value: object) -> bool:
    """Whether a signal that no kind knows may be a template: by its name, or by its length."""
    if name in _EXACT or any(word in name for word in _WORDS):
        return True
    return isinstance(value, str) and len(value) > LONGEST


def holds_template(message: bytes) -> bool:
    """Whether the beginning of a message that could not be read names one."""
    return _NAMED.search(message) is not None
