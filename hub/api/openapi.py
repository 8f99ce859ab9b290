"""The API described: `python -m hub.api.openapi` prints it, for the console's types."""

import json
import sys
from typing import Any, Final

from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from hub.api.door import COOKIE, CSRF_HEADER
from hub.api.models.problem import Problem
from hub.api.problems import MEDIA_TYPE
from hub.api.routes import ROUTERS

_REF: Final = "#/components/schemas/{model}"

_INTRODUCTION: Final = f"""\
The hub of a community's gates and sensors. All times are milliseconds since
1970-01-01T00:00:00Z. A session is a cookie; everything but GET and HEAD also takes the header
`{CSRF_HEADER}`. Scripts show an API token (`Authorization: Bearer ght_…`) instead of both. Each
operation names its permission (`x-permission`) and the least role that has it (`x-least-role`).
Every error is a problem (RFC 9457) with a stable `code`.
"""


def describe(routes: list[BaseRoute], *, version: str) -> dict[str, Any]:
    """The OpenAPI document of these routes."""
    document = get_openapi(
        title="Gatehouse", version=version, description=_INTRODUCTION, routes=routes
    )
    components = document.setdefault("components", {})
    _, problem = models_json_schema([(Problem, "serialization")], ref_template=_REF)
    components["schemas"].update(problem["$defs"])
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "agent": {"type": "http", "scheme": "Gatehouse-Media"},
        "machine": {"type": "http", "scheme": "bearer"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = _problem_response()
    components["schemas"] = dict(sorted(components["schemas"].items()))
    return document


def all_routes() -> list[BaseRoute]:
    """Every route of the API."""
    return [route for router in ROUTERS for route in router.routes]


def _problem_response() -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=Problem.__name__)}
    return {"description": "what went wrong", "content": {MEDIA_TYPE: {"schema": schema}}}


def document_text(version: str = "1") -> str:
    """The document as it is kept beside the console: stable, so that a diff shows what changed."""
    return json.dumps(describe(all_routes(), version=version), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document_text())
