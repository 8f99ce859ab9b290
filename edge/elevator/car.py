"""One elevator car: what the hub may have it do, and what it reports."""

import asyncio

from edge.board import DeviceBoard
from edge.elevator.contacts import Contacts, Told
from edge.elevator.speaker import Speaker
from edge.errors import DeviceError
from edge.recorder import Recorder
from edge.schedule import every
from wire import Clock, Observation, SignalValue
from wire.elevator import DOOR_OPEN, FLOOR, HELD, MOVING

REPORT_S = 30.0
"""Between reports while nothing changes."""


class Car:
    """contacts, speaker: each where the car has one. kind: of its device."""

    def __init__(
        self,
        device: str,
        kind: str,
        *,
        clock: Clock,
        recorder: Recorder,
        board: DeviceBoard,
        contacts: Contacts | None,
        speaker: Speaker | None,
    ) -> None:
        self._device = device
        self._kind = kind
        self._clock = clock
        self._recorder = recorder
        self._board = board
        self._contacts = contacts
        self._speaker = speaker
        self._told: Told | None = None
        self._report_due = 0.0

    async def let_go(self) -> None:
        """Have the coil off, if it can be reached: before anything else, and after."""
        if self._contacts is None:
            return
        try:
            await self._contacts.release()
        except DeviceError as error:
            self._board.failed(self._device, str(error))

    async def run(self) -> None:
        """Watch the contacts until cancelled."""
        if self._contacts is None:
            await asyncio.Event().wait()
            return
        async for _ in every(self._contacts.poll_s, self._clock):
            try:
                told = await self._contacts.look()
            except DeviceError as error:
                self._board.failed(self._device, f"contacts: {error}")
                continue
            await self._report(told)

    async def execute(self, action: str, *, command: str) -> None:
        """Hold, let go or speak. Raises DeviceError."""
        if action == "play-voice" and self._speaker is not None:
            await self._speaker.play(command)
        elif action == "hold" and self._contacts is not None:
            await self._contacts.hold()
        elif action == "release" and self._contacts is not None:
            await self._contacts.release()
        else:
            raise DeviceError(f"{self._device} has nothing that can {action}")

    async def _report(self, told: Told) -> None:
        """Tell the hub at once what has changed, and every now and then that nothing has."""
        now_s = self._clock.monotonic()
        if told == self._told and now_s < self._report_due:
            return
        self._told, self._report_due = told, now_s + REPORT_S
        named = {
            HELD: told.held,
            DOOR_OPEN: told.door_open,
            MOVING: told.moving,
            FLOOR: told.floor,
            "fire": told.fire,
        }
        signals: dict[str, SignalValue] = {
            name: value for name, value in named.items() if value is not None
        }
        now = self._clock.now()
        said = Observation(device=self._device, kind=self._kind, at=now, seen=now, signals=signals)
        await self._recorder.record_or_count(self._recorder.lane(said), [said])
