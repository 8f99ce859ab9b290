"""Telemetry: numbers over time. A port, and its back end on the hub's own SQLite database."""

from hub.telemetry.port import Bucket, Point, Span, Telemetry, Totals
from hub.telemetry.sqlite import SqliteTelemetry

__all__ = ["Bucket", "Point", "Span", "SqliteTelemetry", "Telemetry", "Totals"]
