"""What people write down for the hub: TOML files, read once at the start, checked completely."""

from hub.config.alarms import AlarmType, CasePolicy, Priority, load_alarms
from hub.config.catalogue import Catalogue, Category, Purpose, check_categories, load_catalogue
from hub.config.hub_file import (
    EvidenceConfig,
    HttpConfig,
    HubConfig,
    MediaConfig,
    MqttConfig,
    RetentionConfig,
    TelemetryConfig,
    VisionConfig,
    load_hub,
)
from hub.config.role import ROLE_NAMES, Role
from hub.config.rules import RuleTable, load_rules
from hub.config.site import Agent, Building, Device, Site, load_site
from hub.config.store_table import StoreConfig

__all__ = [
    "ROLE_NAMES",
    "Agent",
    "AlarmType",
    "Building",
    "CasePolicy",
    "Catalogue",
    "Category",
    "Device",
    "EvidenceConfig",
    "HttpConfig",
    "HubConfig",
    "MediaConfig",
    "MqttConfig",
    "Priority",
    "Purpose",
    "RetentionConfig",
    "Role",
    "RuleTable",
    "Site",
    "StoreConfig",
    "TelemetryConfig",
    "VisionConfig",
    "check_categories",
    "load_alarms",
    "load_catalogue",
    "load_hub",
    "load_rules",
    "load_site",
]
