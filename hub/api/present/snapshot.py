"""A site at one moment."""

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models.stream import Snapshot
from hub.api.present.agent import agents, counters
from hub.api.present.alert import show_alert
from hub.api.present.case import show_case
from hub.api.present.device import devices
from hub.api.present.modes import show_switch
from hub.api.present.patrols import show_round
from hub.store.reads.alerts import open_alerts
from hub.store.reads.cases import open_cases
from hub.store.reads.changes import last_position
from hub.store.reads.modes import switches_in_force
from hub.store.reads.patrols import open_rounds


def snapshot(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, now: int
) -> Snapshot:
    """All of a site; the reader's one transaction makes it fit its cursor exactly."""
    return Snapshot(
        cursor=last_position(reader, site),
        now=now,
        alerts=[show_alert(row, directory, actor) for row in open_alerts(reader, site)],
        cases=[
            show_case(row, directory, actor) for row in open_cases(reader, site, actor.department)
        ],
        devices=devices(reader, directory, actor, site),
        agents=agents(reader, directory, site),
        modes=[show_switch(row, directory, actor) for row in switches_in_force(reader, site)],
        rounds=[show_round(row, directory, actor) for row in open_rounds(reader, site)],
        counters=counters(reader, site),
    )
