import pytest

from tests.hub_api.house import open_house


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as made:
        yield made
