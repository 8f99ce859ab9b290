"""Access traces as answers."""

from hub.access.looking import MARK_DIGITS
from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.passage import Passage
from hub.store.reads.page import Record, RecordPage


def passage_page(found: RecordPage, directory: Directory, site: str) -> Page[Passage]:
    """A page of passages, credentials masked."""
    items = [show_passage(row, directory, site) for row in found.records]
    return Page(items=items, next=found.next)


def mark(subject: str) -> str:
    """How a subject is called where people can read it."""
    return subject[:MARK_DIGITS]


def show_passage(row: Record, directory: Directory, site: str) -> Passage:
    """One passage, its credential masked."""
    subject = row["subject"]
    name, place = directory.subject(site, row["device"])
    return Passage(
        id=str(row["id"]),
        device=row["device"],
        device_name=name,
        place=place,
        at=row["at"],
        received_at=row["received_at"],
        direction=row["direction"],
        result=row["result"],
        reason=row["reason"],
        method=row["method"],
        subject=None if subject is None else mark(subject),
        credential=row["masked"],
        picture=row["picture"],
        operator=row["operator"],
        floor=row["floor"],
    )
