"""Evidence from wanted to removed: one row a piece, from before it exists to after it is gone.

wanted ▸ asked (of the agent) ▸ announced (on its way) ▸ stored ▸ removed; or failed.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from hub.store.schema import evidence
from wire.media import EvidenceNote

WANTED: Final = "wanted"
ASKED: Final = "asked"
ANNOUNCED: Final = "announced"
STORED: Final = "stored"
FAILED: Final = "failed"
REMOVED: Final = "removed"

COMING: Final = (WANTED, ASKED, ANNOUNCED)
_OPEN: Final = (WANTED, ASKED, FAILED)
_DUE: Final = 50


@dataclass(frozen=True, slots=True)
class Want:
    """A piece that the hub wants of a camera, for an alert. Times are hub clock, ms."""

    id: str
    site: str
    agent: str
    device: str
    alert: str | None
    from_at: int
    to_at: int


@dataclass(frozen=True, slots=True)
class Asking:
    """A piece that is to be asked for, now or again."""

    id: str
    site: str
    agent: str
    device: str
    from_at: int
    to_at: int
    created_at: int
    tries: int


def want(connection: Connection, one: Want, now: int) -> None:
    """A clip is wanted. One of the same id is wanted already."""
    if connection.scalar(select(evidence.c.id).where(evidence.c.id == one.id)) is not None:
        return
    connection.execute(
        insert(evidence).values(
            id=one.id,
            site=one.site,
            agent=one.agent,
            device=one.device,
            kind="clip",
            state=WANTED,
            alert=one.alert,
            from_at=one.from_at,
            to_at=one.to_at,
            created_at=now,
            updated_at=now,
            try_at=now,
            tries=0,
        )
    )


def due(connection: Connection, now: int) -> list[Asking]:
    """What is to be asked for now, oldest first."""
    query = (
        select(evidence)
        .where(evidence.c.state.in_((WANTED, ASKED)), evidence.c.try_at <= now)
        .order_by(evidence.c.try_at)
        .limit(_DUE)
    )
    names = Asking.__slots__
    return [
        Asking(**{name: row[name] for name in names})
        for row in connection.execute(query).mappings()
    ]


def asked(connection: Connection, name: str, *, reached: bool, again_at: int, now: int) -> None:
    """It was asked for, or tried to; unless it has been announced meanwhile."""
    connection.execute(
        update(evidence)
        .where(evidence.c.id == name, evidence.c.state.in_((WANTED, ASKED)))
        .values(
            state=ASKED if reached else WANTED,
            try_at=again_at,
            tries=evidence.c.tries + 1,
            updated_at=now,
        )
    )


def give_up(connection: Connection, name: str, why: str, now: int) -> None:
    """It will not come, as far as the hub can see; if it comes after all, it is taken."""
    connection.execute(
        update(evidence)
        .where(evidence.c.id == name, evidence.c.state.in_(COMING))
        .values(state=FAILED, failed=why[:200], try_at=None, updated_at=now)
    )


def take_note(
    connection: Connection, *, site: str, agent: str, note: EvidenceNote, offset: int, now: int
) -> None:
    """What an agent says of a piece. offset: hub clock minus agent clock, ms.

    A piece that is another agent's, or is stored already, is left as it is.
    """
    row = connection.execute(select(evidence).where(evidence.c.id == note.id)).mappings().first()
    values = {
        "kind": note.kind.value,
        "state": FAILED if note.failed else ANNOUNCED,
        "from_at": note.from_at + offset,
        "to_at": note.to_at + offset,
        "sha256": note.sha256,
        "size": note.size,
        "content_type": note.content_type,
        "failed": note.failed or None,
        "try_at": None,
        "updated_at": now,
    }
    if row is None:
        connection.execute(
            insert(evidence).values(
                id=note.id,
                site=site,
                agent=agent,
                device=note.device,
                alert=_alert_of(connection, site, note),
                of=note.of,
                created_at=now,
                **values,
            )
        )
        if note.of is not None:
            _reached(connection, site, note.of, now)
    elif (row["site"], row["agent"], row["device"]) == (site, agent, note.device) and (
        row["state"] in _OPEN
    ):
        connection.execute(update(evidence).where(evidence.c.id == note.id).values(values))


def expect_picture(
    connection: Connection, *, name: str, site: str, agent: str, device: str, sha256: str, at: int,
    now: int,
) -> None:  # fmt: skip
    """A device's own report names a picture by its hash: it is on its way too."""
    connection.execute(
        insert(evidence).values(
            id=name,
            site=site,
            agent=agent,
            device=device,
            kind="picture",
            state=ANNOUNCED,
            from_at=at,
            to_at=at,
            sha256=sha256,
            content_type="image/jpeg",
            created_at=now,
            updated_at=now,
        )
    )


def stored(connection: Connection, *, site: str, sha256: str, size: int, now: int) -> int:
    """The bytes are on the disk; how many pieces they were."""
    return connection.execute(
        update(evidence)
        .where(evidence.c.site == site, evidence.c.sha256 == sha256, evidence.c.state == ANNOUNCED)
        .values(state=STORED, size=size, stored_at=now, updated_at=now)
    ).rowcount


def _alert_of(connection: Connection, site: str, note: EvidenceNote) -> str | None:
    if note.of is None:
        return None
    found = select(evidence.c.alert).where(
        evidence.c.id == note.of, evidence.c.site == site, evidence.c.device == note.device
    )
    alert: str | None = connection.scalar(found)
    return alert


def _reached(connection: Connection, site: str, name: str, now: int) -> None:
    """What goes with it has come, so the agent is at work on it: it need not be asked again."""
    connection.execute(
        update(evidence)
        .where(evidence.c.id == name, evidence.c.site == site, evidence.c.state == WANTED)
        .values(state=ASKED, updated_at=now)
    )
