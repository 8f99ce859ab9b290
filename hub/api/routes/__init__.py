"""The routes, by what they are about."""

from typing import Final

from fastapi import APIRouter

from hub.api.routes import (
    accept,
    alarms,
    alerts,
    analysis,
    audit,
    cases,
    catalogue,
    credentials,
    devices,
    entry,
    evidence,
    line,
    looks,
    machines,
    me,
    media,
    modes,
    passages,
    patrols,
    photos,
    reports,
    site,
    stream,
    users,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    entry.router,
    accept.router,
    me.router,
    credentials.router,
    catalogue.router,
    site.router,
    stream.router,
    alerts.router,
    alarms.router,
    cases.router,
    analysis.router,
    modes.router,
    patrols.router,
    devices.router,
    evidence.router,
    media.router,
    photos.router,
    looks.router,
    passages.router,
    line.router,
    audit.router,
    users.router,
    machines.router,
    reports.router,
)
