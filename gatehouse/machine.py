"""`gatehouse machine`: credentials of other systems, for whoever sits at the server."""

import asyncio
import getpass
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub.access.machines import ALL_USES
from hub.access.roles import ALL_SITES, Actor
from hub.api.desk import Desk
from hub.api.machines import Machines
from hub.api.models.report import NewMachine
from hub.app.guarding import guard_of
from hub.config import Role, load_hub, load_site
from hub.errors import BadRequestError, ConfigError, NotFoundError
from hub.pipeline import Writer
from hub.store import open_store
from hub.store.address import database_of
from hub.store.people.machines import Machine
from hub.store.seal import Seal
from hub.store.secrets import load_secrets
from hub.store.upgrade import is_current

T = TypeVar("T")

OVERLAP_H: Final = 24


def add(
    config: Path, name: str, sites: Sequence[str], per_minute: int, days: int, uses: Sequence[str]
) -> int:
    """Make a credential and print it, once, on the standard output stream; the exit status."""
    try:
        asked = NewMachine.model_validate(
            {
                "name": name,
                "sites": list(sites) or [ALL_SITES],
                "per_minute": per_minute,
                "days": days,
                "uses": list(uses) or sorted(ALL_USES),
            }
        )
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        return _mistake(f"{first['loc'][0]}: {first['msg']}")

    def work(machines: Machines) -> Awaitable[str | None]:
        return _made(machines, asked)

    with _refused() as refused:
        credential = _done(config, work)
        print(credential)
        print("Shown this once; the hub keeps only a hash of it.", file=sys.stderr)
    return refused.status


def show(config: Path, *, as_json: bool) -> int:
    """Print those that there are, the newest first, without any secret; the exit status."""
    with _refused() as refused:
        for one in _done(config, lambda machines: machines.all(_actor())):
            print(json.dumps(_described(one), ensure_ascii=False) if as_json else _line(one))
    return refused.status


def renew(config: Path, name: str, days: int) -> int:
    """Draw a new secret that is good for so many days, and print it, once; the exit status."""

    async def work(machines: Machines) -> str | None:
        return (await machines.rotate(name, OVERLAP_H, by=_actor(), days=days)).credential

    with _refused() as refused:
        print(_done(config, work))
        print(f"Shown this once; the one before opens {OVERLAP_H} hours yet.", file=sys.stderr)
    return refused.status


def revoke(config: Path, name: str) -> int:
    """Let one in no more, at once and for good; the exit status."""
    with _refused() as refused:
        ended = _done(config, lambda machines: machines.end(name, by=_actor())).machine
        print(f"{ended.id} {ended.name}: ended")
    return refused.status


async def _made(machines: Machines, asked: NewMachine) -> str | None:
    sites = frozenset(asked.sites)
    made = await machines.make(
        asked.name,
        sites,
        asked.per_minute,
        by=_actor(),
        uses=frozenset(asked.uses),
        days=asked.days,
    )
    return made.credential


def _actor() -> Actor:
    """On record as whoever it is on this machine; no account's name holds a colon."""
    return Actor(f"shell:{getpass.getuser()}"[:64], Role.ADMIN, frozenset({ALL_SITES}))


def _done(path: Path, work: Callable[[Machines], Awaitable[T]]) -> T:
    """Do it in the hub's own database, beside the hub, running or not. Raises ConfigError."""
    log_to_stderr()
    config = load_hub(path, shipped=shipped("configs"))
    where = database_of(config)
    if not is_current(where):
        problem = "holds no database of this version; start the hub once"
        raise ConfigError(config.source, "data", problem)
    store = open_store(where, alone=False)
    try:
        with Writer(store.writer) as writer:
            machines = Machines(
                Desk(store.reader, writer),
                frozenset(load_site(one).id for one in config.site_files),
                _now,
                Seal(load_secrets(config.data / "secrets")).seal,
                guard_of(config, where),
            )

            async def running() -> T:
                return await work(machines)

            return asyncio.run(running())
    finally:
        store.close()


class _Refused:
    status = 0


@contextmanager
def _refused() -> Iterator[_Refused]:
    """What the hub refuses is one line, and exit status 2."""
    found = _Refused()
    try:
        yield found
    except (BadRequestError, NotFoundError) as error:
        found.status = _mistake(str(error))


def _mistake(words: str) -> int:
    print(f"gatehouse: {words}", file=sys.stderr)
    return 2


def _described(one: Machine) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "sites": sorted(one.sites),
        "per_minute": one.per_minute,
        "created_at": one.created_at,
        "created_by": one.created_by,
        "ended_at": one.ended_at,
        "uses": sorted(one.uses),
        "until": one.until,
    }


def _line(one: Machine) -> str:
    made, until = _day(one.created_at), "no end    " if one.until is None else _day(one.until)
    state = "ended" if one.ended_at is not None else f"{one.per_minute}/min"
    if one.ended_at is None and one.until is not None and one.until <= _now():
        state = "expired"
    uses, sites = "+".join(sorted(one.uses)), ",".join(sorted(one.sites))
    return f"{one.id}  {made} to {until}  {state:<9} {uses:<11} {sites:<12} {one.name}"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")


def _now() -> int:
    return time.time_ns() // 1_000_000
