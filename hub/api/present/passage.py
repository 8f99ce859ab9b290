"""Access traces as answers."""

from hub.access.looking import MARK_DIGITS
from hub.api.models.base import Page
from hub.api.models.passage import Passage
from hub.store.reads.page import Record, RecordPage


def passage_page(found: RecordPage) -> Page[Passage]:
    """A page of passages, credentials masked."""
    return Page(items=[_passage(row) for row in found.records], next=found.next)


def _passage(row: Record) -> Passage:
    subject = row["subject"]
    return Passage(
        id=str(row["id"]),
        device=row["device"],
        at=row["at"],
        received_at=row["received_at"],
        direction=row["direction"],
        result=row["result"],
        reason=row["reason"],
        method=row["method"],
        subject=None if subject is None else subject[:MARK_DIGITS],
        credential=row["masked"],
        picture=row["picture"],
    )
