"""The work bench: a part is read, a change is checked as the next start would, and put in force."""

import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.config import HubConfig, load_alarms, load_catalogue, load_site
from hub.config.org import Org, load_org
from hub.config.own import CHANNELS, HISTORY
from hub.editing.changes import Change, changes
from hub.editing.choices import Choice, choices
from hub.editing.faults import Fault, faults_of, plain
from hub.editing.parts import HUB, NOTIFY, Part
from hub.editing.schema import Document, Schema, schema_of, spoken, written
from hub.editing.secrets import comparable, hide, is_secret, reveal
from hub.editing.shelf import Shelf, version_of
from hub.editing.text import write
from hub.errors import BadRequestError, ConfigError, ConflictError, HubError, NotFoundError

ORIGINAL: Final = "original"
"""Among texts of the past: the file that `hub.toml` names, as it is now."""


class FaultyError(HubError):
    """A changed document that the hub could not start with; `faults` say why."""

    code = "bad-config"

    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        super().__init__(f"{first.part}: {first.key}: {first.problem.en}")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Wish:
    """A change, in one of three ways. based_on: the version that it began with.

    document: as JSON says it. text: as TOML. past: id of a text of the past, or `original`.
    """

    based_on: str
    document: Document | None = None
    text: str | None = None
    past: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that was looked through. comments_kept: False where the text lost its comments."""

    text: str
    changes: list[Change]
    faults: list[Fault]
    comments_kept: bool = True


@dataclass(frozen=True, slots=True)
class Bench:
    """check: reads everything that a configuration names, as a start does; raises ConfigError.

    parts: by id, see `parts_of`.
    """

    config: HubConfig
    check: Callable[[HubConfig], object]
    parts: Mapping[str, Part]

    @property
    def shelf(self) -> Shelf:
        """Where the own copies lie."""
        return Shelf(self.config.own_folder)

    def fault(self) -> str | None:
        """Why a start with what stands on the disk would fail; None when it would not."""
        try:
            self.check(self.config)
        except ConfigError as error:
            return f"{error.file.name}: {error.key}: {error.problem}"
        return None

    def org(self) -> Org:
        """The organisation as it stands on the disk. Raises ConfigError."""
        return load_org(self.config.org, self.config.own_folder / "org")

    def choices(self) -> dict[str, list[Choice]]:
        """What fields may name, by kind; nothing while what stands on the disk cannot be read."""
        own = self.config.own_folder
        try:
            return choices(
                self.org(),
                load_catalogue(self.config.cases, own / "cases"),
                load_alarms(self.config.alarms, own / "alarms"),
                [load_site(path) for path in self.config.site_files],
            )
        except ConfigError:
            return {}

    def document(self, part: Part, past: str | None = None) -> Document:
        """What the part says, without its secrets. Raises NotFoundError, ConfigError."""
        if part.id == HUB:
            found: Document = self.config.model_dump(mode="json", by_alias=True, exclude_none=True)
            return found
        text = self._past(part, past) if past else self.shelf.text(part)
        found = spoken(_parsed(part, text))
        return hide(schema_of(part.model), found)

    def text(self, part: Part, past: str | None = None) -> str | None:
        """The part as TOML; None where it may hold secrets."""
        schema = schema_of(part.model)
        if part.id == HUB or any(map(_has_secret, [schema, *schema.get("$defs", {}).values()])):
            return None
        return self._past(part, past) if past else self.shelf.text(part)

    def draft(self, part: Part, wish: Wish) -> Draft:
        """Look a change through. Raises ConflictError when it began with another version."""
        if not part.editable:
            raise BadRequestError("this part is not written from the console", code="read-only")
        now = self.shelf.text(part)
        if version_of(now) != wish.based_on:
            raise ConflictError("somebody else has changed this in between", code="config-changed")
        schema = schema_of(part.model)
        before = spoken(_lenient(now))
        if wish.document is not None:
            return self._of_document(part, wish.document, schema, before, now)
        if wish.text is None and wish.past is None:
            raise BadRequestError("names neither a document, nor a text, nor one of the past")
        if wish.text is not None and self.text(part) is None:
            raise BadRequestError("its secrets are changed one by one, not as a text", field="text")
        text = wish.text if wish.text is not None else self._past(part, wish.past or "")
        return self._of_text(part, text, schema, before)

    def _of_document(
        self, part: Part, given: Document, schema: Schema, before: Document, now: str
    ) -> Draft:
        document, unknown = reveal(schema, given, before)
        faults = [plain(part.id, _key(key), "is missing: give it again") for key in unknown]
        done = write(now, written(schema, document))
        return self._judged(part, done.text, schema, before, faults, done.comments_kept)

    def _of_text(self, part: Part, text: str, schema: Schema, before: Document) -> Draft:
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            return Draft(text, [], [plain(part.id, "", f"is not TOML: {error}")])
        except RecursionError:
            return Draft(text, [], [plain(part.id, "", "is not TOML: nested too deep")])
        return self._judged(part, text, schema, before, [], comments_kept=True)

    def _judged(
        self,
        part: Part,
        text: str,
        schema: Schema,
        before: Document,
        faults: list[Fault],
        comments_kept: bool,  # noqa: FBT001 - handed on
    ) -> Draft:
        document = tomllib.loads(text)
        found = changes(*comparable(schema, before, spoken(document)))
        faults = faults or self._faults(part, document, before, text)
        return Draft(text, found, faults, comments_kept)

    def _faults(self, part: Part, document: Document, before: Document, text: str) -> list[Fault]:
        if part.area == "sites" and document.get("id") != before.get("id"):
            return [plain(part.id, "id", "all that is on record hangs on it: it stays as it is")]
        own = faults_of(part.id, part.model, document)
        return own or self._at_the_next_start(part, text)

    def _at_the_next_start(self, part: Part, text: str) -> list[Fault]:
        """What a start would say with all own copies as they are, and this one changed."""
        folder = self.config.own_folder
        with tempfile.TemporaryDirectory(prefix="gatehouse-check-") as name:
            trial = Path(name) / "own"
            if folder.is_dir():
                shutil.copytree(folder, trial, ignore=shutil.ignore_patterns(HISTORY, ".*"))
            place = trial / part.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch(mode=0o600)
            place.write_text(text, encoding="utf-8")
            try:
                self.check(self.config.model_copy(update={"own": trial}))
            except ConfigError as error:
                return [self._fault(part, trial, error)]
        return []

    def _fault(self, part: Part, trial: Path, error: ConfigError) -> Fault:
        if error.file == trial / part.file:
            return plain(part.id, error.key, error.problem)
        if error.file == trial / CHANNELS:
            return plain(NOTIFY, error.key, error.problem)
        other = f"{error.file.parent.name}/{error.file.stem}"
        return plain(other, error.key, error.problem)

    def _past(self, part: Part, name: str) -> str:
        if name == ORIGINAL:
            return self.shelf.original(part)
        for one in self.shelf.history(part):
            if one.id == name:
                return one.path.read_text(encoding="utf-8")
        raise NotFoundError("version", name)


def _parsed(part: Part, text: str) -> Document:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(part.id, "", f"is not TOML: {error}") from None


def _lenient(text: str) -> Document:
    """A file that somebody broke by hand says nothing; what comes is compared with that."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _has_secret(schema: Schema) -> bool:
    fields = schema.get("properties", {}).values()
    either = [*fields, *(one for field in fields for one in field.get("anyOf", ()))]
    return any(map(is_secret, either))


def _key(key: tuple[str | int, ...]) -> str:
    words = ""
    for one in key:
        words += f"[{one}]" if isinstance(one, int) else f".{one}" if words else one
    return words
