"""Everything that can be done through the API, and the least role that may do it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.config.role import Role


class Scope(StrEnum):
    """What a permission is about."""

    SITE = "site"  # something that stands in one site
    SYSTEM = "system"  # what belongs to no site


class Permission(StrEnum):
    """One thing that a person can be allowed to do."""

    SELF = "self"  # the own session and password
    CATALOGUE_READ = "catalogue.read"
    SITE_READ = "site.read"  # alerts, cases, devices, agents, counters and their changes
    PASSAGE_LOOK = "passage.look"
    PASSAGE_UNMASK = "passage.unmask"  # whose card or plate it was, in clear
    EXPORT_ASK = "export.ask"  # passages as a file; and fetching one's own
    EXPORT_DECIDE = "export.decide"
    WATCH_MANAGE = "watch.manage"  # the watchlist; another person approves
    LOOK_REPORT = "look.report"  # who looked at a person, for that person
    EVIDENCE_LOOK = "evidence.look"  # clips and stills of alarms
    LIVE_LOOK = "live.look"  # what a camera sees now
    ALERT_ACT = "alert.act"
    CASE_OPEN = "case.open"
    CASE_ACT = "case.act"  # the case flow may ask for more, action by action
    ANALYSIS_READ = "analysis.read"  # what many cases say together, and reports of it
    PATROL_WALK = "patrol.walk"
    PATROL_PRINT = "patrol.print"  # the codes that prove presence
    MODE_SWITCH = "mode.switch"  # the mode may ask for more
    DEVICE_COMMAND = "device.command"  # the device kind may ask for more, action by action
    DEAD_LETTER_READ = "dead-letter.read"
    OBSERVATION_READ = "observation.read"
    AUDIT_READ = "audit.read"
    USER_MANAGE = "user.manage"
    MACHINE_MANAGE = "machine.manage"  # credentials of other systems
    CONFIG_MANAGE = "config.manage"  # what is written down for the hub
    HOUSEHOLD_READ = "household.read"  # who lives where, masked
    HOUSEHOLD_UNMASK = "household.unmask"  # a name, with purpose and reason
    HOUSEHOLD_MANAGE = "household.manage"
    ERASURE_SIGN = "erasure.sign"  # that somebody's data goes for good
    RETENTION_READ = "retention.read"  # what is kept how long, and what is held
    HOLD_MANAGE = "hold.manage"  # legal holds
    SIMULATOR_USE = "simulator.use"  # of the simulator that runs beside the hub, if one does
    PLAN_EDIT = "plan.edit"  # where things stand, and what is drawn over cameras' pictures


@dataclass(frozen=True, slots=True)
class Grant:
    """The least role that has a permission, and what the permission is about."""

    role: Role
    scope: Scope


GRANTS: Final[dict[Permission, Grant]] = {
    Permission.SELF: Grant(Role.GUARD, Scope.SYSTEM),
    Permission.CATALOGUE_READ: Grant(Role.GUARD, Scope.SYSTEM),
    Permission.SITE_READ: Grant(Role.GUARD, Scope.SITE),
    Permission.PASSAGE_LOOK: Grant(Role.GUARD, Scope.SITE),
    Permission.PASSAGE_UNMASK: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.EXPORT_ASK: Grant(Role.GUARD, Scope.SITE),
    Permission.EXPORT_DECIDE: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.WATCH_MANAGE: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.LOOK_REPORT: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.EVIDENCE_LOOK: Grant(Role.GUARD, Scope.SITE),
    Permission.LIVE_LOOK: Grant(Role.GUARD, Scope.SITE),
    Permission.ALERT_ACT: Grant(Role.GUARD, Scope.SITE),
    Permission.CASE_OPEN: Grant(Role.GUARD, Scope.SITE),
    Permission.CASE_ACT: Grant(Role.GUARD, Scope.SITE),
    Permission.ANALYSIS_READ: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.PATROL_WALK: Grant(Role.GUARD, Scope.SITE),
    Permission.PATROL_PRINT: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.MODE_SWITCH: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.DEVICE_COMMAND: Grant(Role.GUARD, Scope.SITE),
    Permission.DEAD_LETTER_READ: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.OBSERVATION_READ: Grant(Role.ADMIN, Scope.SITE),
    Permission.AUDIT_READ: Grant(Role.ADMIN, Scope.SYSTEM),
    Permission.USER_MANAGE: Grant(Role.ADMIN, Scope.SYSTEM),
    Permission.MACHINE_MANAGE: Grant(Role.ADMIN, Scope.SYSTEM),
    Permission.CONFIG_MANAGE: Grant(Role.ADMIN, Scope.SYSTEM),
    Permission.HOUSEHOLD_READ: Grant(Role.GUARD, Scope.SITE),
    Permission.HOUSEHOLD_UNMASK: Grant(Role.GUARD, Scope.SITE),
    Permission.HOUSEHOLD_MANAGE: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.ERASURE_SIGN: Grant(Role.ADMIN, Scope.SITE),
    Permission.RETENTION_READ: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.HOLD_MANAGE: Grant(Role.ADMIN, Scope.SITE),
    Permission.SIMULATOR_USE: Grant(Role.SUPERVISOR, Scope.SITE),
    Permission.PLAN_EDIT: Grant(Role.ADMIN, Scope.SITE),
}
"""A permission that is missing here is nobody's."""

DEPARTMENTAL: Final = frozenset(
    {
        Permission.SELF,
        Permission.CATALOGUE_READ,
        Permission.SITE_READ,
        Permission.EVIDENCE_LOOK,
        Permission.CASE_OPEN,
        Permission.CASE_ACT,
    }
)
"""What the people of a department or a contractor may at most, whatever their role: of cases and
what belongs to these, those that concern them. To bring a photo is a part of opening a case."""
