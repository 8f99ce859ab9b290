"""The contract between edge agents and the hub: topics, envelopes, messages, device kinds.

Pure: nothing here opens a socket, reads a clock or touches a file. All times are integer
milliseconds since 1970-01-01T00:00:00Z unless a name says otherwise.
"""

from wire.ack import Ack, SeqSet
from wire.clock import Clock
from wire.command import Command, Receipt, ReceiptState
from wire.envelope import MAX_ENVELOPE_BYTES, ContentType, Envelope, Header, Lane
from wire.errors import WireError
from wire.ids import Id, check_id
from wire.observation import Observation, Signals, SignalValue
from wire.status import AgentStatus, DeviceStatus, HubStatus, LaneStatus, offline
from wire.text import Text
from wire.topics import Topic, TopicKind

__all__ = [
    "MAX_ENVELOPE_BYTES",
    "Ack",
    "AgentStatus",
    "Clock",
    "Command",
    "ContentType",
    "DeviceStatus",
    "Envelope",
    "Header",
    "HubStatus",
    "Id",
    "Lane",
    "LaneStatus",
    "Observation",
    "Receipt",
    "ReceiptState",
    "SeqSet",
    "SignalValue",
    "Signals",
    "Text",
    "Topic",
    "TopicKind",
    "WireError",
    "check_id",
    "offline",
]
