import pytest

from hub.access.looking import DAY_MS, Tally, day_begin
from hub.config import Role
from hub.config.looks import LooksConfig, Quota

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("people", "pages", "over", "refused"),
    [
        (0, 1, False, False),
        (3, 5, False, False),
        (4, 5, True, False),
        (3, 6, True, False),
        (6, 10, True, False),
        (7, 1, True, True),
        (0, 11, True, True),
    ],
)
def test_a_quota_is_passed_before_looking_is_refused(people, pages, over, refused):
    quota = Quota(people=3, pages=5, refuse_at=2.0)
    count = Tally(people, pages)
    assert (count.over(quota), count.refused(quota)) == (over, refused)


def test_a_person_asked_for_again_is_no_other_person():
    assert Tally(1, 1).and_one(new=False) == Tally(1, 2)
    assert Tally(1, 1).and_one(new=True) == Tally(2, 2)


@pytest.mark.parametrize(
    ("now", "offset", "begin"),
    [
        (10 * DAY_MS, 0.0, 10 * DAY_MS),
        (10 * DAY_MS + HOUR_MS, 8.0, 10 * DAY_MS - 8 * HOUR_MS),
        (10 * DAY_MS + 16 * HOUR_MS, 8.0, 10 * DAY_MS + 16 * HOUR_MS),
        (10 * DAY_MS + 16 * HOUR_MS - 1, 8.0, 10 * DAY_MS - 8 * HOUR_MS),
        (10 * DAY_MS + HOUR_MS, -3.5, 9 * DAY_MS + int(3.5 * HOUR_MS)),
    ],
)
def test_the_day_begins_on_the_organisations_clock(now, offset, begin):
    assert day_begin(now, offset) == begin


def test_a_quota_can_be_set_for_a_role_and_the_others_keep_theirs():
    config = LooksConfig.model_validate({"quota": {"guard": {"people": 5}}})
    assert config.quota_of(Role.GUARD) == Quota(people=5)
    assert config.quota_of(Role.ADMIN) == LooksConfig().quota_of(Role.ADMIN)
