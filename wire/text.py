"""A text that people read, in both of the console's languages."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Text(BaseModel):
    """Chinese and English side by side; both are required, so that neither is forgotten."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str

    @classmethod
    def plain(cls, words: str) -> Self:
        """The same in both: an id that has no name, or what a person wrote."""
        return cls(zh=words, en=words)
