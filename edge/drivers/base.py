"""What a driver is made of, and what the agent hands it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from edge.station import Station
from wire import Command, Id


class DeviceSettings(BaseModel):
    """One device in a `[[driver]]` table; drivers add what they need to reach it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id


class DriverSettings(BaseModel):
    """One `[[driver]]` table; drivers add a literal `type` and their devices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    device: Sequence[DeviceSettings]

    def with_paths_below(self, folder: Path) -> "DriverSettings":
        """The same settings, with relative paths taken from the configuration file's folder."""
        _ = folder
        return self


class Driver(Protocol):
    """A running driver."""

    async def run(self) -> None:
        """Serve the devices until cancelled. A device's failure is no reason to return."""
        ...

    async def execute(self, device: str, action: str, *, command: str, lease_s: float) -> None:
        """Have one device do something. Raises DeviceError when it does not."""
        ...


@runtime_checkable
class TakesRequests(Protocol):
    """A driver whose devices the hub itself asks for something (`ActionSpec.by_hub`)."""

    async def request(self, command: Command) -> None:
        """Do what is asked. Raises DeviceError; the hub sees by what comes, or does not."""
        ...


@dataclass(frozen=True, slots=True)
class DriverType:
    """A plug-in.

    kind: id of the device kind that the driver's devices are of.
    open: makes the driver; the context manager's end frees what it holds.
    pushes: its devices push to the agent, which then needs `[http] listen`.
    """

    id: str
    kind: str
    settings: type[DriverSettings]
    open: Callable[[Any, Station], AbstractAsyncContextManager[Driver]]
    pushes: bool = False


Drivers = Mapping[str, DriverType]
