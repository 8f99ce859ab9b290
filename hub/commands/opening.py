"""How many doors one person may open: so many a minute, and more at once only with another's word.

In a fire nobody is held up: no limit counts where the mode `fire` is in force, or a door's fire
input is active.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from hub.commands.order import Order
from hub.errors import NotAllowedError
from hub.store.schema import command, device_health, mode_switch
from hub.store.write.commands import OPENING, UNDONE
from wire import Text

WINDOW_MS: Final = 60_000
FIRE: Final = "fire"
"""The mode of `configs/modes`, and the signal of doors."""


class TooManyOpeningsError(NotAllowedError):
    """One more than a person may open in a minute."""

    code = "too-many-openings"


@dataclass(frozen=True, slots=True)
class OpeningLimits:
    """`[commands]` of hub.toml.

    a_minute: openings that one person may order at a site, of all its doors together.
    at_once: doors that one order may open without a second person.
    """

    a_minute: int = 3
    at_once: int = 3

    def check(self, connection: Connection, order: Order, now: int) -> None:
        """In the transaction that records the order. Raises TooManyOpeningsError.

        A lease that is renewed opens nothing anew; what two people ordered is not held up.
        """
        if order.action not in OPENING or order.renews is not None or order.approved_by:
            return
        if self._given(connection, order, now) < self.a_minute:
            return
        if not is_fire(connection, order.site):
            raise TooManyOpeningsError(
                Text(
                    zh=f"一分钟内最多开{self.a_minute}次门；需要开更多的门，请由第二人批准",
                    en=f"at most {self.a_minute} openings a minute; more need a second person",
                )
            )

    @staticmethod
    def _given(connection: Connection, order: Order, now: int) -> int:
        found = select(func.count()).where(
            command.c.site == order.site,
            command.c.operator == order.operator,
            command.c.action.in_(OPENING),
            command.c.renews.is_(None),
            command.c.state.not_in(UNDONE),
            command.c.created_at > now - WINDOW_MS,
        )
        return connection.scalar(found) or 0


def is_fire(connection: Connection, site: str) -> bool:
    """Whether there is a fire at a site, as far as the hub knows."""
    switched = select(mode_switch.c.id).where(
        mode_switch.c.site == site, mode_switch.c.mode == FIRE, mode_switch.c.ended_at.is_(None)
    )
    if connection.scalar(switched.limit(1)) is not None:
        return True
    readings = connection.scalars(
        select(device_health.c.readings).where(device_health.c.site == site)
    )
    return any((known or {}).get(FIRE, {}).get("value") is True for known in readings)
