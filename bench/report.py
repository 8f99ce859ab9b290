"""One line of JSON per measurement, with what is needed to judge it."""

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]


def emit(bench: str, case: str, **figures: Any) -> None:
    """Print one measurement."""
    about = {"bench": bench, "case": case, "commit": commit(), "machine": machine()}
    print(json.dumps(about | figures), flush=True)


def machine() -> dict[str, Any]:
    """Cores, and what else kept them busy: a load well above 0 makes every figure a lower bound."""
    return {
        "cores": os.cpu_count(),
        "cpu": _model(),
        "python": platform.python_version(),
        "load_1min": round(os.getloadavg()[0], 1),
    }


def commit() -> str:
    """The commit of the checkout, `+` where it has been changed since; empty outside one."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip()


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
