"""Pages lead where they say, and none is forgotten."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("models/**/*.md")]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def targets(page):
    return {(page.parent / link).resolve() for link in LINK.findall(page.read_text("utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page):
    assert [target for target in targets(page) if not target.exists()] == []


def test_the_index_names_every_page():
    index = DOCS / "README.md"
    assert set(DOCS.rglob("*.md")) - {index} <= targets(index)


def test_decisions_are_numbered_from_one_without_a_double():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    headings = [page.read_text("utf-8").split("\n", 1)[0] for page in pages]
    assert [heading.split(".")[0] for heading in headings] == [f"# {n}" for n in numbers]
