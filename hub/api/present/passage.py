"""Access traces as answers."""

from typing import Final

from sqlalchemy import Connection

from hub.api.models.base import Page
from hub.api.models.passage import Passage
from hub.store.reads.page import Record
from hub.store.reads.passages import PassageQuery, passage_rows

SUBJECT_DIGITS: Final = 12
"""Hex digits shown of a subject's hash: 48 bits tell a site's credentials apart."""


def passage_page(reader: Connection, site: str, query: PassageQuery) -> Page[Passage]:
    """A page of passages, credentials masked."""
    found = passage_rows(reader, site, query)
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
        subject=None if subject is None else subject[:SUBJECT_DIGITS],
        credential=row["masked"],
        picture=row["picture"],
    )
