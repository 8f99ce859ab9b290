"""A JSON document as text: what stands in a JSON column of either database."""

import json
from typing import Final

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def compact(value: object) -> str:
    """The shortest text; raises ValueError for a number that JSON lacks."""
    return _ENCODE(value)
