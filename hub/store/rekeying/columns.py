"""What new keys mean for each column: for those with a keyed hash, and for those under seal.

A test walks the schema: a column that looks like either and stands nowhere here fails it.
"""

from typing import Any, Final

from sqlalchemy import Column

from hub.store.schema import (
    accept_link,
    api_token,
    audit,
    audit_anchor,
    credential,
    dead_letter,
    looked,
    looked_at,
    machine,
    observation,
    passage,
    passer,
    person,
    person_tag,
    plate_form,
    report,
    report_key,
    rule_state,
    second_factor,
    user,
    watch_entry,
)
from hub.store.seal import CALLBACKS, PEOPLE

HASHES: Final[tuple[Column[Any], ...]] = (
    passage.c.subject,
    passer.c.subject,
    credential.c.subject,
    watch_entry.c.subject,
    person.c.name_hash,
    person.c.phone_hash,
    looked.c.person,
    looked_at.c.subject,
)
"""One hash of a site's value in each row; the table has a column `site`."""

TEXTS: Final[tuple[Column[Any], ...]] = (observation.c.signals, rule_state.c.state)
"""JSON in which such hashes may stand."""

LISTED_ANEW: Final[tuple[Column[Any], ...]] = (plate_form.c.form,)
"""Made again by the hub from what is under seal."""

WITHOUT: Final[dict[Column[Any], str]] = {
    report.c.receipt_hash: "of a code that only its reporter has; it keeps the key that it had",
    report.c.person: "what it was made of is not kept: whoever complains again counts as new",
    rule_state.c.subject: "a device's id",
    credential.c.person: "a person's id",
    person_tag.c.person: "a person's id",
    accept_link.c.personal: "yes or no",
    user.c.password_hash: "argon2id, no key",
    machine.c.secret_hash: "SHA-256 of random bits, no key",
    machine.c.old_hash: "SHA-256 of random bits, no key",
    api_token.c.secret_hash: "SHA-256 of random bits, no key",
    report_key.c.body_hash: "SHA-256 of a request, no key",
    audit.c.hash: "of the chain, no key",
    audit_anchor.c.hash: "of the chain, no key",
}
"""Columns that a new key leaves alone, and why."""

SEALED: Final[dict[Column[Any], str | None]] = {
    passage.c.sealed: None,
    passer.c.sealed: None,
    credential.c.sealed: None,
    watch_entry.c.sealed: None,
    observation.c.sealed: None,
    dead_letter.c.sealed: None,
    person.c.name: None,
    person.c.phone: None,
    report.c.contact: None,
    second_factor.c.sealed: PEOPLE,
    machine.c.callback_secret: CALLBACKS,
}
"""Columns under seal, and what stands in the place of a site where the row names none."""
