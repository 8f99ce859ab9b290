"""`INSERT … ON CONFLICT`: the one statement that SQLAlchemy gives each database its own class for.

SQLite's and PostgreSQL's read alike; a second database is chosen here and nowhere else.
"""

from sqlalchemy.dialects.sqlite import insert as upsert

__all__ = ["upsert"]
