"""Errors as RFC 9457 problem details."""

from pydantic import Field

from hub.api.models.base import Answer
from wire import Text


class FieldProblem(Answer):
    """One field that is wrong: where it stands (`body.lease_s`) and why."""

    field: str
    message: str


class Problem(Answer):
    """Every error of this API, sent as `application/problem+json`.

    type: a URI reference that names the problem, `/problems/{code}`.
    code: a stable kebab-case word for programs and translations.
    detail: one English sentence about this case.
    errors: for `invalid-request`, the fields that are wrong.
    why: for `not-allowed`, the reason in both of the console's languages.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)
    why: Text | None = None
