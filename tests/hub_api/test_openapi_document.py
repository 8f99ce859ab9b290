from hub.api.openapi import document_text
from tests.hub_api.house import DOCUMENT


def test_the_document_beside_the_console_is_current():
    """When this fails: python -m hub.api.openapi > console/openapi.json"""
    assert DOCUMENT.read_text(encoding="utf-8") == document_text()
