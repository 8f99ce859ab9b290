"""What is told after a commit, passed on to all who listen."""

from collections.abc import Callable

from hub.pipeline import Committed

Listener = Callable[[Committed], None]


class Announcer:
    """Listeners are told in the writer's thread: they must not block or raise."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> None:
        """Tell this one too, from the next commit on."""
        self._listeners = (*self._listeners, listener)

    def committed(self, committed: Committed) -> None:
        """A commit has happened."""
        for listener in self._listeners:
            listener(committed)
