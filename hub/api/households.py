"""Who lives where: looked up, changed, unmasked; each change and each look is on record."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.looking import Looking
from hub.api.models import household as asked
from hub.api.models.household import UnmaskedResident
from hub.api.present.household import Eyes
from hub.api.trail import Trail
from hub.errors import BadRequestError
from hub.households import entry as forms
from hub.households.masks import mask_name, mask_phone
from hub.households.planning import CredentialKind, Sealing
from hub.store.households import rows
from hub.store.households.reads import HouseholdQuery, one_row, sealed_of
from hub.store.people.trail import append_act
from hub.store.schema import credential, household, person
from hub.store.seal import Seal, mask
from wire.plates import parse

_THINGS: Final[Mapping[str, Table]] = {
    "household": household,
    "person": person,
    "credential": credential,
}


@dataclass(frozen=True, slots=True)
class Households:
    """now: hub clock, ms."""

    desk: Desk
    directory: Directory
    trail: Trail
    seal: Seal
    now: Callable[[], int]

    def sealing(self, site: str) -> Sealing:
        """How a site's values are kept."""
        return Sealing(
            hash=self.seal.hasher(site),
            seal=self.seal.sealer(site),
            mask=mask,
        )

    def query(self, site: str, wish: asked.HouseholdSearch, actor: Actor) -> HouseholdQuery:
        """What a search means. Raises BadRequestError for a tag that the role does not see."""
        sealing = self.sealing(site)
        if wish.tag is not None and wish.tag not in Eyes(self.directory, actor).seen:
            raise BadRequestError("is no tag that you may see", field="tag")
        value = wish.credential
        plate = None if value is None else parse(value)
        value = value if plate is None else plate.text
        phone = None if wish.phone is None else forms.dialled(wish.phone)
        return HouseholdQuery(
            building=wish.building,
            entrance=wish.entrance,
            room=wish.room,
            name=None if wish.name is None else sealing.of_name(" ".join(wish.name.split())),
            phone=None if phone is None else sealing.of_phone(phone),
            subject=None if value is None else sealing.hash(value),
            tags=() if wish.tag is None else (wish.tag,),
            limit=wish.limit,
            after=wish.after,
        )

    async def make_household(self, site: str, wish: asked.NewHousehold, by: Actor) -> str:
        """Register one; its id. Raises BadRequestError, ConflictError."""
        known = {one.id for one in self.directory.sites[site].buildings}
        if wish.building not in known:
            raise BadRequestError("is no building of this site", field="building")
        _in_order(wish.since, wish.until)
        values = {
            "building": wish.building,
            "entrance": wish.entrance,
            "room": wish.room,
            "since_at": wish.since,
            "until_at": wish.until,
        }
        return await self._add(site, "household", values, by)

    async def make_person(self, site: str, home: str, wish: asked.NewResident, by: Actor) -> str:
        """Register somebody. Raises NotFoundError, BadRequestError."""
        self._check_tags(wish.tags, by)
        _in_order(wish.since, wish.until)
        values = {
            "household": home,
            **self._name(site, wish.name),
            **self._phone(site, wish.phone),
            "since_at": wish.since,
            "until_at": wish.until,
        }
        return await self._add(site, "person", values, by, tags=wish.tags)

    async def make_credential(
        self, site: str, home: str, wish: asked.NewCredential, by: Actor
    ) -> str:
        """Register a card or car. Raises NotFoundError, BadRequestError, ConflictError."""
        _in_order(wish.since, wish.until)
        value = wish.value.strip()
        if wish.kind is CredentialKind.PLATE:
            plate = parse(value)
            if plate is None:
                raise BadRequestError("is no plate", field="value")
            value = plate.text
        elif wish.kind is CredentialKind.CARD and forms.card_number(value) is None:
            raise BadRequestError("is no card number", field="value")
        sealing = self.sealing(site)
        values = {
            "household": home,
            "person": wish.person,
            "kind": wish.kind.value,
            "subject": sealing.hash(value),
            "sealed": sealing.seal(value.encode()),
            "masked": sealing.masked(wish.kind, value),
            "since_at": wish.since,
            "until_at": wish.until,
        }
        return await self._add(site, "credential", values, by)

    async def change_person(
        self, site: str, name: str, wish: asked.ResidentChange, by: Actor
    ) -> None:
        """Change what is given. Raises NotFoundError, BadRequestError, ConflictError."""
        values = _days(wish)
        if wish.name is not None:
            values |= self._name(site, wish.name)
        if "phone" in wish.model_fields_set:
            values |= self._phone(site, wish.phone)
        tags = wish.tags
        if tags is not None:
            self._check_tags(tags, by)
        await self._change(site, "person", name, values, wish.version, by, tags=tags)

    async def change(
        self,
        site: str,
        thing: str,
        name: str,
        wish: asked.HouseholdChange | asked.CredentialChange,
        by: Actor,
    ) -> None:
        """Change a household or a credential. Raises as `change_person`."""
        values = _days(wish)
        if isinstance(wish, asked.CredentialChange) and "person" in wish.model_fields_set:
            values["person"] = wish.person
        await self._change(site, thing, name, values, wish.version, by)

    async def remove(self, site: str, thing: str, name: str, by: Actor) -> None:
        """Take it off the register; what passages say of it stays. Raises NotFoundError."""
        act = self.trail.act(by, site, f"{thing}.remove", name)

        def work(connection: Connection) -> None:
            rows.remove_row(connection, _THINGS[thing], site, name)
            append_act(connection, act)

        await self.desk.write(work)

    async def unmask(self, site: str, name: str, look: Looking, reason: str) -> UnmaskedResident:
        """Open somebody's seal; on record first. Raises NotFoundError, OverQuotaError.

        Cards and plates come along for those who may unmask them at passages too.
        """
        row, held = await self.desk.read(lambda reader: sealed_of(reader, site, name))
        if not may(look.actor, Permission.PASSAGE_UNMASK, Thing(site=site)):
            held = ()
        subjects = [one["subject"] for one in held]
        said = " ".join(reason.split())
        await look.shown("person.unmask", name, subjects=subjects, person=name, unmask_reason=said)
        phone = row["phone"]
        return UnmaskedResident(
            id=name,
            name=self.seal.open(site, row["name"]).decode(),
            phone=None if phone is None else self.seal.open(site, phone).decode(),
            credentials={one["id"]: self.seal.open(site, one["sealed"]).decode() for one in held},
        )

    async def _add(
        self,
        site: str,
        thing: str,
        values: Mapping[str, Any],
        by: Actor,
        *,
        tags: list[str] | None = None,
    ) -> str:
        name, now = secrets.token_hex(16), self.now()
        act = self.trail.act(by, site, f"{thing}.add", name)

        def work(connection: Connection) -> str:
            _check_owners(connection, site, values)
            rows.add_row(connection, _THINGS[thing], {"id": name, "site": site, **values}, now)
            if tags:
                rows.set_tags(connection, site, name, tags)
            append_act(connection, act)
            return name

        return await self.desk.write(work)

    async def _change(
        self,
        site: str,
        thing: str,
        name: str,
        values: Mapping[str, Any],
        version: int,
        by: Actor,
        *,
        tags: list[str] | None = None,
    ) -> None:
        now = self.now()
        fields = sorted({*values, *(("tags",) if tags is not None else ())})
        act = self.trail.act(by, site, f"{thing}.change", name, fields=fields)

        def work(connection: Connection) -> None:
            before = one_row(connection, _THINGS[thing], site, name)
            after = {**before, **values}
            _in_order(after["since_at"], after["until_at"])
            _check_owners(connection, site, {**values, "household": after.get("household")})
            rows.change_row(
                connection, _THINGS[thing], site, name, values, version=version, now=now
            )
            if tags is not None:
                rows.set_tags(connection, site, name, self._kept(connection, name, tags, by))
            append_act(connection, act)

        await self.desk.write(work)

    def _kept(self, connection: Connection, name: str, tags: list[str], by: Actor) -> list[str]:
        """The new tags, and those that whoever changes them does not see."""
        seen = Eyes(self.directory, by).seen
        before = rows.tags_now(connection, name)
        return [*tags, *(one for one in before if one not in seen)]

    def _check_tags(self, tags: list[str], by: Actor) -> None:
        seen = Eyes(self.directory, by).seen
        if any(one not in seen for one in tags):
            raise BadRequestError("names a tag that is not configured", field="tags")

    def _name(self, site: str, words: str) -> dict[str, Any]:
        name = forms.person_name(words)
        if name is None:
            raise BadRequestError("is no name", field="name")
        sealing = self.sealing(site)
        return {
            "name": sealing.seal(name.encode()),
            "name_hash": sealing.of_name(name),
            "name_masked": mask_name(name),
        }

    def _phone(self, site: str, words: str | None) -> dict[str, Any]:
        if words is None:
            return {"phone": None, "phone_hash": None, "phone_masked": None}
        phone = forms.dialled(words)
        if phone is None:
            raise BadRequestError("is no telephone number", field="phone")
        sealing = self.sealing(site)
        return {
            "phone": sealing.seal(phone.encode()),
            "phone_hash": sealing.of_phone(phone),
            "phone_masked": mask_phone(phone),
        }


def _days(wish: Any) -> dict[str, Any]:
    given = wish.model_fields_set
    days = {"since_at": wish.since, "until_at": wish.until}
    return {name: value for name, value in days.items() if name.removesuffix("_at") in given}


def _in_order(since: int | None, until: int | None) -> None:
    if since is not None and until is not None and until <= since:
        raise BadRequestError("is not after the beginning", field="until")


def _check_owners(connection: Connection, site: str, values: Mapping[str, Any]) -> None:
    """What a row belongs to is there, and is one household. Raises NotFoundError."""
    home, owner = values.get("household"), values.get("person")
    if home is not None:
        one_row(connection, household, site, home)
    if owner is not None and one_row(connection, person, site, owner)["household"] != home:
        raise BadRequestError("belongs to another household", field="person")
