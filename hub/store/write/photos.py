"""Photos that people take: pieces of evidence that no camera announced."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from hub.cases import Case
from hub.store.schema import evidence
from hub.store.write.evidence import STORED

PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo whose bytes are on the disk. by: who brought it. size: bytes."""

    id: str
    site: str
    by: str
    sha256: str
    size: int


def add_photo(connection: Connection, one: NewPhoto, now: int) -> None:
    """Write it down; it waits for the case that it is brought for."""
    connection.execute(
        insert(evidence).values(
            id=one.id,
            site=one.site,
            agent="",
            device="",
            kind=PHOTO,
            state=STORED,
            by=one.by,
            from_at=now,
            to_at=now,
            sha256=one.sha256,
            size=one.size,
            content_type="image/jpeg",
            created_at=now,
            updated_at=now,
            stored_at=now,
        )
    )


def attach_photo(connection: Connection, *, case: Case, photo: str, by: str) -> bool:
    """Give a waiting photo to its case; False when it is not `by`'s, not here, or given already."""
    done = connection.execute(
        update(evidence)
        .where(
            evidence.c.id == photo,
            evidence.c.site == case.site,
            evidence.c.kind == PHOTO,
            evidence.c.state == STORED,
            evidence.c.by == by,
            evidence.c.case_id.is_(None),
        )
        .values(case_id=case.id, updated_at=case.updated_at)
    )
    return done.rowcount == 1
