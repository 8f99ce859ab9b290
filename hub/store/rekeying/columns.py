"""Every column that holds a keyed hash, or looks as if it did: what a new hash key means for it.

A test walks the schema: a column that looks like one and stands nowhere here fails it.
"""

from typing import Any, Final

from sqlalchemy import Column

from hub.store.schema import (
    accept_link,
    api_token,
    audit,
    audit_anchor,
    credential,
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
    user,
    watch_entry,
)

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
