"""What has to be true before a case may be closed: a line of its category's checklist."""

import hashlib
from enum import StrEnum
from functools import cached_property
from typing import Final

from hub.config.table import Table
from wire import Text


class Side(StrEnum):
    """What a photo shows: how it was found, or how it was left."""

    BEFORE = "before"
    AFTER = "after"


SIDE_NAMES: Final = {
    Side.BEFORE: Text(zh="处置前照片", en="a photo before"),
    Side.AFTER: Text(zh="处置后照片", en="a photo after"),
}


class StandardItem(Table):
    """One line of a closing standard. optional: it is asked for, and its lack holds nothing up.

    photos: it is true once the case has these, and by nothing that a person says.
    """

    zh: str
    en: str
    optional: bool = False
    photos: tuple[Side, ...] = ()

    @cached_property
    def id(self) -> str:
        """Follows from the Chinese words: what was ticked is exactly what stood there."""
        return hashlib.sha256(self.zh.encode()).hexdigest()[:12]

    @cached_property
    def text(self) -> Text:
        """The words alone."""
        return Text(zh=self.zh, en=self.en)
