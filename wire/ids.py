"""Identifiers of sites, agents, devices: `[a-z0-9-]{1,64}`, safe in a topic, path and URL."""

import re
from functools import lru_cache
from typing import Annotated, Final

from pydantic import StringConstraints

from wire.errors import WireError

ID_PATTERN = r"^[a-z0-9-]{1,64}\Z"
_ID = re.compile(ID_PATTERN)
_REMEMBERED: Final = 4096

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$", max_length=64)]


@lru_cache(_REMEMBERED)
def is_id(value: str) -> bool:
    """Whether it is one; the same few are asked for again and again."""
    return _ID.match(value) is not None


def check_id(value: str) -> str:
    """Return `value` when it is an id. Raises WireError(`bad-id`) otherwise."""
    if not is_id(value):
        raise WireError("bad-id", f"{value[:80]!r} is not of the form [a-z0-9-]{{1,64}}")
    return value
