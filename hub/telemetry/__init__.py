"""Telemetry: numbers over time. This is the port; `hub.app` names the back end behind it."""

from hub.telemetry.port import Bucket, Point, Span, Telemetry, Totals

__all__ = ["Bucket", "Point", "Span", "Telemetry", "Totals"]
