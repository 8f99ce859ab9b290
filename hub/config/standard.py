"""What has to be true before a case may be closed: a line of its category's checklist."""

import hashlib
from functools import cached_property

from hub.config.table import Table
from wire import Text


class StandardItem(Table):
    """One line of a closing standard. optional: it is asked for, and its lack holds nothing up."""

    zh: str
    en: str
    optional: bool = False

    @cached_property
    def id(self) -> str:
        """Follows from the Chinese words: what was ticked is exactly what stood there."""
        return hashlib.sha256(self.zh.encode()).hexdigest()[:12]

    @cached_property
    def text(self) -> Text:
        """The words alone."""
        return Text(zh=self.zh, en=self.en)
