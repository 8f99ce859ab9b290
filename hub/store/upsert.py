"""`INSERT … ON CONFLICT`, for both databases."""

from hub.database.upsert import upsert

__all__ = ["upsert"]
