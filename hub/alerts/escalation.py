"""A P0 that nobody acknowledges goes to the next person, and to another channel, until one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.alerts.model import WAITING_STATES, Alert
from hub.config import Priority
from hub.config.org import Post

ESCALATE_MS: Final = 60_000
AGAIN_MS: Final = 300_000
"""Once everybody was called, this long until the next is called again."""


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody is called to an alert that nobody has acknowledged.

    step: from 1, per alert; the same step is the same call, however often it is written.
    post: who; None when nobody is on the roster. channels: by which ways, all at once; the
        screen at the desk was the first one, and is none of them.
    """

    alert: Alert
    step: int
    post: Post | None
    channels: tuple[str, ...]
    at: int


def waits(alert: Alert) -> bool:
    """The alert is a P0 that somebody has to acknowledge now."""
    return alert.priority is Priority.P0 and alert.state in WAITING_STATES and not alert.late


def next_page(alert: Alert, ladder: Sequence[Post], now: int) -> Page:
    """The next call. ladder: the posts in order; its first one watches the desk's screen.

    After the last one it begins again from the first.
    """
    step = alert.escalation + 1
    post = ladder[step % len(ladder)] if ladder else None
    channels = () if post is None else tuple(one for one in post.channels if one != SCREEN)
    return Page(alert, step, post, channels, now)


def wait_ms(step: int, people: int) -> int:
    """How long the call number `step` has to be answered; 0 is the desk's own screen."""
    return ESCALATE_MS if step < max(people, 1) else AGAIN_MS


SCREEN: Final = "console"
"""The channel of the desk's own screen, on which every alarm is from the beginning."""
