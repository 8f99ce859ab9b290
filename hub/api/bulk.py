"""One action on many cases: each is decided, done and put on record by itself."""

import hashlib
from dataclasses import dataclass
from typing import Final

from hub.access.errors import ForbiddenError
from hub.access.roles import Actor
from hub.api.doors import Doors
from hub.api.models.case import CaseActionRequest
from hub.api.models.case_queue import BulkCase, BulkOutcome, BulkRequest
from hub.cases import BULK
from hub.errors import BadRequestError, ConflictError, NotAllowedError, NotFoundError
from hub.store.write.reports import ReportKey
from wire import Text

_CHANGED: Final = Text(
    zh="已被他人更新，请查看后再处理", en="Somebody has changed it meanwhile: look at it again"
)
_REFUSALS: Final = (NotAllowedError, ForbiddenError, BadRequestError, NotFoundError)


@dataclass(frozen=True, slots=True)
class Bulk:
    """One request. key: by what its sender knows it; sent again, nothing is done twice."""

    doors: Doors
    actor: Actor
    site: str
    action: str
    asked: BulkRequest
    key: str

    async def run(self) -> list[BulkOutcome]:
        """What came of it, case by case. Raises BadRequestError for an action of one case."""
        if self.action not in BULK:
            raise BadRequestError("is taken on one case at a time", field="action")
        return [await self._one(case) for case in self.asked.cases]

    async def _one(self, case: BulkCase) -> BulkOutcome:
        given = CaseActionRequest(
            version=case.version, **self.asked.model_dump(exclude={"cases"}, exclude_none=True)
        )
        try:
            await self.doors.act_on_case(
                self.actor, self.site, case.id, self.action, given, self._key(case, given)
            )
        except ConflictError as error:
            return BulkOutcome(id=case.id, outcome="stale", code=error.code, why=_CHANGED)
        except _REFUSALS as error:
            why = error.why if isinstance(error, NotAllowedError) else Text.plain(str(error))
            return BulkOutcome(id=case.id, outcome="refused", code=error.code, why=why)
        return BulkOutcome(id=case.id, outcome="done", code=None, why=None)

    def _key(self, case: BulkCase, given: CaseActionRequest) -> ReportKey:
        return staff_key(
            self.actor, f"{self.key}:{case.id}", f"{self.action} {given.model_dump_json()}"
        )


def staff_key(actor: Actor, key: str, body: str) -> ReportKey:
    """A person's key: their name, hashed, stands where the id of a machine would."""
    owner = hashlib.sha256(f"staff|{actor.name}".encode()).hexdigest()[:16]
    return ReportKey(owner, key, hashlib.sha256(body.encode()).hexdigest())
