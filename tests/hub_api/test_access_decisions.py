import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access import passwords
from hub.access.audit import GENESIS, Act, Entry, follows, link
from hub.access.authorise import Thing, authorise, may
from hub.access.errors import ForbiddenError, TooManyTriesError
from hub.access.lockout import TRIES_PER_WINDOW, WRONG_CODES, Lockout
from hub.access.permissions import GRANTS, Permission, Scope
from hub.access.roles import Actor
from hub.access.sessions import csrf_matches, csrf_of, key_of, new_token
from hub.config import Role
from hub.errors import NotFoundError


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sites", [{"*"}, {"court"}, {"yard"}, set()])
@pytest.mark.parametrize("thing_role", Role)
def test_a_person_may_exactly_what_role_and_site_grant(permission, role, sites, thing_role):
    grant = GRANTS[permission]
    about_site = grant.scope is Scope.SITE
    actor = Actor("wang", role, frozenset(sites))
    thing = Thing("court" if about_site else None, thing_role)
    expected = (
        role.at_least(grant.role)
        and role.at_least(thing_role)
        and (not about_site or bool({"*", "court"} & sites))
    )
    assert may(actor, permission, thing) is expected
    misplaced = Thing(None if about_site else "court", thing_role)
    assert not may(actor, permission, misplaced)


def test_what_nobody_was_granted_is_refused(monkeypatch):
    monkeypatch.delitem(GRANTS, Permission.SITE_READ)
    with pytest.raises(ForbiddenError):
        authorise(Actor("a", Role.ADMIN, frozenset("*")), Permission.SITE_READ, Thing("court"))


def test_a_foreign_site_is_not_found_rather_than_forbidden():
    with pytest.raises(NotFoundError):
        authorise(Actor("a", Role.GUARD, frozenset()), Permission.OBSERVATION_READ, Thing("court"))


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(st.lists(st.floats(0, 120), max_size=80))
def test_no_minute_holds_more_than_ten_tries_of_an_account(gaps):
    clock, admitted = Seconds(), []
    lockout = Lockout(clock)
    for number, gap in enumerate(gaps):
        clock.now += gap
        try:
            lockout.admit("wang", f"10.0.0.{number}")
        except TooManyTriesError as error:
            assert error.retry_after_s > 0
            continue
        admitted.append(clock.now)
        lockout.failed("wang", f"10.0.0.{number}")
    for start in admitted:
        assert sum(start <= at < start + 60 for at in admitted) <= TRIES_PER_WINDOW


def test_wrong_passwords_from_one_address_wait_longer_and_longer_and_others_do_not():
    clock = Seconds()
    lockout = Lockout(clock)
    waits = []
    for _ in range(8):
        lockout.admit("wang", "10.0.0.1")
        lockout.failed("wang", "10.0.0.1")
        try:
            lockout.admit("wang", "10.0.0.1")
        except TooManyTriesError as error:
            waits.append(round(error.retry_after_s))
            clock.now += error.retry_after_s
        clock.now += 60
    assert waits == sorted(waits)
    assert waits[:3] == [2, 4, 8]
    lockout.admit("wang", "10.0.0.2")
    lockout.succeeded("wang", "10.0.0.1")
    lockout.admit("wang", "10.0.0.1")


def test_the_lockout_forgets_rather_than_grows(monkeypatch):
    monkeypatch.setattr("hub.access.lockout.MAX_TRACKED", 100)
    lockout = Lockout(Seconds())
    for number in range(1000):
        lockout.admit(f"name-{number}", "10.0.0.1")
        lockout.failed(f"name-{number}", "10.0.0.1")
    assert len(lockout._tries) <= 100
    assert len(lockout._failures) <= 100


def test_second_factors_are_not_guessed_from_many_addresses():
    """Who has the password and comes from a new address each time."""
    clock = Seconds()
    lockout, wrong = Lockout(clock), 0
    for number in range(24 * 60):
        try:
            lockout.admit("wang", f"10.0.{number // 250}.{number % 250}")
            lockout.admit_code("wang")
        except TooManyTriesError:
            pass
        else:
            wrong += 1
            lockout.code_failed("wang", f"10.0.{number // 250}.{number % 250}")
        clock.now += 60
    assert wrong <= 25 * WRONG_CODES
    clock.now += 3600
    lockout.admit_code("wang")
    lockout.admit_code("zhao")


def test_tokens_do_not_tell_one_another():
    token = new_token()
    assert len({token, key_of(token), csrf_of(token)}) == 3
    assert csrf_matches(token, csrf_of(token))
    assert not csrf_matches(token, csrf_of(new_token()))
    assert not csrf_matches(token, "é")


def test_passwords_match_themselves_and_nothing_else():
    drawn = passwords.new_password()
    encoded = passwords.hash_password(drawn)
    assert encoded.startswith("$argon2id$")
    assert passwords.password_matches(encoded, drawn)
    assert not passwords.password_matches(encoded, drawn + "x")
    assert not passwords.password_matches(None, drawn)
    assert not passwords.password_matches("not a hash", drawn)
    assert drawn != passwords.new_password()


values = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=20))
acts = st.builds(
    Act,
    at=st.integers(0, 2**53),
    actor=st.text(max_size=10),
    action=st.text(max_size=10),
    object=st.text(max_size=10),
    site=st.one_of(st.none(), st.sampled_from(["court", "yard"])),
    outcome=st.sampled_from(["ok", "refused"]),
    detail=st.dictionaries(st.text(max_size=5), values, max_size=3),
)


def chain(told):
    prev, entries = GENESIS, []
    for number, act in enumerate(told, 1):
        entries.append(Entry(number, act, prev, link(act, prev)))
        prev = entries[-1].hash
    return entries


def whole(entries):
    prev = GENESIS
    for entry in entries:
        if not follows(entry, prev):
            return False
        prev = entry.hash
    return True


@given(st.lists(acts, min_size=2, max_size=6), st.data())
def test_any_change_to_a_chain_shows(told, data):
    entries = chain(told)
    assert whole(entries)
    place = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(acts.filter(lambda act: act != told[place]))
    old = entries[place]
    assert not whole(
        [*entries[:place], Entry(old.id, other, old.prev, old.hash), *entries[place + 1 :]]
    )
    missing = data.draw(st.integers(0, len(entries) - 2))
    assert not whole([*entries[:missing], *entries[missing + 1 :]])
    assert not whole(entries[::-1])
