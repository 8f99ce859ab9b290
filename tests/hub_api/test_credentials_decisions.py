"""Codes, recovery codes and passwords: what is accepted, without a hub."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access import totp
from hub.access.limits import Limits
from hub.access.password_rules import weakness
from hub.access.passwords import new_password
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.access.tokens import Token
from hub.api.qr import qr_rows
from hub.config import Role

RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    step = totp.step_of(seconds * 1000)
    assert totp.code_at(RFC, step, digits=8) == code
    assert totp.code_at(RFC, step) == code[2:]


@pytest.mark.parametrize(
    ("off", "last", "accepted"),
    [
        *[(-2, 0, False), (-1, 0, True), (0, 0, True), (1, 0, True), (2, 0, False)],
        *[(0, 1000, False), (-1, 1000, False), (1, 1000, True), (0, 1001, False), (0, 999, True)],
    ],
)
def test_a_code_is_good_for_a_step_either_way_and_never_again(off, last, accepted):
    now = 1000 * totp.STEP_MS + 12_345
    step = totp.accepted_step(RFC, totp.code_at(RFC, 1000 + off), now, last)
    assert step == (1000 + off if accepted else None)


@given(st.text(max_size=8))
def test_what_is_not_the_code_is_refused(typed):
    now = 1_760_000_000_000
    codes = {totp.code_at(RFC, totp.step_of(now) + off) for off in (-1, 0, 1)}
    if typed.replace(" ", "") not in codes:
        assert totp.accepted_step(RFC, typed, now, 0) is None


def test_the_address_is_what_apps_read():
    secret = totp.new_secret()
    shown = totp.address(secret, "li.na", "Gatehouse & Co")
    assert shown == (
        f"otpauth://totp/Gatehouse%20%26%20Co:li.na?secret={totp.shown(secret)}"
        "&issuer=Gatehouse+%26+Co"
    )
    assert base64.b32decode(totp.shown(secret)) == secret
    assert len(secret) == 20


def test_its_picture_is_read_by_others():
    cv2 = pytest.importorskip("cv2")
    np = pytest.importorskip("numpy")
    address = totp.address(totp.new_secret(), "wang")
    dark = np.array([[int(one) for one in row] for row in qr_rows(address)], np.uint8)
    quiet = np.pad(1 - dark, 4, constant_values=1) * 255
    drawn = np.kron(quiet, np.ones((8, 8), np.uint8)).astype(np.uint8)
    assert cv2.QRCodeDetector().detectAndDecode(drawn)[0] == address


def test_recovery_codes_are_many_long_and_read_however_they_are_typed():
    codes = totp.new_recovery_codes()
    assert len({totp.recovery_hash(one) for one in codes}) == len(codes) == 10
    for one in codes:
        assert totp.recovery_hash(f" {one.upper().replace('-', ' ')} ") == totp.recovery_hash(one)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd!2026",
        "123456789012",
        "qwertyuiop123",
        "abcdefghijklm",
        "aaaaaaaaaaaaaa",
        "admin123admin",
        "Gatehouse2026!",
        "letmein!letmein!",
        "changeme-changeme",
        "supervisor-001",
        "woaini520520",
        "lilin-lilin-lilin",
        "Lilin20261122",
        "ababababababab",
        "short",
        "elevenchars",
        "1qaz2wsx3edc",
    ],
)
def test_a_password_that_others_would_try_is_refused(password):
    assert weakness(password, "lilin") is not None


@pytest.mark.parametrize(
    "password",
    [
        "a better password",
        "correct horse battery",
        "雨后的石榴树开花了三次呢吧",
        "vm7-tolle-krabbe",
        "der Nachtzug nach Ulm",
    ],
)
def test_a_password_of_ones_own_is_taken(password):
    assert weakness(password, "lilin") is None


def test_a_token_keeps_all_that_its_owner_is_held_to():
    """Whatever else limits a person, now or later, limits their token."""
    held = {"role": Role.SUPERVISOR, "sites": frozenset({"court"}), "department": "lifts"}
    owner = Actor("mei", **held, limits=())
    token = Token("ab", "mei", "x", frozenset({Permission.SITE_READ}), frozenset("*"), "", 0, 9)
    actor = token.actor(owner, Limits(), 5)
    told = {"limits": None, "scope": token.permissions, "token": "ab"}
    assert actor == replace(owner, **told)


def test_what_the_hub_draws_would_pass():
    assert all(weakness(new_password(), "wang") is None for _ in range(50))
