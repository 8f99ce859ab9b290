"""Query parameters that several routes share."""

from typing import Annotated, Final, Literal

from fastapi import Header, Path, Query

from wire.ids import ID_PATTERN

MAX_PAGE: Final = 500
LAST_MOMENT: Final = 253_402_128_000_000
"""9999-12-30, ms: calendars end a day later, wherever one is."""

_ID: Final = ID_PATTERN.replace(r"\Z", "$")

SiteId = Annotated[str, Path(pattern=_ID)]
ThingId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
OptionalId = Annotated[str | None, Query(pattern=_ID)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,64}$",
        description="what the sender calls this one request: sent again, it is done once; "
        "kept 7 days",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[
    str | None, Query(max_length=200, description="`next` of the page before this one")
]
Moment = Annotated[
    int | None, Query(ge=0, le=LAST_MOMENT, description="milliseconds since the epoch")
]
OpenState = Annotated[Literal["open", "closed", "all"], Query()]
