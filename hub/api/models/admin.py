"""Administration: the configuration's files, channels, models, rights."""

from typing import Annotated, Any

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from hub.config.role import Role
from wire import Id, Text

_MOST_TEXT = 4 * 1024 * 1024


class ConfigPart(Answer):
    """A file of the configuration.

    version: names what stands on the disk now. own: it is a copy of this estate, written from the
        console; stale: the file that it was made from has changed since.
    at_once: what is saved takes effect at once; otherwise the hub's next start reads it.
    pending: what stands there is not what the hub runs with.
    """

    area: str
    name: str
    title: Text
    editable: bool
    own: bool
    stale: bool
    pending: bool
    at_once: bool
    version: str
    saved_at: At | None
    saved_by: str | None


class ConfigParts(Answer):
    """All that the asking user may see. fault: why the hub could not start with what is there."""

    parts: list[ConfigPart]
    fault: str | None


class ConfigChoice(Answer):
    """Something that a field may name."""

    id: str
    name: Text


class ConfigDocument(Answer):
    """A file as data. Secrets read `********`; sent back so, they stay what they are.

    form: the JSON schema of `document`, from the model that the hub reads it with; `x-of` names
        the list in `choices` that a field chooses from.
    text: as TOML, with its comments; null where it may hold secrets.
    """

    part: ConfigPart
    document: dict[str, Any]
    form: dict[str, Any]
    choices: dict[str, list[ConfigChoice]]
    text: str | None


class ConfigWish(Ask):
    """A change that is based on `version`: a document, a TOML text, or a text of the past."""

    version: Annotated[str, Field(max_length=64)]
    document: dict[str, Any] | None = None
    text: Annotated[str, Field(max_length=_MOST_TEXT)] | None = None
    past: Annotated[str, Field(max_length=64)] | None = None


class ConfigFault(Answer):
    """A mistake. part: the file in which it shows, which may be another one; key: where in it."""

    part: str
    key: str
    problem: Text


class ConfigChange(Answer):
    """A difference; null where there is nothing. Secrets are not told."""

    key: str
    before: Any
    after: Any


class ConfigCheck(Answer):
    """What saving would do. comments_kept: the file keeps the comments that stand in it."""

    ok: bool
    faults: list[ConfigFault]
    changes: list[ConfigChange]
    comments_kept: bool
    at_once: bool


class ConfigPast(Answer):
    """A text that was in force. by: who saved it; null for one that came another way."""

    id: str
    at: At | None
    by: str | None
    version: str


class ChannelTest(Ask):
    """Whom of the organisation the test message goes to."""

    post: Annotated[Id, Field(max_length=64)] | None = None


class ChannelTested(Answer):
    """Whether the service took it. why: what went wrong; it names no address."""

    sent: bool
    why: str | None


class Detector(Answer):
    """A model that looks at pictures. card: what was measured, as Markdown."""

    name: str
    version: str
    labels: list[str]
    width: int
    height: int
    suspicion: float | None
    alarm: float | None
    bytes: int
    sha256: str
    in_use: bool
    card: str


class RightInfo(Answer):
    """One thing that can be done. role: the least that may.

    departmental: people of a department may too, of cases that concern them.
    """

    id: str
    role: Role
    about_site: bool
    departmental: bool
