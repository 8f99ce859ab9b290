"""Photos that were brought before what they show was said: now they belong to its case."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hub.cases import Case, HistoryEntry
from hub.errors import BadRequestError
from hub.pipeline.work import Work
from hub.store.write.photos import attach_photo

MOST: Final = 9
"""Photos that one report or step may bring: as many as messengers take at once."""


def with_photos(work: Work, case: Case, entry: HistoryEntry, photos: Sequence[str]) -> HistoryEntry:
    """The line of the history with the photos that its actor brought for it.

    Raises BadRequestError: too many, or one that is not theirs, not there, or used already.
    """
    if not photos:
        return entry
    if len(photos) > MOST:
        raise BadRequestError(f"are more than {MOST}", field="photos")
    for name in photos:
        if not attach_photo(work.connection, case=case, photo=name, by=entry.actor):
            raise BadRequestError(f"{name!r} is not a photo that waits for this", field="photos")
    return replace(entry, detail={**entry.detail, "photos": list(photos)})
