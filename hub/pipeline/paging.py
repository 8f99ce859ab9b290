"""How a person who is not at the desk is called; what sends the calls stands behind this."""

from typing import Protocol

from hub.alerts import Alert, Page
from hub.pipeline.work import Work


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


class OnRecordOnly:
    """Nobody is called: the step stands in the alert's history and in the feed."""

    def page(self, work: Work, page: Page) -> None:
        """See `Paging`."""

    def stop(self, work: Work, alert: Alert) -> None:
        """See `Paging`."""
