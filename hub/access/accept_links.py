"""Links by which the recipient of a message accepts a case: what is kept of one, who may use it.

The token is in the message alone; the hub keeps its hash. It is good for one action on one case, by
one recipient, once, for a while.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from hub.cases import CaseState
from hub.errors import HubError
from wire import Text

LASTS_MS: Final = 24 * 3_600_000
ACTION_OF: Final = {CaseState.DISCOVERED: "accept", CaseState.DISPATCHED: "start"}
"""What accepting means, by where the case stands; elsewhere there is nothing to accept."""


class LinkRefusedError(HubError):
    """The link does not do it; `why` is for whoever opened it. login: logged in, they may."""

    code = "link-refused"

    def __init__(self, why: Text, *, code: str, login: bool = False) -> None:
        super().__init__(why.en, code=code)
        self.why = why
        self.login = login


@dataclass(frozen=True, slots=True)
class AcceptLink:
    """As it is kept.

    key: see `key_of`. post: of the organisation, whom the message went to; account: who fills it.
    personal: the message went to one person alone; else whoever uses it has to be logged in.
    action: of the case flow. assignee: whom the case was with when the message went out.
    """

    key: str
    site: str
    case: str
    post: str
    account: str | None
    personal: bool
    action: str
    assignee: str | None
    created_at: int
    expires_at: int
    used_at: int | None = None


def key_of(token: str) -> str:
    """What the hub keeps of a token: SHA-256, in hex."""
    return hashlib.sha256(b"gatehouse-accept\n" + token.encode()).hexdigest()


def check_link(
    link: AcceptLink | None, *, now: int, account: str | None, visitor: str | None
) -> AcceptLink:
    """The link, when it may be used now. Raises LinkRefusedError.

    account: who fills the link's post now. visitor: who is logged in where it was opened.
    """
    if link is None:
        raise LinkRefusedError(UNKNOWN, code="link-unknown")
    if link.used_at is not None:
        raise LinkRefusedError(USED, code="link-used")
    if now >= link.expires_at:
        raise LinkRefusedError(EXPIRED, code="link-expired")
    if account != link.account:
        raise LinkRefusedError(MOVED_ON, code="link-not-yours")
    if visitor is None and not link.personal:
        raise LinkRefusedError(LOG_IN, code="link-login", login=True)
    if visitor is not None and visitor != link.account and not (link.personal and account is None):
        raise LinkRefusedError(NOT_YOURS, code="link-not-yours")
    return link


UNKNOWN: Final = Text(
    zh="链接无效，请回到消息里重新打开。", en="No such link. Open it again from the message."
)
USED: Final = Text(zh="这个链接已经用过，不能再用。", en="This link has been used; it works once.")
EXPIRED: Final = Text(
    zh="链接已过期，请登录后在案件里操作。",
    en="This link is too old. Log in and use the case's page.",
)
MOVED_ON: Final = Text(
    zh="该岗位已换人，链接不再有效。", en="Somebody else fills this post by now."
)
LOG_IN: Final = Text(
    zh="消息发到了群里：请先登录，确认是本人。",
    en="The message went to a group: log in first, so that it is known who accepts.",
)
NOT_YOURS: Final = Text(
    zh="这个链接是发给别人的，你不能代为接单。",
    en="This link was sent to somebody else: you cannot accept for them.",
)
TAKEN: Final = Text(
    zh="案件已经有人接单或已转派。", en="Somebody has accepted the case, or it was sent elsewhere."
)
NO_ACCOUNT: Final = Text(
    zh="收件人的账号已停用，或不负责这个小区。",
    en="The recipient's account is disabled, or not for this site.",
)
