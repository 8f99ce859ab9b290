"""Access traces: who passed where, when."""

from hub.traces.passage import Passage, PassageResult, passage_of

__all__ = ["Passage", "PassageResult", "passage_of"]
