"""Dead letters and stored observations as answers."""

from collections.abc import Mapping

from sqlalchemy import Connection

from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.line import DeadLetter, StoredObservation
from hub.store.reads.dead_letters import dead_letter_rows
from hub.store.reads.observations import ObservationQuery, observation_rows
from hub.store.reads.page import Record
from wire import SignalValue
from wire.kinds import Kind

REDACTED = "redacted"


def dead_letter_page(
    reader: Connection, site: str, *, limit: int, before: str | None
) -> Page[DeadLetter]:
    """A page of dead letters."""
    found = dead_letter_rows(reader, site, limit=limit, before=before)
    return Page(
        items=[DeadLetter.model_validate(dict(row)) for row in found.records], next=found.next
    )


def observation_page(
    reader: Connection, directory: Directory, site: str, query: ObservationQuery
) -> Page[StoredObservation]:
    """A page of observations."""
    found = observation_rows(reader, site, query)
    return Page(
        items=[_observation(row, directory.kinds) for row in found.records], next=found.next
    )


def _observation(row: Record, kinds: Mapping[str, Kind]) -> StoredObservation:
    return StoredObservation(
        agent=row["agent"],
        boot=row["boot"],
        lane=row["lane"],
        seq=row["seq"],
        index=row["idx"],
        device=row["device"],
        kind=row["kind"],
        at=row["at"],
        received_at=row["received_at"],
        late=row["late"],
        source_id=row["source_id"],
        signals=_redacted(row["signals"], kinds.get(row["kind"])),
    )


def _redacted(signals: Mapping[str, SignalValue], kind: Kind | None) -> dict[str, SignalValue]:
    """Only what the kind calls open is shown; of a kind that is gone, nothing is."""
    shown = {} if kind is None else {one.id: not one.sensitive for one in kind.signals}
    return {name: value if shown.get(name) else REDACTED for name, value in signals.items()}
