"""Random people on a few cases while the power fails: no step is half done, none is done twice."""

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.cases import ACTIONS
from hub.config import Role
from hub.errors import HubError
from hub.pipeline import CaseAct, OpenCase
from hub.store.schema import case_, case_history, case_link
from tests.hub_machinery.estate import SITE, T0, a_line, done
from tests.hub_machinery.test_kill_anywhere import CrashError, crash_after
from wire import Text

CASES = 3
LIKELY = ["accept", "take", "dispatch", "report", "tick", "close", "merge", "unmerge", "link"]
steps = st.lists(
    st.tuples(
        st.sampled_from([*LIKELY, *sorted(ACTIONS)]),
        st.integers(0, CASES - 1),
        st.integers(0, CASES - 1),
        st.one_of(st.none(), st.integers(0, 12)),  # the power fails at so many statements
    ),
    min_size=4,
    max_size=16,
)


def act_of(line, names, action, case, other):
    row = line.rows(case_, case_.c.id == names[case])[0]
    category = line.catalogue.categories[row["category"]]
    return CaseAct(
        SITE,
        names[case],
        action,
        "wang",
        Role.ADMIN,
        version=row["version"],
        note="x",
        resolution="resolved",
        rating=4,
        department="device-maintenance",
        helpers=("police",),
        item=category.standard[row["version"] % len(category.standard)].id,
        without="far away",
        other=names[other],
    )


def whole(line):
    """Each case is what its history says, and what ties two of them is said by both."""
    rows = {row["id"]: row for row in line.rows(case_)}
    assert len(rows) == CASES
    for name, row in rows.items():
        told = line.rows(case_history, case_history.c.case_id == name)
        assert row["version"] == len(told)
        assert row["state"] == told[-1]["to_state"]
        assert (row["state"] == "merged") == (row["merged_into"] is not None)
        joined = [step["detail"]["case"] for step in told if step["action"] == "merged-in"]
        left = [step["detail"]["case"] for step in told if step["action"] == "merged-out"]
        mine = {one["id"] for one in rows.values() if one["merged_into"] == name}
        assert len(joined) - len(left) == len(mine)
    for tie in line.rows(case_link):
        assert tie["one"] < tie["other"]
        assert {tie["one"], tie["other"]} <= rows.keys()


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_people_do_and_wherever_it_dies_each_step_is_done_once_or_not_at_all(script):
    with tempfile.TemporaryDirectory() as folder, a_line(Path(folder)) as line:
        names = [
            done(line.pipeline.act(OpenCase(SITE, kind, Text.plain("门"), "li", "x"), T0))
            for kind in ("fire-door", "fire-water", "fire-door")
        ]
        for number, (action, case, other, crash) in enumerate(script):
            act, now = act_of(line, names, action, case, other), T0 + (number + 1) * 1000
            before = line.rows(case_, case_.c.id == names[case])[0]["version"]
            if crash is not None:
                with crash_after(line.store.writer, crash), suppress(HubError, CrashError):
                    done(line.pipeline.act(act, now))
                line.restart()
            with suppress(HubError):
                done(line.pipeline.act(act, now))  # whoever got no answer presses again
            after = line.rows(case_, case_.c.id == names[case])[0]["version"]
            assert after - before in {0, 1}
        whole(line)
