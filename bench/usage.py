"""What a process has used, from /proc (Linux)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """cpu_s: user and system time. rss_mb: resident now. peak_mb: the most it ever was."""

    cpu_s: float
    rss_mb: float
    peak_mb: float

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """The process as it is now."""
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        status = dict(
            line.split(":", 1)
            for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        )
        ticks = int(fields[11]) + int(fields[12])
        return cls(ticks / _TICKS, _mb(status["VmRSS"]), _mb(status["VmHWM"]))


def _mb(size: str) -> float:
    return round(int(size.split(maxsplit=1)[0]) / 1024, 1)
