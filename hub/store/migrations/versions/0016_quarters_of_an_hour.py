"""Telemetry is downsampled into quarters of an hour too, of which a month's chart is drawn."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_FILL = """
INSERT INTO rollup (series_id, level, at, low, total, count, high)
SELECT series_id, 900000, at - at % 900000, min(low), sum(total), sum(count), max(high)
FROM rollup WHERE level = 60000 GROUP BY series_id, at - at % 900000
"""
_COUNT = """
UPDATE telemetry_total SET rolled = rolled {sign} (
    SELECT count(*) FROM rollup JOIN series ON series.id = rollup.series_id
    WHERE rollup.level = 900000 AND series.site = telemetry_total.site)
"""


def upgrade() -> None:
    op.execute(_FILL)
    op.execute(_COUNT.format(sign="+"))


def downgrade() -> None:
    op.execute(_COUNT.format(sign="-"))
    op.execute("DELETE FROM rollup WHERE level = 900000")
