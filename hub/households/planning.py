"""What a list changes in what is registered: decided line by line, written by `hub.store`.

The same list again changes nothing: a line is known by its room and name, a card or plate by what
it says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from hub.households import problem as said
from hub.households.entry import Entry, Place
from hub.households.masks import mask_name, mask_phone
from hub.households.problem import Problem
from wire.plates import mask as mask_plate


class CredentialKind(StrEnum):
    """What somebody is let in by."""

    PLATE = "plate"
    CARD = "card"
    CODE = "code"
    PHONE = "phone"


class KnownPerson(NamedTuple):
    """One that is registered. phone: its hash."""

    id: str
    phone: str | None
    since: int | None
    until: int | None


class KnownCredential(NamedTuple):
    """One that is registered."""

    id: str
    household: str
    person: str | None
    since: int | None
    until: int | None


def name_text(name: str) -> str:
    """What the hash of a name is made of: it is none of a card."""
    return "name\n" + name


@dataclass(slots=True)
class Known:
    """What is registered of a site. households: those that have not ended, by place.

    people: by household and the hash of their name. tags: (person, tag). credentials: by subject.
    """

    revision: int
    households: dict[Place, str] = field(default_factory=dict)
    people: dict[tuple[str, str], KnownPerson] = field(default_factory=dict)
    tags: set[tuple[str, str]] = field(default_factory=set)
    credentials: dict[str, KnownCredential] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a site's values are kept: see `hub.store.seal`. of_name, of_phone: hashes to find by."""

    hash: Callable[[str], str]
    seal: Callable[[bytes], bytes]
    mask: Callable[[str], str]

    def unsealed(self) -> "Sealing":
        """The same, but that nothing is sealed: for what is tried, and never written."""
        return replace(self, seal=lambda _: b"")

    def of_name(self, name: str) -> str:
        """By what a name is found again."""
        return self.hash(name_text(name))

    def of_phone(self, phone: str) -> str:
        """Nor of a telephone number."""
        return self.hash("phone\n" + phone)

    def masked(self, kind: str, value: str) -> str:
        """What people may see of a card or plate."""
        return mask_plate(value) if kind == _PLATE else self.mask(value)


NewHousehold = tuple[str, str, str, str]
NewPerson = tuple[
    str, str, bytes, str, str, bytes | None, str | None, str | None, int | None, int | None
]
NewCredential = tuple[str, str, str | None, str, str, bytes, str, int | None, int | None]
ChangedPerson = tuple[bytes | None, str | None, str | None, int | None, int | None, str]
ChangedCredential = tuple[str, str | None, int | None, int | None, str]


@dataclass(slots=True)
class Changes:
    """Rows to write, each as its table's columns stand in `hub.store.households.bulk`."""

    households: list[NewHousehold] = field(default_factory=list)
    people: list[NewPerson] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    credentials: list[NewCredential] = field(default_factory=list)
    phones_changed: list[tuple[bytes, str, str, str]] = field(default_factory=list)
    days_changed: list[tuple[int | None, int | None, str]] = field(default_factory=list)
    credentials_changed: list[ChangedCredential] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """What was there and is different now, new tags of somebody known included."""
        return len(self.phones_changed) + len(self.days_changed) + len(self.credentials_changed)

    def __bool__(self) -> bool:
        return bool(self.households or self.people or self.tags or self.credentials or self.changed)


_CARD: Final = CredentialKind.CARD.value
_PLATE: Final = CredentialKind.PLATE.value


@dataclass(slots=True)
class Planner:
    """known: grows with what is planned. new_id: draws one. now: ms."""

    known: Known
    sealing: Sealing
    new_id: Callable[[], str]
    now: int
    changes: Changes = field(default_factory=Changes)

    def take(self, entry: Entry) -> Problem | None:
        """Plan what a line says; what is wrong with it is told, and it changes nothing then."""
        home = self.known.households.get(entry.place)
        hash_of = self.sealing.hash
        hashes = [(_CARD, value, hash_of(value)) for value in entry.cards]
        if entry.plates:
            hashes += [(_PLATE, value, hash_of(value)) for value in entry.plates]
        for kind, _, subject in hashes:
            there = self.known.credentials.get(subject)
            if there is not None and there.household != home and not self._over(there):
                return Problem(entry.line, kind, *said.ELSEWHERE)
        if home is None:
            home = self.new_id()
            self.known.households[entry.place] = home
            self.changes.households.append((home, *entry.place))
        person = None if entry.name is None else self._person(home, entry.name, entry)
        for kind, value, subject in hashes:
            self._credential(home, person, kind, value, subject, entry)
        return None

    def take_changes(self) -> Changes:
        """What was planned since the last time."""
        made, self.changes = self.changes, Changes()
        return made

    def _over(self, one: KnownCredential) -> bool:
        return one.until is not None and one.until <= self.now

    def _person(self, home: str, name: str, entry: Entry) -> str:
        sealing, phone = self.sealing, entry.phone
        key = (home, sealing.of_name(name))
        phone_hash = None if phone is None else sealing.of_phone(phone)
        known = self.known.people.get(key)
        if known is None:
            known = KnownPerson(self.new_id(), phone_hash, entry.since, entry.until)
            self.changes.people.append(
                (
                    known.id,
                    home,
                    sealing.seal(name.encode()),
                    key[1],
                    mask_name(name),
                    None if phone is None else sealing.seal(phone.encode()),
                    phone_hash,
                    None if phone is None else mask_phone(phone),
                    entry.since,
                    entry.until,
                )
            )
        else:
            known = self._same_person(known, phone_hash, entry)
        self.known.people[key] = known
        for tag in entry.tags:
            if (known.id, tag) not in self.known.tags:
                self.known.tags.add((known.id, tag))
                self.changes.tags.append((known.id, tag))
        return known.id

    def _same_person(self, known: KnownPerson, phone_hash: str | None, entry: Entry) -> KnownPerson:
        """What a list leaves empty stays as it is."""
        if entry.phone is not None and phone_hash is not None and phone_hash != known.phone:
            sealed = self.sealing.seal(entry.phone.encode())
            self.changes.phones_changed.append(
                (sealed, phone_hash, mask_phone(entry.phone), known.id)
            )
            known = known._replace(phone=phone_hash)
        since = known.since if entry.since is None else entry.since
        until = known.until if entry.until is None else entry.until
        if (since, until) != (known.since, known.until):
            self.changes.days_changed.append((since, until, known.id))
            known = known._replace(since=since, until=until)
        return known

    def _credential(
        self,
        home: str,
        person: str | None,
        kind: str,
        value: str,
        subject: str,
        entry: Entry,
    ) -> None:
        known = self.known.credentials.get(subject)
        if known is None:
            known = KnownCredential(self.new_id(), home, person, entry.since, entry.until)
            self.changes.credentials.append(
                (
                    known.id,
                    home,
                    person,
                    kind,
                    subject,
                    self.sealing.seal(value.encode()),
                    self.sealing.masked(kind, value),
                    entry.since,
                    entry.until,
                )
            )
            self.known.credentials[subject] = known
            return
        after = known
        if known.household != home:  # it ended there: see `take`
            after = KnownCredential(known.id, home, person, entry.since, entry.until)
        elif known.person == person:
            since = known.since if entry.since is None else entry.since
            until = known.until if entry.until is None else entry.until
            after = known._replace(since=since, until=until)
        if after != known:
            self.changes.credentials_changed.append((*after[1:], after.id))
            self.known.credentials[subject] = after
