"""Writes down who is to be told, in the transaction that decided it."""

import hashlib
from collections.abc import Mapping, Sequence

from hub.alerts import Alert, Page
from hub.cases import Case, HistoryEntry
from hub.config import AlarmType, Catalogue
from hub.config.channels import Channels
from hub.config.org import Org, Post
from hub.notify.callbacks import put_callbacks
from hub.notify.message import Message, of_alert, of_case
from hub.pipeline.case_calls import BESIDE
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.notifications import Notice, put_notice, withdraw_notices
from wire import Text


class Outbox:
    """Holds nothing but the configuration; see `hub.pipeline.paging` for when it is called."""

    def __init__(
        self,
        *,
        channels: Channels,
        org: Org,
        registry: Registry,
        alarms: Mapping[str, AlarmType],
        catalogue: Catalogue,
    ) -> None:
        self._channels = channels
        self._org = org
        self._registry = registry
        self._alarms = alarms
        self._catalogue = catalogue

    def page(self, work: Work, page: Page) -> None:
        """Call somebody to an alert by all of the channels at once."""
        alarm = self._alarms.get(page.alert.condition)
        if page.post is None or alarm is None:
            return
        place = self._registry.place(page.alert.site, page.alert.device)
        message = of_alert(page.alert, alarm.name, place, alarm.response)
        reason = f"{page.alert.id}|{page.step}"
        self._put(work, page.alert.site, "alert", page.alert.id, reason, [page.post], message)

    def stop(self, work: Work, alert: Alert) -> None:
        """What has not gone out about the alert must not any more."""
        withdraw_notices(work.connection, alert.id, work.now)

    def case(self, work: Work, case: Case, posts: Sequence[str], why: Text) -> None:
        """Tell posts of a case at the version that it has now; why: in one line."""
        category = self._catalogue.categories.get(case.category)
        name = Text.plain(case.category) if category is None else category.name
        place = None if case.device is None else self._registry.place(case.site, case.device)
        message = of_case(case, name, place, why, accepts=why not in BESIDE)
        people = self._org.filled(tuple(posts), work.now)
        self._put(work, case.site, "case", case.id, f"{case.id}|{case.version}", people, message)

    def settled(self, work: Work, case: Case) -> None:
        """Nobody needs to be told of what was the matter with a case before."""
        withdraw_notices(work.connection, case.id, work.now)

    def reporter(self, work: Work, case: Case, entry: HistoryEntry) -> None:
        """Tell the systems that reported the case of a step that concerns them."""
        put_callbacks(work.connection, case, entry, work.now)

    def _put(
        self,
        work: Work,
        site: str,
        kind: str,
        ref: str,
        reason: str,
        posts: Sequence[Post],
        message: Message,
    ) -> None:
        for post in posts:
            for name in post.channels:
                channel = self._channels.channel(name)
                if channel is None or channel.address(post.id) is None:
                    continue
                key = f"{kind}|{reason}|{post.id}|{name}"
                notice = Notice(
                    id=hashlib.sha256(key.encode()).hexdigest()[:32],
                    site=site,
                    kind=kind,
                    ref=ref,
                    post=post.id,
                    channel=name,
                    message=message.dump(),
                )
                put_notice(work.connection, notice, work.now)
