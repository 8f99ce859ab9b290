"""What people write down for the hub: TOML files, read once at the start, checked completely."""

from hub.config.alarms import AlarmType, CasePolicy, Priority, load_alarms
from hub.config.calendar import Calendar
from hub.config.catalogue import (
    DISPUTE_NAMES,
    WHISTLE_NAMES,
    Catalogue,
    Category,
    Deadlines,
    Department,
    Dispute,
    Escalation,
    Purpose,
    Tag,
    Whistle,
    check_catalogue,
    check_categories,
    load_catalogue,
)
from hub.config.hub_file import (
    BulletinConfig,
    EvidenceConfig,
    HttpConfig,
    HubConfig,
    MediaConfig,
    MqttConfig,
    NotifyConfig,
    RetentionConfig,
    TelemetryConfig,
    VisionConfig,
    load_hub,
)
from hub.config.modes import NORMAL, CaseChange, Mode, check_modes, load_modes
from hub.config.patrols import PatrolPlan, PatrolPoint, Plans, check_patrols, load_patrols
from hub.config.role import ROLE_NAMES, Role
from hub.config.rules import RuleTable, load_rules
from hub.config.site import Agent, Building, Device, Site, load_site
from hub.config.standard import StandardItem
from hub.config.store_table import StoreConfig

__all__ = [
    "DISPUTE_NAMES",
    "NORMAL",
    "ROLE_NAMES",
    "WHISTLE_NAMES",
    "Agent",
    "AlarmType",
    "Building",
    "BulletinConfig",
    "Calendar",
    "CaseChange",
    "CasePolicy",
    "Catalogue",
    "Category",
    "Deadlines",
    "Department",
    "Device",
    "Dispute",
    "Escalation",
    "EvidenceConfig",
    "HttpConfig",
    "HubConfig",
    "MediaConfig",
    "Mode",
    "MqttConfig",
    "NotifyConfig",
    "PatrolPlan",
    "PatrolPoint",
    "Plans",
    "Priority",
    "Purpose",
    "RetentionConfig",
    "Role",
    "RuleTable",
    "Site",
    "StandardItem",
    "StoreConfig",
    "Tag",
    "TelemetryConfig",
    "VisionConfig",
    "Whistle",
    "check_catalogue",
    "check_categories",
    "check_modes",
    "check_patrols",
    "load_alarms",
    "load_catalogue",
    "load_hub",
    "load_modes",
    "load_patrols",
    "load_rules",
    "load_site",
]
