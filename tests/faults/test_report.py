"""The page about reliability says what was recorded, and names tests that exist."""

import re
from pathlib import Path

import pytest

from tests.faults.matrix import MATRIX
from tests.faults.report import PAGE, page, read

TESTS = Path(__file__).parents[1]


def test_page_is_the_one_that_its_lines_make():
    assert PAGE.read_text(encoding="utf-8") == page(read())


@pytest.mark.parametrize("fault", MATRIX, ids=lambda fault: fault.id)
def test_every_test_that_the_matrix_names_is_there(fault):
    for path in re.findall(r"`(\S+\.py)`", fault.shown):
        assert (TESTS / path).is_file(), path


def test_matrix_is_whole():
    assert [fault.id for fault in MATRIX] == [f"F{number}" for number in range(1, 29)]
