"""The database: schema, migrations, engine, and what is written outside the pipeline's decisions.

What reads for the API stands in `hub.store.reads`.
"""

from hub.store.engine import Store, open_store

__all__ = ["Store", "open_store"]
