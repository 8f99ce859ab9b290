"""What of a saved configuration the running hub takes up without a new start: the roster."""

import structlog

from hub.config.org import Org, check_covered
from hub.editing.bench import Bench
from hub.editing.parts import Part
from hub.errors import ConfigError

log = structlog.get_logger(__name__)

ROSTER = "org/desks"


def take_up(bench: Bench, org: Org, places: dict[str, tuple[str, ...]], part: Part) -> bool:
    """Take up what was saved of `part`; False where the hub's next start will.

    org: the organisation that the hub runs with. places: the buildings of its sites. A roster that
    names what the hub does not run with yet, such as a post that is new in the tree, has to wait.
    """
    if part.id != ROSTER:
        return False
    try:
        saved = bench.org()
        then = Org(org.tree, saved.roster, org.source, org.rights)
        then.check()
        check_covered(then, places)
    except ConfigError as error:
        log.info("roster.waits_for_start", problem=error.problem)
        return False
    if saved.roster.utc_offset != org.roster.utc_offset:
        return False  # deadlines and reports in the making stand on the old clock
    org.take_up(saved.roster)
    log.info("roster.taken_up", desks=len(saved.roster.desks))
    return True
