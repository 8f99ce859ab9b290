"""Who may do less than their role grants: by device group, place and time of day."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.access.authorise import Thing, authorise, may
from hub.access.errors import ForbiddenError
from hub.access.limits import read_limits
from hub.access.permissions import GRANTS, Permission, Scope
from hub.access.roles import Actor
from hub.config import Role
from hub.config.org import load_org
from hub.errors import ConfigError, NotFoundError

RIGHTS = """
[[group]]
id = "service"
name = { zh = "后勤门", en = "Service" }
devices = ["jinxiu/gate-garage"]
kinds = ["elevator-camera"]

[[limit]]
id = "contractors"
name = { zh = "外包", en = "Contractors" }
accounts = ["mei"]
posts = ["contractor"]

[[limit.allow]]
permissions = ["device.command"]
actions = ["open"]
groups = ["service"]
days = ["mon", "tue", "wed", "thu", "fri"]
from = "08:00"
to = "18:00"

[[limit.allow]]
permissions = ["site.read", "live.look"]
units = ["grid-1"]
from = "20:00"
to = "06:00"
"""
WEDNESDAY = datetime(2026, 9, 30, tzinfo=UTC) - timedelta(hours=8)
"""Midnight on the organisation's clock."""

GATE = Thing("jinxiu", device="gate-garage", kind="gate", action="open")
OTHER = Thing("jinxiu", device="gate-east", kind="gate", action="open")
LIFT = Thing("jinxiu", device="cam-9", kind="elevator-camera", building="b3", action="open")
BLOCK_1 = Thing("jinxiu", device="cam-1", kind="facade-camera", building="b1")
BLOCK_3 = Thing("jinxiu", device="cam-3", kind="facade-camera", building="b3")
COMMAND, LIVE = Permission.DEVICE_COMMAND, Permission.LIVE_LOOK


@pytest.fixture
def write(tmp_path, configs):
    def written(rights=RIGHTS, account="lin"):
        tree = (configs / "org" / "tree.toml").read_text("utf-8")
        post = 'id = "contractor"'
        assert post in tree
        (tmp_path / "tree.toml").write_text(
            tree.replace(post, f'{post}\naccount = "{account}"', 1), "utf-8"
        )
        desks = (configs / "org" / "desks.toml").read_text("utf-8")
        (tmp_path / "desks.toml").write_text(desks, "utf-8")
        (tmp_path / "rights.toml").write_text(rights, "utf-8")
        return load_org(tmp_path)

    return written


def actor_at(limits, name, hour, minute=0, *, days=0, role=Role.SUPERVISOR):
    moment = WEDNESDAY + timedelta(days=days, hours=hour, minutes=minute)
    now = round(moment.timestamp() * 1000)
    return Actor(name, role, frozenset({"*"}), limits=limits.of(name, now))


@pytest.mark.parametrize("name", ["mei", "lin"])
@pytest.mark.parametrize(
    ("permission", "thing", "when", "allowed"),
    [
        (COMMAND, GATE, (8, 0), True),
        (COMMAND, GATE, (17, 59), True),
        (COMMAND, LIFT, (12, 0), True),
        (COMMAND, GATE, (7, 59), False),
        (COMMAND, GATE, (18, 0), False),
        (COMMAND, GATE, (23, 0), False),
        (COMMAND, OTHER, (12, 0), False),
        (COMMAND, Thing("other", device="gate-garage", kind="gate"), (12, 0), False),
        (COMMAND, Thing("jinxiu", device="gate-garage", action="hold-open"), (12, 0), False),
        (COMMAND, Thing("jinxiu"), (12, 0), False),
        (LIVE, BLOCK_1, (21, 0), True),
        (LIVE, BLOCK_1, (5, 59), True),
        (LIVE, BLOCK_1, (6, 0), False),
        (LIVE, BLOCK_3, (21, 0), False),
        (LIVE, Thing("jinxiu"), (21, 0), False),
        (Permission.SITE_READ, BLOCK_1, (21, 0), True),
        (Permission.CASE_ACT, BLOCK_1, (21, 0), False),
        (Permission.AUDIT_READ, Thing(), (12, 0), False),
        (Permission.SELF, Thing(), (3, 0), True),
        (Permission.CATALOGUE_READ, Thing(), (3, 0), True),
    ],
)
def test_a_limited_account_may_exactly_what_is_allowed_here_and_now(
    write, name, permission, thing, when, allowed
):
    limits = read_limits(write())
    assert may(actor_at(limits, name, *when), permission, thing) is allowed


def test_the_week_counts_on_the_organisations_clock(write):
    limits = read_limits(write())
    allowed = [may(actor_at(limits, "mei", 12, days=day), COMMAND, GATE) for day in range(7)]
    assert allowed == [True, True, True, False, False, True, True]  # from a Wednesday on


@pytest.mark.parametrize("permission", Permission)
def test_nobody_else_is_limited_and_a_limit_adds_nothing(write, permission):
    limits = read_limits(
        write(
            RIGHTS.replace('"device.command"', f'"{permission.value}"').replace(
                'actions = ["open"]\ngroups = ["service"]\n', ""
            )
        )
    )
    thing = Thing("jinxiu") if GRANTS[permission].scope is Scope.SITE else Thing()
    for role in Role:
        free, limited = (actor_at(limits, name, 12, role=role) for name in ("wang", "mei"))
        assert free.limits is None
        assert may(free, permission, thing) is role.at_least(GRANTS[permission].role)
        assert may(limited, permission, thing) is may(free, permission, thing)


def test_a_limit_that_allows_nothing_leaves_the_own_session_alone(write):
    limits = read_limits(write(RIGHTS[: RIGHTS.index("[[limit.allow]]")]))
    actor = actor_at(limits, "mei", 12, role=Role.ADMIN)
    left = {
        one
        for one in Permission
        if may(actor, one, Thing("jinxiu") if GRANTS[one].scope is Scope.SITE else Thing())
    }
    assert left == {Permission.SELF, Permission.CATALOGUE_READ}


def test_a_site_that_is_not_theirs_stays_unknown_to_the_limited_too(write):
    limits = read_limits(write())
    actor = Actor("mei", Role.GUARD, frozenset({"court"}), limits=limits.of("mei", 0))
    with pytest.raises(NotFoundError):
        authorise(actor, COMMAND, GATE)


def test_what_one_came_by_may_allow_less_than_ones_role():
    scope = frozenset({Permission.SITE_READ})
    actor = Actor("wang", Role.ADMIN, frozenset({"*"}), scope=scope, token="ab")
    authorise(actor, Permission.SITE_READ, Thing("jinxiu"))
    with pytest.raises(ForbiddenError) as refused:
        authorise(actor, Permission.SELF)
    assert refused.value.code == "out-of-scope"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('posts = ["contractor"]', 'posts = ["x"]', ["limit[0].posts", "no post 'x'"]),
        ('groups = ["service"]', 'groups = ["x"]', ["limit[0].allow[0].groups", "no group 'x'"]),
        ('units = ["grid-1"]', 'units = ["x"]', ["limit[0].allow[1].units", "no unit 'x'"]),
        ('"live.look"', '"live.peek"', ["limit[0].allow[1].permissions", "'live.peek'", "known"]),
        ('"live.look"', '"audit.read"', ["allow[1].permissions", "about a site"]),
        ('"device.command"', '"case.act"', ["allow[0].actions", "device.command alone"]),
        ('from = "08:00"', 'from = "8:00"', ["limit[0].allow[0].from"]),
        ("[[group]]", "[[group]]\nmembers = 1", ["group[0].members", "unknown key"]),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_key(write, old, new, words):
    assert old in RIGHTS
    with pytest.raises(ConfigError) as raised:
        read_limits(write(RIGHTS.replace(old, new, 1)))
    line = str(raised.value)
    assert "\n" not in line
    assert all(word in line for word in ["rights.toml", *words]), line
