"""What a hub loads before it has anything to do: a start after a kill is nearly all of it."""

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "alembic",
    "apprise",
    "av",
    "cv2",
    "influxdb_client",
    "numpy",
    "onnxruntime",
    "psycopg",
    "reportlab",
)
CODE = f"import sys, gatehouse.cli, hub.app; print([one for one in {HEAVY} if one in sys.modules])"


def test_a_start_loads_no_library_that_only_some_hubs_need():
    run = [sys.executable, "-c", CODE]
    root = Path(__file__).parents[2]
    done = subprocess.run(run, cwd=root, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
