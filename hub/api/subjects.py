"""Somebody by a card or plate that staff types, and the other way round: both on record."""

from typing import Final, Literal

from hub.access.audit import Entry
from hub.access.looking import MARK_DIGITS
from hub.api.looking import REPORT, Looking
from hub.api.models.look import LookAtMe, LooksAtMe, Unmasked
from hub.api.services import Services
from hub.errors import NotFoundError
from hub.store.people.looks import looks_at
from hub.store.reads.passages import Sealed
from wire import Text
from wire.plates import normalise

MOST_LOOKS: Final = 500
"""Looks that one report tells; whoever asks about more is told that there are more."""


def subject_of(
    services: Services, site: str, sort: Literal["plate", "credential"], value: str
) -> str:
    """The keyed hash of somebody: as passages have it."""
    said = normalise(value) if sort == "plate" else value.strip()
    return services.seal.hash(site, said)


async def unmask(
    services: Services, site: str, look: Looking, found: Sealed | None, *, name: str, reason: str
) -> Unmasked:
    """Open one seal, on record before. Raises NotFoundError, OverQuotaError."""
    if found is None:
        raise NotFoundError("credential", name)
    await look.shown(
        "passage.unmask",
        str(found.id),
        subjects=[found.subject],
        person=found.subject,
        unmask_reason=" ".join(reason.split()),
    )
    return Unmasked(
        credential=services.seal.open(site, found.sealed).decode(),
        subject=found.subject[:MARK_DIGITS],
        passage=str(found.id),
    )


async def who_looked(services: Services, site: str, look: Looking, subject: str) -> LooksAtMe:
    """Who looked at somebody, for that person. Raises LookNeededError, OverQuotaError."""
    found = await services.read(lambda r: looks_at(r, site, subject, MOST_LOOKS + 1))
    await look.shown(REPORT, subject[:MARK_DIGITS], subjects=[subject], person=subject)
    return LooksAtMe(
        subject=subject[:MARK_DIGITS],
        items=[_told(services, one) for one in found[:MOST_LOOKS]],
        more=len(found) > MOST_LOOKS,
    )


def _told(services: Services, entry: Entry) -> LookAtMe:
    act = entry.act
    purpose, role = str(act.detail.get("purpose", "")), str(act.detail.get("role", ""))
    known = services.directory.purposes.get(purpose)
    return LookAtMe(
        at=act.at,
        who=act.actor if services.looking.config.report_names == "name" else role,
        action=act.action,
        purpose=purpose,
        purpose_name=Text.plain(purpose) if known is None else known.name,
        reason=str(act.detail.get("reason", "")),
    )
