"""How long what is kept, as the hub's file says."""

from hub.config import HubConfig
from hub.store.keeping.classes import CLASSES
from hub.store.write.evidence_retention import KeepEvidence
from hub.store.write.photos import PHOTO
from hub.store.write.retention import Keep
from wire.media import EvidenceClass


def evidence_days(config: HubConfig) -> dict[str, int]:
    """Of clips, stills and photos, by class."""
    classes = (*(one.value for one in EvidenceClass), PHOTO)
    return {name: getattr(config.evidence, f"{name}_days") for name in classes}


def evidence_kept(config: HubConfig) -> KeepEvidence:
    """Of evidence, with the most that it may weigh."""
    most = config.evidence.max_mb * 1024 * 1024
    return KeepEvidence(evidence_days(config), config.retention.cases_days, most)


def rows_kept(config: HubConfig) -> Keep:
    """Of the store's tables."""
    days = config.retention
    return Keep(
        observations=days.observations_days,
        passages=days.passages_days,
        alerts=days.alerts_days,
        cases=days.cases_days,
        dead_letters=days.dead_letters_days,
        feed=days.feed_days,
        households=days.households_days,
        looks=days.audit_days,
    )


def class_days(config: HubConfig) -> dict[str, int]:
    """Of each class of records, for people to see."""
    found = {}
    for one in CLASSES:
        if isinstance(one.days, int):
            found[one.id] = one.days
        else:
            table, name = one.days.split(".")
            found[one.id] = getattr(getattr(config, table), name)
    return found
