"""Rules: reducers from readings to findings. One file, one idea; see `hub.rules.contract`."""

from hub.rules.bind import (
    RuleSettings,
    bind_agent,
    bind_device,
    bind_hub,
    bind_shared,
    check_site,
    limits,
    read_settings,
)
from hub.rules.contract import Finding, HearsOrders, Reading, Rule, Wish, Wishing
from hub.rules.spec import Limits
from hub.rules.state import decode_state, encode_state

__all__ = [
    "Finding",
    "HearsOrders",
    "Limits",
    "Reading",
    "Rule",
    "RuleSettings",
    "Wish",
    "Wishing",
    "bind_agent",
    "bind_device",
    "bind_hub",
    "bind_shared",
    "check_site",
    "decode_state",
    "encode_state",
    "limits",
    "read_settings",
]
