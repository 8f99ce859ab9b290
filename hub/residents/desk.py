"""What residents can do: report, follow, answer, rate. Nothing else of the hub is behind this."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.photos import PhotoDesk
from hub.cases import RESOLUTIONS, STATE_NAMES, Case, CaseSource, standing
from hub.errors import BadRequestError, NotFoundError
from hub.pipeline.acts import Act, OpenCase, RateReport, ReportCase, Say
from hub.pipeline.case_ties import MERGED_IN
from hub.pipeline.reporting import ANSWER, ASK
from hub.residents.models import Choice, Form, Receipt, Report, Said, SiteChoice, Stage, Status
from hub.residents.receipt import Receipts
from hub.store.reads.cases import case_steps, one_case
from hub.store.reads.page import Record
from hub.store.rows import case_of
from hub.store.seal import Seal
from hub.store.write.reports import RESIDENT, ReportKey, report_by_receipt
from hub.store.write.reports import Report as Kept
from wire import Text

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class ResidentDesk:
    """sites, categories: what may be reported. act: does it, in a transaction."""

    directory: Directory
    sites: Sequence[str]
    categories: Sequence[str]
    desk: Desk
    photos: PhotoDesk
    seal: Seal
    receipts: Receipts
    act: Callable[[Act], Awaitable[str]]

    def form(self) -> Form:
        """What the page lets people choose from."""
        sites = [self.directory.sites[name] for name in self.sites]
        return Form(
            sites=[
                SiteChoice(
                    id=site.id,
                    name=site.name,
                    buildings=[Choice(id=one.id, name=one.name) for one in site.buildings],
                )
                for site in sites
            ],
            categories=[
                Choice(id=name, name=self.directory.categories[name].name)
                for name in self.categories
            ],
        )

    async def take_photo(self, site: str, data: bytes) -> str:
        """Keep a photo until its report comes. Raises NotFoundError, and as `PhotoDesk.take`."""
        self._check_site(site)
        return await self.photos.take(site, RESIDENT, data)

    async def report(self, asked: Report) -> Receipt:
        """Make it a case; sent again, it is the same case and the same receipt.

        Raises NotFoundError, BadRequestError.
        """
        self._check_site(asked.site)
        if asked.category not in self.categories:
            raise BadRequestError("is not one of the list", field="category")
        code = self.receipts.code(asked.key)
        body_hash = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
        opened = OpenCase(
            site=asked.site,
            category=asked.category,
            title=self.directory.categories[asked.category].name,
            actor=RESIDENT,
            note=asked.what,
            place=Text.plain(asked.place) if asked.place.strip() else None,
            source=CaseSource.RESIDENT,
            photos=asked.photos,
        )
        phone = asked.phone.encode()
        act = ReportCase(
            opened,
            ReportKey(RESIDENT, asked.key, body_hash),
            receipt_hash=self.receipts.hash(code),
            contact=self.seal.seal(asked.site, phone) if phone else None,
            person=asked.phone or None,
        )
        name = await self.act(act)
        row = await self.desk.read(lambda reader: one_case(reader, asked.site, name))
        if row is None:
            raise NotFoundError("case", name)
        return Receipt(code=code, number=row["number"])

    async def status(self, code: str) -> Status:
        """Where the report with this code stands. Raises NotFoundError."""
        return await self.desk.read(lambda reader: self._status(reader, code))

    async def answer(self, code: str, text: str) -> Status:
        """Say something to whoever asked. Raises NotFoundError, NotAllowedError."""
        kept = await self.desk.read(lambda reader: self._kept(reader, code))
        await self.act(Say(kept.site, kept.case_id, None, text))
        return await self.status(code)

    async def rate(self, code: str, rating: int, note: str) -> Status:
        """Say how it ended, once. Raises NotFoundError, NotAllowedError."""
        kept = await self.desk.read(lambda reader: self._kept(reader, code))
        await self.act(RateReport(kept.site, kept.case_id, rating, note.strip() or None))
        return await self.status(code)

    def _check_site(self, site: str) -> None:
        if site not in self.sites:
            raise NotFoundError("site", site)

    def _kept(self, reader: Connection, code: str) -> Kept:
        hashed = self.receipts.hash(code)
        found = None if hashed is None else report_by_receipt(reader, hashed)
        if found is None:
            raise NotFoundError("report", "with this code")
        return found

    def _status(self, reader: Connection, code: str) -> Status:
        kept = self._kept(reader, code)
        case = _case(reader, kept.site, kept.case_id)
        if case is None:
            raise NotFoundError("report", "with this code")
        handled = standing(case, lambda name: _case(reader, kept.site, name))
        category = self.directory.categories.get(case.category)
        resolution = None if handled.resolution is None else RESOLUTIONS.get(handled.resolution)
        over = handled.closed_at is not None
        return Status(
            number=case.number,
            category=case.title if category is None else category.name,
            opened_at=case.opened_at,
            state=handled.state.value,
            state_name=STATE_NAMES[handled.state],
            closed=over,
            resolution=None if resolution is None else resolution.name,
            steps=_way(reader, case, handled),
            said=_said(reader, case),
            may_rate=over and kept.rated_at is None,
            rating=kept.rating,
        )


def _case(reader: Connection, site: str, name: str) -> Case | None:
    row = one_case(reader, site, name)
    return None if row is None else case_of(row)


def _way(reader: Connection, case: Case, handled: Case) -> list[Stage]:
    """What became of it; once it was merged, what becomes of the case that stands for it."""
    steps = case_steps(reader, case.id)
    if handled is case:
        return _stages(steps)
    ahead = case_steps(reader, handled.id)
    merged = [
        row
        for row, step in enumerate(ahead)
        if step["action"] == MERGED_IN and step["detail"]["case"] == case.id
    ]
    return _stages(steps) + _stages(ahead[merged[-1] :])


def _stages(steps: Sequence[Record]) -> list[Stage]:
    """When it came to each step; who did it, and what they noted, is the hub's own."""
    names = {state.value: name for state, name in STATE_NAMES.items()}
    return [
        Stage(name=names[step["to_state"]], at=step["at"])
        for step in steps
        if step["from_state"] != step["to_state"] and step["to_state"] in names
    ]


def _said(reader: Connection, case: Case) -> list[Said]:
    told = [step for step in case_steps(reader, case.id) if step["action"] in {ASK, ANSWER}]
    return [
        Said(own=step["action"] == ANSWER, text=step["note"] or "", at=step["at"])
        for step in told[-MOST_SHOWN:]
    ]
