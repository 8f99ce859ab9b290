"""The residents' listener (随手拍): where it is, whom it lets in, and how much."""

from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from hub.config.table import Table
from wire import Id

CATEGORIES: Final = (
    "stairwell-storage",
    "fire-lane",
    "e-bike-indoors",
    "balcony-objects",
    "elevator-abnormal",
    "manhole-cover",
    "street-lamp",
    "drain-blocked",
    "garbage",
    "illegal-parking",
    "renovation-noise",
    "dog",
    "other",
)
"""What residents may choose from, as long as the configuration names nothing else."""

Count = Annotated[int, Field(ge=1, le=1_000_000)]


class ResidentsConfig(Table):
    """An address of its own; without this table nothing listens.

    public_url: what residents open. proxies: addresses of the proxies in front, the only ones that
    may say from where somebody comes. sites: that may be reported about; empty for all.
    hourly, daily: reports of one address; all_hourly, all_daily: of all together.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8810
    public_url: str | None = None
    plain_http: bool = False
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    sites: tuple[Id, ...] = ()
    categories: Annotated[tuple[Id, ...], Field(min_length=1, max_length=24)] = CATEGORIES
    hourly: Count = 10
    daily: Count = 30
    all_hourly: Count = 200
    all_daily: Count = 1000

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        parts = urlsplit(self.public_url or "")
        if self.public_url is not None and (
            parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")
        ):
            raise ValueError("public_url is not of the form https://name")
        if parts.scheme == "http" and not self.plain_http:
            raise ValueError("public_url must begin with https://, or say plain_http = true")
        return self
