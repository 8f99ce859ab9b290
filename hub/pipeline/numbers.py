"""Case numbers: drawn from the store once in a transaction, counted on in memory from there."""

from hub.pipeline.work import Work
from hub.store.write.cases import day_of, draw_number


def next_number(work: Work, site: str) -> str:
    """The site's next case number, counted by day: `20260131-007`."""
    day = day_of(work.now)
    known = work.numbers.get((site, day))
    if known is None:
        known = draw_number(work.connection, site, day)
    else:
        known += 1
        work.drawn[site, day] += 1
    work.numbers[site, day] = known
    return f"{day}-{known:03d}"
