"""Walks a chain of the audit trail from end to end, and names the first entry that is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hub.access.audit import GENESIS, Entry, link
from hub.access.checkpoints import Checkpoint, genuine


class Wrong(StrEnum):
    """What is wrong with a chain."""

    CHANGED = "changed"  # the entry is not as it was written
    BROKEN = "broken"  # what stood before the entry was changed, removed, moved or put in
    REWRITTEN = "rewritten"  # well linked, but not what was signed
    TRUNCATED = "truncated"  # the entries after the last one are missing
    ANCHOR = "anchor"  # what is said to be removed from the beginning was not signed by the hub
    CHECKPOINT = "checkpoint"  # a checkpoint that the hub did not sign


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong.

    number: of the entry, counted from the chain's very first. id: of its row; None where there is
        none. since: for `rewritten`, the id of the last entry known to be good, 0 for none: the
        first wrong one is after it.
    """

    wrong: Wrong
    number: int
    id: int | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """entries: that were read. checkpoints: that were held against them. fault: None when whole."""

    chain: str
    entries: int
    checkpoints: int
    fault: Fault | None


def verify(
    chain: str,
    entries: Iterable[Entry],
    *,
    public_key: str,
    anchor: Checkpoint | None = None,
    checkpoints: Iterable[Checkpoint] = (),
) -> Verdict:
    """Check a chain. entries: by id. public_key: of the hub that signs, 64 hex digits.

    Each entry has to be as it was written and to follow the one before; each checkpoint has to
    find the entry that it was made of, with its hash, in its place.
    """
    given = sorted((one for one in checkpoints if one.chain == chain), key=lambda one: one.count)
    start = 0 if anchor is None else anchor.count
    if anchor is not None and not genuine(anchor, public_key):
        return Verdict(chain, 0, 0, Fault(Wrong.ANCHOR, start, anchor.upto))
    forged = next((one for one in given if not genuine(one, public_key)), None)
    if forged is not None:
        return Verdict(chain, 0, 0, Fault(Wrong.CHECKPOINT, forged.count, forged.upto))
    due = [one for one in given if one.count > start]
    prev = GENESIS if anchor is None else anchor.hash
    number, held, good = start, 0, 0 if anchor is None else anchor.upto
    for entry in entries:
        number += 1
        wrong = _wrong(entry, prev)
        if wrong is not None:
            return Verdict(chain, number - start, held, Fault(wrong, number, entry.id))
        while held < len(due) and due[held].count == number:
            if (due[held].upto, due[held].hash) != (entry.id, entry.hash):
                fault = Fault(Wrong.REWRITTEN, number, entry.id, since=good)
                return Verdict(chain, number - start, held, fault)
            good = entry.id
            held += 1
        prev = entry.hash
    missing = Fault(Wrong.TRUNCATED, number + 1) if held < len(due) else None
    return Verdict(chain, number - start, held, missing)


def _wrong(entry: Entry, prev: str) -> Wrong | None:
    if entry.hash != link(entry.act, entry.prev):
        return Wrong.CHANGED
    return None if entry.prev == prev else Wrong.BROKEN
