"""Commands and what became of them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update

from hub.alerts import OPEN_STATES
from hub.database.prepared import Later, Prepared
from hub.store.schema import alert, command, command_history

HUB: Final = "hub"
"""The operator of what no person has ordered."""

SENT: Final = "sent"
UNANSWERED: Final = "unanswered"

_RANK: Final = {SENT: 0, UNANSWERED: 1, "expired": 2, "refused": 2, "failed": 2, "executed": 2}
_LAST: Final = 3
"""A receipt never takes a command back: `released` stays when `executed` comes after it."""

OPENING: Final = ("open", "hold-open")
"""Actions that let people through, of gates, barriers and elevators alike."""

UNDONE: Final = ("refused", "expired", "failed")
"""States of commands that did nothing."""

_GIVEN_MS: Final = 15_000
_CLOCKS_MS: Final = 2_000

_ADOPT: Final = Prepared(
    update(command)
    .where(
        command.c.site == bindparam("of_site"),
        command.c.device == bindparam("of_device"),
        command.c.operator == literal_column(f"'{HUB}'"),
        command.c.created_at >= bindparam("since"),
        command.c.case_id.is_(None),
    )
    .values(case_id=bindparam("case")),
    ("of_site", "of_device", "since", "case"),
)


@dataclass(frozen=True, slots=True)
class NewCommand:
    """A command as it is sent. Times are ms."""

    id: str
    site: str
    agent: str
    device: str
    action: str
    operator: str
    reason: str
    lease_s: float
    created_at: int
    case_id: str | None = None
    renews: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a command. at: by whoever says so; received_at: hub clock."""

    state: str
    at: int
    received_at: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stepped:
    """A command after a step."""

    id: str
    site: str
    version: int


def insert_command(connection: Connection, one: NewCommand) -> None:
    """A command that is being sent."""
    values = {name: getattr(one, name) for name in NewCommand.__slots__}
    connection.execute(
        insert(command).values(**values, state=SENT, updated_at=one.created_at, version=1)
    )
    _add_step(connection, one.id, Step(SENT, one.created_at, one.created_at))


def known_command(connection: Connection, command_id: str) -> bool:
    """Whether there is such a command already."""
    return connection.scalar(select(command.c.id).where(command.c.id == command_id)) is not None


def opened_by(connection: Connection, site: str, device: str, at: int) -> str | None:
    """Who ordered the opening that a device tells of, ms; None when no order fits.

    An order is void 10 s after it was given, and clocks may be 2 s apart.
    """
    given = (command.c.created_at >= at - _GIVEN_MS, command.c.created_at <= at + _CLOCKS_MS)
    found = select(command.c.operator).where(
        command.c.site == site,
        *given,
        command.c.device == device,
        command.c.action.in_(OPENING),
        command.c.state.not_in(UNDONE),
    )
    return connection.scalar(found.order_by(command.c.created_at.desc()).limit(1))


def case_of_device(connection: Connection, site: str, device: str) -> str | None:
    """The case of the device's newest open alert that has one."""
    found = (
        select(alert.c.case_id)
        .where(
            alert.c.site == site,
            alert.c.device == device,
            alert.c.case_id.is_not(None),
            alert.c.state.in_([state.value for state in OPEN_STATES]),
        )
        .order_by(alert.c.at.desc())
        .limit(1)
    )
    case: str | None = connection.scalar(found)
    return case


def adopt_commands(later: Later, site: str, device: str, since: int, case: str) -> None:
    """Put what the hub itself has ordered since then on a case's time line."""
    later.add_about(_ADOPT, (site, device, since, case))


def step_command(
    connection: Connection, command_id: str, step: Step, *, site: str, agent: str | None = None
) -> Stepped | None:
    """Record a step. agent: who says so, None for the hub; None when it has no such command."""
    row = connection.execute(
        select(command.c.state, command.c.version, command.c.agent)
        .where(command.c.id == command_id, command.c.site == site)
        .with_for_update()
    ).one_or_none()
    if row is None or agent not in {None, row.agent}:
        return None
    state = step.state if _rank(step.state) >= _rank(row.state) else row.state
    connection.execute(
        update(command)
        .where(command.c.id == command_id)
        .values(state=state, updated_at=step.received_at, version=row.version + 1)
    )
    _add_step(connection, command_id, step)
    return Stepped(command_id, site, row.version + 1)


def overdue_commands(connection: Connection, before: int) -> list[tuple[str, str]]:
    """`(site, id)` of commands sent before that moment and never answered."""
    query = select(command.c.site, command.c.id).where(
        command.c.state == SENT, command.c.created_at <= before
    )
    return [(row.site, row.id) for row in connection.execute(query.order_by(command.c.id))]


def _rank(state: str) -> int:
    return _RANK.get(state, _LAST)


def _add_step(connection: Connection, command_id: str, step: Step) -> None:
    connection.execute(
        insert(command_history).values(
            command=command_id,
            at=step.at,
            received_at=step.received_at,
            state=step.state,
            detail=step.detail[:200],
        )
    )
