"""Exports of access traces as the API tells of them."""

from typing import Annotated

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from hub.traces.export import ExportState
from wire import Id


class NewExport(Ask):
    """Which passages: from `start` on and before `end`, ms; of a device, of somebody (mark).

    pictures: with them. plain: credentials in clear, not masked.
    """

    device: Id | None = None
    subject: Annotated[str | None, Field(pattern="^[0-9a-f]{12}$")] = None
    start: At
    end: At
    pictures: bool = False
    plain: bool = False


class ExportStep(Ask):
    """A word on a request; a refusal says why."""

    note: Annotated[str | None, Field(max_length=300)] = None


class Export(Answer):
    """One export. total: its rows, then rows and pictures; done: how many of them are made.

    until: when the request is void, or the file is deleted. size, sha256: of the file.
    """

    id: str
    site: str
    state: ExportState
    requester: str
    asked_at: At
    purpose: str
    reason: str
    case: str | None
    device: str | None
    subject: str | None
    start: At
    end: At
    pictures: bool
    plain: bool
    decider: str | None
    decided_at: At | None
    note: str | None
    done: int
    total: int
    made_at: At | None
    size: int | None
    sha256: str | None
    until: At
