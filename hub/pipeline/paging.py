"""How a person who is not at the desk is called; what sends the calls stands behind this."""

from collections.abc import Sequence
from typing import Protocol

from hub.alerts import Alert, Page
from hub.cases import Case, HistoryEntry
from hub.pipeline.work import Work
from wire import Text


class Paging(Protocol):
    """Called inside the transaction that decided it: what it writes stands and falls with that.

    It must not wait for anything outside the store.
    """

    def page(self, work: Work, page: Page) -> None:
        """Call somebody to an alert. The same (alert, step) again is the same call."""
        ...

    def stop(self, work: Work, alert: Alert) -> None:
        """The alert is acknowledged or over: calls that have not gone out must not."""
        ...

    def case(self, work: Work, case: Case, posts: Sequence[str], why: Text) -> None:
        """Tell posts of a case; the same version of it again is the same call."""
        ...

    def settled(self, work: Work, case: Case) -> None:
        """Somebody has moved the case: what has not gone out about it must not."""
        ...

    def reporter(self, work: Work, case: Case, entry: HistoryEntry) -> None:
        """A step was taken on the case: the system that reported it may have to be told."""
        ...


class OnRecordOnly:
    """Nobody is called: the step stands in the alert's history and in the feed."""

    def page(self, work: Work, page: Page) -> None:
        """See `Paging`."""

    def stop(self, work: Work, alert: Alert) -> None:
        """See `Paging`."""

    def case(self, work: Work, case: Case, posts: Sequence[str], why: Text) -> None:
        """See `Paging`."""

    def settled(self, work: Work, case: Case) -> None:
        """See `Paging`."""

    def reporter(self, work: Work, case: Case, entry: HistoryEntry) -> None:
        """See `Paging`."""
