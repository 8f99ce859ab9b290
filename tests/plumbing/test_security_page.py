"""docs/security.md: every test that it names is there, and every threat has its line."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_test_that_the_page_names_exists():
    named = NAMED.findall(PAGE)
    missing = []
    for path, test in named:
        file = ROOT / path
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if not re.search(rf"^(?:async )?def {test or 'test_'}", text, re.MULTILINE):
            missing.append(f"{path}::{test}")
    assert missing == []
    assert len(named) >= 30


def test_every_threat_has_a_line_and_a_test_or_a_word_about_why_not():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| T\d+ \|", line)]
    assert [row.split("|")[1].strip() for row in rows] == [f"T{n}" for n in range(1, 23)]
    bare = [row[:40] for row in rows if not NAMED.search(row)]
    assert [row.split("|")[1].strip() for row in bare] == ["T21"]


def test_the_pointer_leads_there():
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "security.md" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
