"""Identifiers of sites, agents, devices: `[a-z0-9-]{1,64}`, safe in a topic, path and URL."""

import re
from typing import Annotated

from pydantic import StringConstraints

from wire.errors import WireError

ID_PATTERN = r"^[a-z0-9-]{1,64}\Z"
_ID = re.compile(ID_PATTERN)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$", max_length=64)]


def check_id(value: str) -> str:
    """Return `value` when it is an id. Raises WireError(`bad-id`) otherwise."""
    if not _ID.match(value):
        raise WireError("bad-id", f"{value[:80]!r} is not of the form [a-z0-9-]{{1,64}}")
    return value
