import pytest

from tests.hub_machinery.estate import a_line


@pytest.fixture
def line(tmp_path):
    with a_line(tmp_path) as made:
        yield made
