"""Claims, certificates, renewals, revocations: what is given out, and to whom it is not."""

import os
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from edge.identity.files import load_identity, signing_request
from hub.app.certifying import DAY_MS, first_to_end
from hub.pki import Authority, Enrolment, EnrolmentRefusedError, PkiError
from hub.pki.broker import ended_names
from tests.hub_machinery.certified import (
    AGENTS,
    SITE,
    Hand,
    an_enrolment,
    asking,
    enrolled,
    renewing,
)
from wire.enrolment import plain_code

T0 = 1_760_000_000_000
MIN = 60_000


@pytest.fixture
def clock():
    return Hand(T0)


@pytest.fixture
def enrolment(tmp_path, clock):
    return an_enrolment(tmp_path / "secrets", clock.now)


def issued(enrolment):
    return len(enrolment.register.read().certificates)


def test_a_claim_gives_one_certificate_named_after_its_agent(enrolment):
    code = enrolment.claim(SITE, "gates", "SN-1")
    answer = enrolment.enrol(asking(code))
    made = x509.load_pem_x509_certificate(answer.certificate.encode())
    named = {one.oid: one.value for one in made.subject}
    assert named[NameOID.COMMON_NAME] == "court/gates"
    assert (named[NameOID.ORGANIZATION_NAME], named[NameOID.SERIAL_NUMBER]) == ("court", "SN-1")
    assert issued(enrolment) == 1
    with pytest.raises(EnrolmentRefusedError):
        enrolment.enrol(asking(code))
    assert issued(enrolment) == 1


@pytest.mark.parametrize(
    ("other", "later"),
    [
        ({"site": "yard"}, 0),
        ({"agent": "water"}, 0),
        ({"serial": "SN-2"}, 0),
        ({"serial": "sn-1"}, 0),
        ({}, 15 * MIN),
        ({}, 1000 * MIN),
    ],
)
def test_another_site_agent_or_machine_or_too_late_is_given_none(enrolment, clock, other, later):
    code = enrolment.claim(SITE, "gates", "SN-1")
    clock.ms += later
    with pytest.raises(EnrolmentRefusedError):
        enrolment.enrol(asking(code, **other))
    assert issued(enrolment) == 0


def test_a_wrong_or_voided_code_is_given_none(enrolment):
    first = enrolment.claim(SITE, "gates", "SN-1")
    second = enrolment.claim(SITE, "gates", "SN-1")
    water = enrolment.claim(SITE, "water", "SN-1")
    for wrong in (first, water, "0" * 25, "Z" * 25):
        with pytest.raises(EnrolmentRefusedError):
            enrolment.enrol(asking(wrong))
    assert issued(enrolment) == 0
    enrolment.enrol(asking(second))


def test_who_listens_cannot_put_a_key_of_its_own_in(enrolment):
    """The code never travels: a proof is of one signing request, and of no other."""
    code = enrolment.claim(SITE, "gates", "SN-1")
    honest = asking(code)
    thief = ec.generate_private_key(ec.SECP256R1())
    stolen = honest.model_copy(update={"csr": signing_request(thief, "court/gates")})
    with pytest.raises(EnrolmentRefusedError):
        enrolment.enrol(stolen)
    assert plain_code(code) not in honest.model_dump_json()
    assert plain_code(code) not in (enrolment.register._path).read_text()
    enrolment.enrol(honest)


def test_a_code_is_read_as_people_type_it(enrolment):
    code = enrolment.claim(SITE, "gates", "SN-1")
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    enrolment.enrol(asking(typed))


def test_a_request_with_another_kind_of_key_or_a_broken_signature_is_refused(enrolment):
    code = enrolment.claim(SITE, "gates", "SN-1")
    good = asking(code)
    weak = rsa.generate_private_key(65537, 1024)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "court/gates")])
    asked = x509.CertificateSigningRequestBuilder().subject_name(name)
    pem = asked.sign(weak, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    other = asked.sign(ec.generate_private_key(ec.SECP384R1()), hashes.SHA256())
    for csr in (
        pem,
        other.public_bytes(serialization.Encoding.PEM).decode(),
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        "x",
        "ü",
    ):
        with pytest.raises(EnrolmentRefusedError):
            enrolment.enrol(good.model_copy(update={"csr": csr}))
    assert issued(enrolment) == 0


def test_no_claim_for_an_agent_that_the_registry_does_not_know(enrolment):
    for site, agent in ((SITE, "nobody"), ("yard", "gates")):
        with pytest.raises(PkiError):
            enrolment.claim(site, agent, "SN-1")


def test_a_certificate_is_renewed_by_its_own_key_in_its_last_third(enrolment, clock):
    key = ec.generate_private_key(ec.SECP256R1())
    first = enrolment.enrol(asking(enrolment.claim(SITE, "gates", "SN-1"), key=key)).certificate
    with pytest.raises(EnrolmentRefusedError, match="too soon"):
        enrolment.renew(renewing(first, key))
    clock.ms += 250 * DAY_MS
    with pytest.raises(EnrolmentRefusedError):
        enrolment.renew(renewing(first, key, signer=ec.generate_private_key(ec.SECP256R1())))
    answer = enrolment.renew(renewing(first, key))
    made = x509.load_pem_x509_certificate(answer.certificate.encode())
    assert made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "court/gates"
    assert issued(enrolment) == 2
    clock.ms += 200 * DAY_MS
    with pytest.raises(EnrolmentRefusedError, match="ended"):
        enrolment.renew(renewing(first, key))


def test_nobody_renews_what_was_revoked_or_is_of_another_hub(enrolment, clock, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    mine = enrolment.enrol(asking(enrolment.claim(SITE, "gates", "SN-1"), key=key)).certificate
    other = an_enrolment(tmp_path / "other", clock.now)
    theirs = other.enrol(asking(other.claim(SITE, "gates", "SN-1"), key=key)).certificate
    clock.ms += 300 * DAY_MS
    with pytest.raises(EnrolmentRefusedError, match="not a certificate of this hub"):
        enrolment.renew(renewing(theirs, key))
    (ended,) = enrolment.revoke("court/gates", "stolen")
    with pytest.raises(EnrolmentRefusedError, match="revoked"):
        enrolment.renew(renewing(mine, key))
    book = enrolment.register.read()
    assert ended_names(book, clock.now()) == ["court/gates"]
    crl = Authority.load(tmp_path / "secrets").crl([(int(ended.serial, 16), clock.now())], T0)
    read = x509.load_pem_x509_crl(crl.encode())
    assert [one.serial_number for one in read] == [int(ended.serial, 16)]


def test_a_revocation_ends_open_claims_too(enrolment):
    enrolment.enrol(asking(enrolment.claim(SITE, "gates", "SN-1")))
    code = enrolment.claim(SITE, "gates", "SN-1")
    enrolment.revoke("court/gates", "stolen")
    with pytest.raises(EnrolmentRefusedError):
        enrolment.enrol(asking(code))


def test_the_one_that_ends_first_is_told_and_a_renewal_counts(enrolment, clock):
    key = ec.generate_private_key(ec.SECP256R1())
    gates = enrolment.enrol(asking(enrolment.claim(SITE, "gates", "SN-1"), key=key)).certificate
    clock.ms += 100 * DAY_MS
    enrolment.enrol(asking(enrolment.claim(SITE, "water", "SN-2"), agent="water", serial="SN-2"))
    name, days = first_to_end(enrolment.register.read(), clock.now())
    assert (name, round(days)) == ("court/gates", 265)
    clock.ms += 240 * DAY_MS
    enrolment.renew(renewing(gates, key))
    name, days = first_to_end(enrolment.register.read(), clock.now())
    assert (name, round(days)) == ("court/water", 125)
    enrolment.revoke("court/water", "gone")
    assert first_to_end(enrolment.register.read(), clock.now())[0] == "court/gates"
    assert first_to_end(enrolment.register.read(), clock.now() + 1000 * DAY_MS) is None


def test_keys_are_private_and_an_authority_is_made_once(tmp_path):
    folder = tmp_path / "secrets"
    made = Authority.make(folder, T0)
    key = folder / "pki-ca.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(PkiError, match="exists already"):
        Authority.make(folder, T0)
    assert Authority.load(folder).fingerprint == made.fingerprint
    key.chmod(0o640)
    with pytest.raises(PkiError, match="0600"):
        Authority.load(folder)
    nothing = Enrolment(tmp_path / "none", {SITE: AGENTS}, lambda: T0)
    with pytest.raises(EnrolmentRefusedError, match="issues no certificates"):
        nothing.enrol(asking("0" * 25))


def test_an_identity_appears_whole_and_a_crash_between_leaves_one(enrolment, tmp_path):
    data = tmp_path / "agent"
    first = enrolled(enrolment, data, "gates")
    assert stat.S_IMODE(first.key_file.stat().st_mode) == 0o600
    before = first.certificate_file.read_text()
    second = enrolled(enrolment, data, "gates")
    assert second.certificate_file.read_text() != before
    assert sorted(path.name for path in data.iterdir()) == ["identity"]
    (data / "identity").rename(data / "identity.old")  # killed here
    assert load_identity(data).certificate_file.read_text() == second.certificate_file.read_text()
    assert load_identity(Path(tmp_path / "nobody")) is None


def test_what_root_writes_belongs_to_the_hub_s_user(tmp_path):
    """`gatehouse pki` is run by root, the hub is not: it must be able to read its authority."""
    owner = 65_534 if os.geteuid() == 0 else os.geteuid()
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, owner, -1)
    enrolment = an_enrolment(data / "secrets")
    agent = tmp_path / "agent"
    agent.mkdir()
    os.chown(agent, owner, -1)
    enrolled(enrolment, agent, "gates")
    made = [*data.rglob("*"), *agent.rglob("*")]
    assert len(made) >= 9
    assert {path.stat().st_uid for path in made} == {owner}
