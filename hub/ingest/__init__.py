"""From the broker into the pipeline, and back the answer, once it is on the disk."""

from hub.ingest.ingest import Ingest, IngestHealth
from hub.ingest.presence import Presence

__all__ = ["Ingest", "IngestHealth", "Presence"]
