"""Links by which the recipient of a message accepts a case, as rows."""

from typing import Final

from sqlalchemy import Connection, insert, select, update

from hub.access.accept_links import ACTION_OF, LASTS_MS, AcceptLink
from hub.cases import CaseState
from hub.store.schema import accept_link, case_

_PLAIN: Final = tuple(name for name in AcceptLink.__slots__ if name != "case")


def draw_link(
    connection: Connection,
    key: str,
    *,
    site: str,
    case: str,
    post: str,
    account: str | None,
    personal: bool,
    now: int,
) -> AcceptLink | None:
    """Keep a new link to a case as it stands now; None when there is nothing to accept."""
    found = select(case_.c.state, case_.c.assignee).where(case_.c.site == site, case_.c.id == case)
    row = connection.execute(found).one_or_none()
    action = None if row is None else ACTION_OF.get(CaseState(row.state))
    if row is None or action is None:
        return None
    link = AcceptLink(
        key=key,
        site=site,
        case=case,
        post=post,
        account=account,
        personal=personal,
        action=action,
        assignee=row.assignee,
        created_at=now,
        expires_at=now + LASTS_MS,
    )
    values = {name: getattr(link, name) for name in _PLAIN}
    connection.execute(insert(accept_link).values(**values, case_id=case))
    return link


def find_link(connection: Connection, key: str, *, locked: bool = False) -> AcceptLink | None:
    """The link with this key. locked: nobody else uses it until the transaction ends."""
    found = select(accept_link).where(accept_link.c.key == key)
    row = connection.execute(found.with_for_update() if locked else found).mappings().one_or_none()
    if row is None:
        return None
    return AcceptLink(**{name: row[name] for name in _PLAIN}, case=row["case_id"])


def use_link(connection: Connection, key: str, now: int) -> None:
    """It has done what it is for."""
    connection.execute(update(accept_link).where(accept_link.c.key == key).values(used_at=now))
