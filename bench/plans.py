"""What is run to take the measures."""

from typing import Final

PLANS: Final = {
    "short": (
        1,
        (
            ("ingest", "--seconds", "4"),
            ("latency", "--seconds", "5"),
            ("day", "--hours", "1"),
            ("cases", "--back-end", "sqlite", "--each", "20"),
        ),
    ),
    "full": (
        3,
        (
            ("ingest", "--seconds", "8"),
            ("latency", "--seconds", "10"),
            ("latency", "--seconds", "8", "--rate", "5000"),
            ("latency", "--seconds", "8", "--screens", "500"),
            ("latency", "--seconds", "8", "--rate", "20000", "--flood"),
            ("day",),
            ("storm",),
            ("actuation",),
            ("watch",),
            ("cases",),
            ("falling_frontend",),
            ("ebike",),
            ("nodered",),
            ("screen",),
        ),
    ),
    "storage": (
        1,
        (
            ("storage", "--rows", "10000000"),
            ("traces", "--rows", "10000000"),
            ("audit",),
            ("residents",),
            ("residents", "--back-end", "postgresql"),
        ),
    ),
}
"""Rounds, and what each of them runs, one after the other: a change of weather hits all alike."""
