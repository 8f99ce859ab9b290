"""A text that people read, in both of the console's languages."""

from pydantic import BaseModel, ConfigDict


class Text(BaseModel):
    """Chinese and English side by side; both are required, so that neither is forgotten."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
