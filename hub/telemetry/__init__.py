"""Telemetry: numbers over time. This is the port; `hub.app` names the back end behind it."""

from hub.telemetry.port import Bucket, Keep, Point, Span, Telemetry

__all__ = ["Bucket", "Keep", "Point", "Span", "Telemetry"]
