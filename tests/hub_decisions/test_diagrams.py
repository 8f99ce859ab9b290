from pathlib import Path

from hub.alerts import TRANSITIONS as ALERTS
from hub.cases.diagram import pages, write

DOCS = Path(__file__).parents[2] / "docs" / "diagrams"


def test_the_committed_diagrams_are_those_of_the_tables(tmp_path):
    write(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(pages())
    for name in pages():
        renew = "python -m hub.cases.diagram"
        assert (DOCS / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8"), renew


def test_every_transition_is_an_arrow():
    text = pages()["alerts.md"]
    arrows = text.count(" --> ")
    assert arrows == len(ALERTS) + 1  # and the end
