"""Lays rendered pictures out for `gatehouse eval ebike`.

`python -m training.ebike.testset RENDERS OUT [--split test]`.
A folder per thing that stands in the cabin, so that each kind of false alarm has its own figure.
"""

import argparse
import json
import shutil
from pathlib import Path


def main() -> None:
    """Copy a split's pictures, each with its truth beside it."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("renders", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--split", default="test")
    given = ask.parse_args()
    for index in sorted(given.renders.glob("index-*.jsonl")):
        for line in index.read_text().splitlines():
            row = json.loads(line)
            hardly_seen = row["box"] is None and row["seen"] > 0
            if row["split"] == given.split and not hardly_seen:
                _lay_out(given.renders, given.out, row)


def _lay_out(renders: Path, out: Path, row: dict) -> None:
    place = out / _group(row)
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(renders / row["file"], place / row["file"])
    truth = "" if row["box"] is None else "ebike " + " ".join(map(str, row["box"])) + "\n"
    (place / row["file"]).with_suffix(".txt").write_text(truth)


def _group(row: dict) -> str:
    if row["box"] is not None:
        return f"ebike-{row['mount']}"
    if row["twin"] or not row["kinds"] or row["kinds"][0].startswith("ebike"):
        return "ebike-gone" if row["kinds"] else "empty"
    return str(row["kinds"][0])


if __name__ == "__main__":
    main()
