"""Tables of who lives on an estate: households, people, and what gates and cameras know them by.

Names, telephone numbers, plates and cards stand here sealed, beside what people may see of them and
a keyed hash to find them by.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata

household = Table(
    "household",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    Column("building", ID, nullable=False),
    # The staircase (单元); empty where the building has one.
    Column("entrance", String(16), nullable=False, server_default=""),
    Column("room", String(16), nullable=False),
    # Lived there from and until, ms; NULL: not known, not ended.
    Column("since_at", MS),
    Column("until_at", MS),
    Column("created_at", MS, nullable=False),
    Column("changed_at", MS, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_household_place", "site", "building", "entrance", "room", "id"),
    Index("ix_household_until_at", "until_at"),
)


def _household() -> Column[str]:
    parent = ForeignKey("household.id", ondelete="CASCADE")
    return Column("household", String(32), parent, nullable=False, index=True)


person = Table(
    "person",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    _household(),
    Column("name", LargeBinary, nullable=False),
    Column("name_hash", String(64), nullable=False),
    Column("name_masked", String(64), nullable=False),
    Column("phone", LargeBinary),
    Column("phone_hash", String(64)),
    Column("phone_masked", String(32)),
    Column("since_at", MS),
    Column("until_at", MS),
    Column("created_at", MS, nullable=False),
    Column("changed_at", MS, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_person_site_name_hash", "site", "name_hash"),
    Index("ix_person_site_phone_hash", "site", "phone_hash"),
    Index("ix_person_until_at", "until_at"),
)

person_tag = Table(
    "person_tag",
    metadata,
    Column("person", String(32), ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", ID, primary_key=True),
    Column("site", ID, nullable=False),
    Index("ix_person_tag_site_tag", "site", "tag"),
    sqlite_with_rowid=False,
)

credential = Table(
    "credential",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    _household(),
    # Whose it is; NULL: the household's, as a car mostly is.
    Column("person", String(32), ForeignKey("person.id", ondelete="SET NULL"), index=True),
    # plate, card, code, phone
    Column("kind", String(16), nullable=False),
    # The keyed hash by which passages know it, itself under seal, and what people may see.
    Column("subject", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("masked", String(64), nullable=False),
    Column("since_at", MS),
    Column("until_at", MS),
    Column("created_at", MS, nullable=False),
    Column("changed_at", MS, nullable=False),
    Column("version", Integer, nullable=False),
    Index("uq_credential_site_subject", "site", "subject", unique=True),
    Index("ix_credential_until_at", "until_at"),
)

household_revision = Table(
    "household_revision",
    metadata,
    # Counts up with each change of a site's households: a plan made before one is made again.
    Column("site", ID, primary_key=True),
    Column("revision", MS, nullable=False),
    sqlite_with_rowid=False,
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # person, household
    Column("kind", String(16), nullable=False),
    # The id of what was to be erased; whose it was is told nowhere any more.
    Column("target", String(32), nullable=False),
    # asked, done, refused, withdrawn
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", MS, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at", MS),
    # What was erased and what was kept, with the reason; as `hub.households.erasure` made it.
    Column("report", JSON_VALUE),
    Index("ix_erasure_site_asked_at", "site", "asked_at", "id"),
    Index("ix_erasure_decided_at", "decided_at"),
)
