"""The organisation: who watches what, who is on duty, who stands above them."""

from hub.config.org.desks import Absence, Day, Desk, Roster, Shift
from hub.config.org.org import Org, check_covered, load_org
from hub.config.org.tree import Level, Post, Tree, Unit

__all__ = [
    "Absence",
    "Day",
    "Desk",
    "Level",
    "Org",
    "Post",
    "Roster",
    "Shift",
    "Tree",
    "Unit",
    "check_covered",
    "load_org",
]
