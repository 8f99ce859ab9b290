"""The ways to reach people, with their addresses: a file of secrets, never part of `hub.toml`."""

import stat
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from hub.config.org import Org
from hub.config.table import Table, read_model
from hub.errors import ConfigError
from wire import Id


class Address(Table):
    """Where a post is reached. Both are secrets.

    url: as Apprise writes it, or for `dingtalk-card` the robot's webhook.
    secret: with which DingTalk has the message signed (加签).
    personal: one person alone reads what arrives there: its link accepts a case without a login.
        What goes to a group takes one.
    """

    url: SecretStr
    secret: SecretStr | None = None
    personal: bool = False


class Channel(Table):
    """One way to reach people, which posts name in `channels`.

    kind: `apprise` speaks to everything that Apprise does (WeCom, Feishu, e-mail, SMS gateways,
        webhooks); `dingtalk-card` sends DingTalk an action card, which Apprise cannot.
    to: addresses by post; `*` is everybody else's.
    """

    id: Id
    kind: Literal["apprise", "dingtalk-card"] = "apprise"
    to: Annotated[dict[str, Address], Field(min_length=1)]

    def address(self, post: str) -> Address | None:
        """Where a post is reached by it."""
        return self.to.get(post) or self.to.get("*")


class Channels(Table):
    """The file. Without one nobody is called; that somebody should be stands on record alone."""

    channels: Annotated[tuple[Channel, ...], Field(alias="channel")] = ()

    def channel(self, name: str) -> Channel | None:
        """The channel with this id."""
        return next((one for one in self.channels if one.id == name), None)


def load_channels(path: Path, org: Org) -> Channels:
    """Read the file. Raises ConfigError, also when others on the machine can read it."""
    if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(path, "", f"others can read it; run: chmod 600 {path.name}")
    channels = read_model(path, Channels)
    names = [one.id for one in channels.channels]
    for row, one in enumerate(channels.channels):
        if one.id in names[:row]:
            raise ConfigError(path, f"channel[{row}].id", f"{one.id!r} is used already")
        for post in one.to:
            if post != "*" and org.tree.post(post) is None:
                raise ConfigError(path, f"channel[{row}].to", f"no post {post!r}")
    return channels
