"""`[store]` of hub.toml: which database the hub keeps everything in."""

import os
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, Field, model_validator

from hub.config.password import read_password
from hub.config.table import Table

SCHEME: Final = "postgresql+psycopg"
PASSWORD_VARIABLE: Final = "GATEHOUSE_STORE_PASSWORD"  # noqa: S105 - the name of one, not one


def _store_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != SCHEME or not parts.path.strip("/"):
        raise ValueError(f"is not of the form {SCHEME}://user@host:port/database")
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise ValueError(f"must not hold a password; use password_file or {PASSWORD_VARIABLE}")
    return url


class StoreConfig(Table):
    """url: of a PostgreSQL database; without one it is SQLite, in a file of the `data` folder.

    password_file: holds the password alone, mode 0600. Without it the environment variable
        GATEHOUSE_STORE_PASSWORD is taken, then whatever libpq finds by itself (`~/.pgpass`).
    max_gb: what that database may grow to on its server's disk, which the hub cannot see.
    """

    url: Annotated[str, AfterValidator(_store_url)] | None = None
    password_file: Path | None = None
    max_gb: Annotated[float, Field(gt=0, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _of_a_server(self) -> Self:
        if self.max_gb is not None and self.url is None:
            raise ValueError("max_gb is of a PostgreSQL database, so it needs its url")
        return self


def store_password(config: StoreConfig) -> str | None:
    """The password, where one is named. Raises ConfigError for a file that cannot be used."""
    path = config.password_file
    return os.environ.get(PASSWORD_VARIABLE) or None if path is None else read_password(path)
