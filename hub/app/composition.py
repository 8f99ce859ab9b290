"""Puts the hub together, in order, and takes it apart in the opposite order."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import structlog

from hub.api.application import build_application
from hub.api.services import Services
from hub.api.simulators import Simulators
from hub.app.broker_door import closed_broker
from hub.app.calling import calling
from hub.app.calling_back import calling_back
from hub.app.certifying import certifying
from hub.app.estate import is_loopback, read_estate
from hub.app.line import open_line
from hub.app.listening import listening
from hub.app.outside import open_outside
from hub.app.reporting import telling
from hub.app.residents import hearing_residents
from hub.app.seeing import seeing
from hub.app.server import listen, serve
from hub.config import HubConfig, Role
from hub.store.rekeying.files import keys_held
from hub.store.secrets import load_secrets
from wire import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hub:
    """A running hub.

    url: where this machine reaches it. residents_port: of their listener, where there is one.
    public_key: 64 hex digits, as agents pin it.
    initial_admin: the password drawn for the first admin, when there was no account yet.
    """

    url: str
    port: int
    residents_port: int | None
    boot: str
    public_key: str
    initial_admin: str | None
    services: Services

    async def create_user(
        self, name: str, role: Role, sites: Iterable[str], *, password: str | None = None
    ) -> str:
        """Make an account, or make one that exists over; its password, drawn unless given.

        sites: ids, or `*` for all. Raises BadRequestError.
        """
        made = await self.services.staff.set_user(name, role, frozenset(sites), password=password)
        return password or made.password or ""


@asynccontextmanager
async def open_hub(
    config: HubConfig, *, clock: Clock | None = None, simulators: Simulators | None = None
) -> AsyncIterator[Hub]:
    """Run a hub while the context lasts; all that it reads stands in `config`.

    simulators: those that run in the same process, for people to play with; a hub that guards
    anything real has none.

    A broker that is away does not stop it: the console works, and the hub goes on trying.
    Raises ConfigError, WeakSecretError, and the errors of `open_store`.
    """
    time_here = wall_clock() if clock is None else clock
    boot = secrets.token_hex(8)
    estate = await asyncio.to_thread(read_estate, config)
    folder = config.data / "secrets"
    with keys_held(folder, alone=False), one_error(), listen(config) as listener:
        keys = await asyncio.to_thread(load_secrets, folder)
        async with AsyncExitStack() as stack:
            line = await stack.enter_async_context(open_line(config, estate, keys, time_here))
            await stack.enter_async_context(closed_broker(estate.link, config.source))
            outside = await stack.enter_async_context(open_outside(estate, line, keys, boot))
            await stack.enter_async_context(seeing(config, line))
            await stack.enter_async_context(
                certifying(line.pipeline, line.enrolment, line.clock.now)
            )
            services = line.services(
                version=installed_version(),
                boot=boot,
                secure=estate.secure,
                send=outside.commands.send,
                broker_connected=lambda: outside.connected,
                intake=outside.ingest.health,
                live=outside.live,
                guard=estate.guard,
                agent_keys=config.media.keys,
                simulators=simulators,
            )
            await services.logins.hashing.prepare()
            initial_admin = await services.staff.first_admin()
            app = build_application(services, hosts=estate.hosts)
            await stack.enter_async_context(
                serve(
                    app,
                    listener,
                    proxies=() if config.http.public_url is None else ("127.0.0.1",),
                    stopping=services.logins.ended.announce_all,
                )
            )
            port = int(listener.getsockname()[1])
            url = _local_url(config.http.host, port)
            await stack.enter_async_context(
                calling(line, estate.channels, config.http.public_url, estate.guard)
            )
            await stack.enter_async_context(
                listening(line.pipeline, lambda: outside.connected, line.clock.now)
            )
            await stack.enter_async_context(calling_back(line, estate.guard))
            await stack.enter_async_context(telling(line.bulletins))
            await stack.enter_async_context(services.export_maker.running())
            hearing = hearing_residents(config, estate, line)
            residents_port = await stack.enter_async_context(hearing)
            log.info("hub.ready", port=port, sites=sorted(site.id for site in estate.sites))
            yield Hub(
                url=url,
                port=port,
                residents_port=residents_port,
                boot=boot,
                public_key=outside.public_key,
                initial_admin=initial_admin,
                services=services,
            )
            log.info("hub.stopping")


@contextmanager
def one_error() -> Iterator[None]:
    """An error that came alone leaves as itself, not wrapped once per task group on its way."""
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        raise error from None


def wall_clock() -> Clock:
    """The time of this machine when the hub started, going on by its monotonic clock."""
    return Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())


def installed_version() -> str:
    """The version of the installed package; `0.0.0` in a checkout that was not installed."""
    try:
        return version("gatehouse")
    except PackageNotFoundError:
        return "0.0.0"


def _local_url(host: str, port: int) -> str:
    name = host if is_loopback(host) else "127.0.0.1"
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
