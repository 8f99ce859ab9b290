"""What somebody sends again, because no answer came, is done once."""

from collections.abc import Callable

from hub.errors import BadRequestError
from hub.pipeline.work import Work
from hub.store.write.reports import ReportKey, add_key, find_key


class ReusedKeyError(BadRequestError):
    """An idempotency key that something else was sent with."""

    code = "idempotency-key-reused"


def done_before(work: Work, key: ReportKey) -> str | None:
    """The case that this key made or changed before. Raises ReusedKeyError."""
    known = find_key(work.connection, key)
    if known is None:
        return None
    body_hash, case = known
    if body_hash != key.body_hash:
        raise ReusedKeyError("something else was sent with it", field="Idempotency-Key")
    return case


def once(work: Work, key: ReportKey | None, do: Callable[[], str]) -> str:
    """Do it unless it was done before; the id of its case. The key is kept in its transaction."""
    if key is None:
        return do()
    known = done_before(work, key)
    if known is not None:
        return known
    case = do()
    add_key(work.connection, key, case, work.now)
    return case
