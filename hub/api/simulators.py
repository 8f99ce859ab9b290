"""The port of a simulator: whoever runs devices beside the hub in one process hands it in.

A hub that runs by itself has none, and answers every request about one with 404.
"""

from collections.abc import Mapping
from typing import Protocol

from hub.api.models.simulator import Injected, Scorecard, Simulator, Value
from hub.errors import NotFoundError


class SimulatorPort(Protocol):
    """The simulator of one site, called in the hub's own event loop."""

    def card(self) -> Simulator:
        """The run, and what can be made to happen."""
        ...

    async def scorecard(self) -> Scorecard:
        """How the hub does. Raises UnavailableError."""
        ...

    def start(self, scenario: str) -> None:
        """Play a scenario. Raises BadRequestError."""
        ...

    def inject(self, event: str, device: str, options: Mapping[str, Value], *, by: str) -> Injected:
        """Have something happen. Raises BadRequestError."""
        ...


class Simulators(Protocol):
    """What simulators run now."""

    def of(self, site: str) -> SimulatorPort | None:
        """The simulator of a site, where one runs."""
        ...


def running(simulators: Simulators | None, site: str) -> SimulatorPort:
    """The simulator of a site. Raises NoSimulatorError."""
    found = None if simulators is None else simulators.of(site)
    if found is None:
        raise NoSimulatorError(site)
    return found


class NoSimulatorError(NotFoundError):
    """The devices of this site are real, as far as the hub knows."""

    code = "no-simulator"

    def __init__(self, site: str) -> None:
        super().__init__("simulator", site)
