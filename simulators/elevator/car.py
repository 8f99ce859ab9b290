"""One elevator car: floor, door, the contact beside its door button, and who is in it.

A door whose button is pressed, or whose contact is closed, does not begin to close. Nothing here
sleeps or opens a socket; `simulators.elevator.trips` moves it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from simulators.ledger import Ledger
from wire import Clock

Subject = Literal["empty", "person", "two-people", "stroller", "wheelchair", "bicycle", "ebike"]
Part = Literal["enter", "inside", "leave"]


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees. since_s: the clock's monotonic seconds when this part began."""

    subject: Subject
    part: Part
    since_s: float


class ElevatorCar:
    """changed: told when contact or speaker did something.

    held: the contact is closed. spoken: when its speaker began each message, ms.
    """

    def __init__(
        self,
        device: str,
        *,
        clock: Clock,
        ledger: Ledger,
        floor: int = 1,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.device = device
        self.floor = floor
        self.door_open = False
        self.moving = False
        self.fire = False
        self.held = False
        self.spoken: list[int] = []
        self.view = View("empty", "inside", clock.monotonic())
        self._changed = changed
        self._clock = clock
        self._ledger = ledger

    def set_contact(self, *, closed: bool) -> None:
        """The contact in parallel with the door-open button closes or opens."""
        if closed == self.held:
            return
        self.held = closed
        self._ledger.write_hold(self.device, self._clock.now(), held=closed)
        self._changed()

    def speak(self, command: str) -> None:
        """The speaker begins a message; one that it has said already is not said again."""
        _ = command
        self.spoken.append(self._clock.now())
        self._changed()

    def show(self, subject: Subject, part: Part) -> None:
        """From now on the camera sees this."""
        self.view = View(subject, part, self._clock.monotonic())

    def appears(self) -> None:
        """An e-bike stands in the cabin: that has to raise an alarm."""
        self._ledger.write_truth(
            "ebike-in-elevator", self.device, self._clock.now(), shown=self._ledger.read()
        )
