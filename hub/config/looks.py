"""How people may look at access traces: `[looks]` of `hub.toml`."""

from typing import Annotated, Final, Literal

from pydantic import Field

from hub.config.role import Role
from hub.config.table import Table


class Quota(Table):
    """What one person may look at in a day of the organisation's clock.

    people: different people that were asked for one by one. pages: answers of any kind, pictures
        among them. Beyond either the look goes on, and an alarm tells the supervisor.
    refuse_at: beyond this many times either, looking is refused for the day.
    """

    people: Annotated[int, Field(ge=1, le=100_000)] = 30
    pages: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    refuse_at: Annotated[float, Field(ge=1, le=100)] = 2.0


_QUOTAS: Final = {
    Role.GUARD: Quota(),
    Role.SUPERVISOR: Quota(people=60, pages=200),
    Role.ADMIN: Quota(people=60, pages=200),
}


class LooksConfig(Table):
    """lasts_min: how long a declared look is good for.

    report_names: who looked, as the person looked at is told: by `role`, or by `name`.
    quota: by role; a role that is left out has the shipped one.
    export_rows, export_pictures: the most that one export holds. export_days: how long its file
        can be fetched.
    """

    lasts_min: Annotated[int, Field(ge=1, le=480)] = 30
    report_names: Literal["role", "name"] = "role"
    export_rows: Annotated[int, Field(ge=1, le=50_000)] = 5_000
    export_pictures: Annotated[int, Field(ge=0, le=2_000)] = 200
    export_days: Annotated[int, Field(ge=1, le=30)] = 3
    quota: dict[Role, Quota] = Field(default_factory=dict)

    def quota_of(self, role: Role) -> Quota:
        """What a person of this role may look at in a day."""
        return self.quota.get(role, _QUOTAS[role])
