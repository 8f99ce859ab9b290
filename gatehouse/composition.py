"""A whole estate in one process: broker, hub, edge agents and simulated devices."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import simulators
from edge.agent import MEDIA_KEY_FILE, Agent
from edge.config import EdgeConfig
from edge.media.keys import MediaKey, load_or_make_key
from gatehouse.broker import BrokerAccess, embedded_broker
from gatehouse.resources import shipped
from gatehouse.simulation import Simulation
from hub.app import Hub, open_hub
from hub.config import HttpConfig, HubConfig, MediaConfig, MqttConfig, Role, VisionConfig
from simulators.control import Control
from simulators.estate import ELEVATOR_KIND, Elevators, Estate
from simulators.examination import Examination
from simulators.homes import residents_list
from simulators.hubclient import HubClient
from simulators.ledger import Ledger
from simulators.livecount import LiveCount
from simulators.scenario import Scenario, find
from simulators.scenario import load as load_scenario
from simulators.site import Site
from simulators.site import load as load_site
from wire import Clock

_EXAMINER = "examiner"
"""The simulator's own login: it may read the rows that a person need not see."""

EBIKE_MODEL = "ebike-first"
CABINS = Path(simulators.__file__).parent / "scenes" / "cabin"

STEPS = 5
_CONNECT_WITHIN_S = 30.0
_POLL_S = 0.05

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. seed: None takes the scenario's own. speed: simulated per real seconds."""

    scenario: str
    data: Path
    port: int = 0
    seed: int | None = None
    speed: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """An estate that is ready.

    logins: name -> generated password, of the people who may look at the console.
    """

    url: str
    logins: dict[str, str]
    scenario: Scenario
    estate: Estate
    examination: Examination


@asynccontextmanager
async def running_estate(plan: Plan, progress: Progress) -> AsyncIterator[Running]:
    """Start everything in order, each part real, and stop it in the opposite order.

    Raises the ConfigError of the part whose configuration is wrong.
    """
    clock = wall_clock(plan.speed)
    configs = shipped("configs")
    scenario = load_scenario(find(plan.scenario, configs / "scenarios"))
    site_file = configs / "sites" / f"{scenario.site}.toml"
    site = load_site(site_file)
    async with AsyncExitStack() as stack:
        progress("MQTT broker")
        broker = await stack.enter_async_context(embedded_broker(plan.data))
        progress("hub: database, rules, console")
        config = _hub_config(plan, site, site_file, configs, broker)
        simulation = Simulation()
        hub = await stack.enter_async_context(open_hub(config, clock=clock, simulators=simulation))
        logins = await _logins(hub)
        password = await hub.create_user(_EXAMINER, Role.ADMIN, sites=["*"])
        progress("simulated devices")
        ledger = stack.enter_context(Ledger(plan.data / "truth.jsonl", read=time.monotonic))
        estate = await stack.enter_async_context(
            Estate(
                site,
                scenario,
                clock=clock,
                ledger=ledger,
                seed=plan.seed,
                elevators=_elevators(site, configs),
            )
        )
        client = await stack.enter_async_context(
            HubClient(hub.url, name=_EXAMINER, password=password)
        )
        await client.bring_residents(site.id, residents_list(estate.residents, estate.cars))
        examination = await stack.enter_async_context(Examination(client, estate))
        count = LiveCount(client, estate)
        await count.begin()
        progress(f"edge agents: {', '.join(agent.id for agent in site.agent)}")
        group = await stack.enter_async_context(asyncio.TaskGroup())
        agents = await _start_agents(stack, plan, estate, hub, broker, clock)
        for name, agent in agents.items():
            task = group.create_task(agent.run(), name=f"agent {name}")
            stack.callback(task.cancel)
        estate.attach(
            {
                name: f"http://127.0.0.1:{agent.http_port}"
                for name, agent in agents.items()
                if agent.http_port is not None
            }
        )
        progress("waiting until all are connected")
        await _connected(hub, agents)
        simulation.attach(Control(estate, examination, count, configs / "scenarios"))
        yield Running(
            url=hub.url,
            logins=logins,
            scenario=scenario,
            estate=estate,
            examination=examination,
        )


def wall_clock(speed: float = 1.0) -> Clock:
    """Now, going on at `speed`."""
    return Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic(), speed)


def _hub_config(
    plan: Plan, site: Site, site_file: Path, configs: Path, broker: BrokerAccess
) -> HubConfig:
    patrols = configs / "patrols"
    return HubConfig(
        data=plan.data / "hub",
        sites=(site_file,),
        rules=configs / "rules",
        alarms=configs / "alarms",
        cases=configs / "cases",
        org=configs / "org",
        modes=configs / "modes",
        patrols=patrols if patrols.is_dir() else None,
        mqtt=MqttConfig(
            url=broker.url,
            username=broker.username,
            password_file=broker.password_file,
            protocol="3.1.1",
        ),
        http=HttpConfig(port=plan.port),
        vision=VisionConfig(model=EBIKE_MODEL if site.devices(ELEVATOR_KIND) else None),
        models=shipped("models"),
        media=MediaConfig(
            keys={
                f"{site.id}/{agent.id}": _media_key(plan, agent.id).public for agent in site.agent
            }
        ),
    )


def _elevators(site: Site, configs: Path) -> Elevators | None:
    if not site.devices(ELEVATOR_KIND):
        return None
    return Elevators(CABINS, configs / "voice" / "ebike-turn-back.toml")


def _edge_folder(plan: Plan, agent: str) -> Path:
    return plan.data / f"edge-{agent}"


def _media_key(plan: Plan, agent: str) -> MediaKey:
    return load_or_make_key(_edge_folder(plan, agent) / MEDIA_KEY_FILE)


async def _logins(hub: Hub) -> dict[str, str]:
    """Fresh passwords; those of a kept data folder are replaced, since only hashes are kept."""
    return {
        name: await hub.create_user(name, role, sites=["*"])
        for name, role in (
            ("admin", Role.ADMIN),
            ("supervisor", Role.SUPERVISOR),
            ("guard", Role.GUARD),
        )
    }


async def _connected(hub: Hub, agents: dict[str, Agent]) -> None:
    """Return once every part has the broker. Raises TimeoutError after 30 s."""
    async with asyncio.timeout(_CONNECT_WITHIN_S):
        for agent in agents.values():
            await agent.connected.wait()
        while not hub.services.broker_connected():  # noqa: ASYNC110 - its thread tells no event
            await asyncio.sleep(_POLL_S)


async def _start_agents(
    stack: AsyncExitStack, plan: Plan, estate: Estate, hub: Hub, broker: BrokerAccess, clock: Clock
) -> dict[str, Agent]:
    agents: dict[str, Agent] = {}
    for name, drivers in estate.edge_wiring(plan.data).items():
        config = EdgeConfig.model_validate(
            {
                "site": estate.site.id,
                "agent": name,
                "data": _edge_folder(plan, name),
                "hub_key": hub.public_key,
                "mqtt": {
                    "url": broker.url,
                    "username": broker.username,
                    "password_file": broker.password_file,
                },
                "http": {"listen": "127.0.0.1:0"},
                "media": {"hub": hub.url},
                "driver": drivers,
            }
        )
        agents[name] = await stack.enter_async_context(Agent(config, clock))
    return agents
