"""`INSERT … ON CONFLICT`, which SQLAlchemy gives each database a class of its own for.

SQLite's and PostgreSQL's read alike, and each compiler renders the other's: this one serves both.
"""

from sqlalchemy.dialects.postgresql import insert as upsert

__all__ = ["upsert"]
