"""What happens at the doors and pipes behind the screen, as their agents tell it."""

from dataclasses import dataclass

from simulators.processes import HubProcess
from tests.faults.street import Agent, Api, now, until
from wire import Lane, Observation

LOW_MPA = 0.02


@dataclass(frozen=True)
class Post:
    """A hub, its API as its first admin sees it, and where its broker listens."""

    hub: HubProcess
    api: Api
    broker_port: int

    @property
    def login(self) -> tuple[str, str]:
        assert self.hub.login is not None
        return self.hub.login

    @property
    def url(self) -> str:
        return self.hub.url


def force_door(agent: Agent) -> dict:
    """The gate opens with nobody let in; the alert that comes of it."""
    agent.say(agent.observation("opened", signals={"open": True}))
    return alert_of(agent, agent.gate, "door-forced")


def lose_pressure(agent: Agent) -> dict:
    """The sensor reads next to nothing for longer than a ripple; the alert that comes of it."""

    def low() -> list[dict]:
        at = now()
        said = Observation(
            device=agent.sensor,
            kind="water-pressure",
            at=at,
            seen=at,
            signals={"pressure": LOW_MPA},
        )
        agent.say(said, lane=Lane.TELEMETRY)
        return alerts(agent, agent.sensor, "pressure-low")

    return until(low)[0]


def alert_of(agent: Agent, device: str, condition: str) -> dict:
    return until(lambda: alerts(agent, device, condition))[0]


def alerts(agent: Agent, device: str, condition: str) -> list[dict]:
    return agent.api.get("alerts", state="all", device=device, condition=condition)["items"]
