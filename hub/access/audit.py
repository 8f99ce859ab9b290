"""The audit trail's chain: each entry's hash covers the one before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SYSTEM_CHAIN: Final = "_system"
"""The chain of what belongs to no site; a site's chain is called as the site, and no site's id
holds an underscore."""

GENESIS: Final = "0" * 64
"""The `prev` of a chain's first entry."""


def chain_of(site: str | None) -> str:
    """The chain that acts in a site (or in none) are written to."""
    return SYSTEM_CHAIN if site is None else site


_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did or tried to do.

    actor: a user's name; for a failed login, the name that was tried.
    action: such as `login`, `case.accept`, `passage.look`. object: what it was done to.
    outcome: `ok`, or the code of the refusal.
    detail: JSON values; no secret, no credential, no plate.
    """

    at: int
    actor: str
    action: str
    object: str
    site: str | None = None
    outcome: str = "ok"
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as it stands in its chain."""

    id: int
    act: Act
    prev: str
    hash: str


def link(act: Act, prev: str) -> str:
    """The hash of an act that follows `prev`: SHA-256 over canonical JSON, in hex."""
    fields = [act.at, act.actor, act.action, act.object, act.site, act.outcome, dict(act.detail)]
    text = _CANONICAL.encode([prev, *fields])
    return hashlib.sha256(b"gatehouse-audit-1\n" + text.encode()).hexdigest()


def follows(entry: Entry, prev: str) -> bool:
    """The entry is as it was written, and written after the entry whose hash is `prev`."""
    return entry.prev == prev and entry.hash == link(entry.act, prev)
