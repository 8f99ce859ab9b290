"""What is measured and recorded, what is aimed at, and what was tried where the aim was missed."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of one case of one bench.

    figure: its name in the printed line; a dot goes into a table of it. less: smaller is better.
    aim: None for a figure that only explains others. tried: what was done to reach a missed aim.
    """

    id: str
    title: str
    bench: str
    case: str
    figure: str
    unit: str
    aim: float | None = None
    less: bool = False
    tried: str = ""


STORES: Final = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "victoriametrics": "VictoriaMetrics",
}
INGEST_TRIED: Final = (
    "What was changed stands below: with one in a message the hub's time for each is less than "
    "half of what it was. Broker, generator and hub share two cores, and Python runs one of the "
    "hub's threads at a time; what is left is spread thin over rules, rows and commits."
)
LATENCY_TRIED: Final = (
    "Urgent lanes have a connection and a transaction of their own, so that no telemetry is in "
    "front of them; a page of the feed is read over one connection; what screens see alike is put "
    "into words once. What is left is the writing of an alert, and waiting for a core."
)

TRACES: Final = (
    ("movements over 90 days", 20),
    ("companions", 200),
    ("habits", None),
    ("inside", None),
    ("plate with one sign wrong", None),
)

CASES_TRIED: Final = (
    "An alarm asks the store once how it stands; alarms, cases and histories of a transaction are "
    "written together. Each alarm is still decided by what the one before left. PostgreSQL's own "
    "process takes its part of the two cores, and each statement a way there and back."
)
LIST_TRIED: Final = (
    "A case's number said in full goes by its index; other words are looked for in every open case."
)


def _cases(store: str, suffix: str) -> tuple[Measure, ...]:
    case = f"alarms to cases, {store}"
    return (
        Measure(
            f"alarms-to-cases{suffix}",
            f"alarms that become cases, on {STORES[store]}",
            "cases",
            case,
            "cases_per_s",
            "/s",
            500,
            tried=CASES_TRIED,
        ),
        Measure(
            f"alarms-to-cases-cpu{suffix}",
            f"processor time of an alarm and its case, on {STORES[store]}",
            "cases",
            case,
            "cpu_us_per_case",
            "µs",
            less=True,
        ),
    )


RESIDENTS_TRIED: Final = (
    "Statements are compiled once and run for many rows, hashes and seals are made by one key "
    "schedule, and nothing is sealed where a list is only tried. Half of the time is the "
    "database's, which keeps ten indexes for what a line becomes, a third the seals' and hashes'."
)


def _ingest(batch: int, aim: float | None) -> tuple[Measure, ...]:
    case = f"hub, {batch} in a message"
    return (
        Measure(
            f"ingest-{batch}",
            f"durable observations, {batch} in a message",
            "ingest",
            case,
            "observations_per_s",
            "/s",
            aim,
            tried=INGEST_TRIED,
        ),
        Measure(
            f"ingest-{batch}-cpu",
            f"the hub's processor time for each, {batch} in a message",
            "ingest",
            case,
            "hub_cpu_us_per_observation",
            "µs",
            less=True,
        ),
    )


def _storage(back_end: str, name: str) -> tuple[Measure, ...]:
    """What is stored, and what is looked for, in the storage bench's words."""
    passages, where = name == "passages", f"on {STORES[back_end]}"
    query, looked_for, aim = (
        ("person_over_90_days_ms", "one person's passages over 90 days", 20)
        if passages
        else ("month_of_one_sensor_ms", "a month of one sensor", 100)
    )
    about = (f"storage-{back_end}-{name}", f"{back_end}: {name}")
    return (
        Measure(about[0], f"{name} {where}", "storage", about[1], "rows_per_s", "/s"),
        Measure(
            f"{about[0]}-weight",
            f"a row of {name} {where}",
            "storage",
            about[1],
            "bytes_per_row",
            "bytes",
            less=True,
        ),
        Measure(
            f"{about[0]}-query",
            f"{looked_for} {where}, p95",
            "storage",
            about[1],
            f"{query}.p95",
            "ms",
            aim,
            less=True,
        ),
    )


def _traces(back_end: str, question: str, aim: float | None) -> Measure:
    return Measure(
        f"traces-{back_end}-{question.replace(' ', '-')}",
        f"{question}, among 10 million passages on {STORES[back_end]}, p95",
        "traces",
        f"{back_end}: {question}",
        "answer_ms.p95",
        "ms",
        aim,
        less=True,
    )


def _residents(back_end: str) -> tuple[Measure, ...]:
    """A line becomes 2.7 rows: of a person, of cards and cars, and of a household."""
    taken, where = f"{back_end}, csv: taken in", f"on {STORES[back_end]}"
    return (
        Measure(
            f"residents-{back_end}",
            f"lines of a list of residents that are taken in, {where}",
            "residents",
            taken,
            "lines_per_s",
            "/s",
            20_000,
            tried=RESIDENTS_TRIED,
        ),
        Measure(
            f"residents-{back_end}-rows",
            f"rows that such a list becomes, {where}",
            "residents",
            taken,
            "rows_per_s",
            "/s",
        ),
    )


def _audit(back_end: str) -> Measure:
    return Measure(
        f"audit-{back_end}",
        f"a million entries of the audit trail verified, on {STORES[back_end]}",
        "audit",
        back_end,
        "s",
        "s",
        60,
        less=True,
    )


def _latency(name: str, title: str, case: str, aim: float | None) -> Measure:
    return Measure(
        name,
        f"sensor to screen, p99, {title}",
        "latency",
        f"door-denied-repeatedly, {case}",
        "latency_s.p99",
        "s",
        aim,
        less=True,
        tried=LATENCY_TRIED,
    )


def _people(bench: str, title: str, case: str, aim: float) -> Measure:
    return Measure(
        bench, f"{title}, p99", bench, f"{case}, 1000/s", "latency_s.p99", "s", aim, less=True
    )


def _screen(name: str, title: str, case: str, figure: str, unit: str, aim: float) -> Measure:
    return Measure(name, title, "screen", case, figure, unit, aim, less=True)


MEASURES: Final = (
    Measure(
        "ceiling",
        "generator and broker alone, one in a message",
        "ingest",
        "generator and broker, no hub",
        "observations_per_s",
        "/s",
    ),
    *_ingest(1, 10_000),
    *_ingest(10, None),
    *_ingest(100, 40_000),
    _latency("latency", "1,000 messages/s", "1000/s", 0.15),
    _latency("latency-5000", "5,000 messages/s", "5000/s", None),
    _latency("latency-streams", "1,000/s and 500 open streams", "1000/s, 500 streams", None),
    _latency("latency-flood", "while three times too much is sent", "flood, 20000/s", 2.0),
    _screen(
        "screen-paint", "first paint of the wall", "wall opened", "first_paint_ms", "ms", 1_500
    ),
    _screen(
        "screen-wall", "the wall's list is on screen", "wall opened", "wall_shown_ms", "ms", 1_500
    ),
    _screen(
        "screen-script", "script that the wall takes, packed", "wall opened", "script_kb", "kB", 400
    ),
    _screen(
        "screen-burst",
        "longest task in a burst of 200 alarms",
        "burst of 200 alarms",
        "longest_task_ms",
        "ms",
        200,
    ),
    _screen(
        "screen-heap",
        "what the page's memory grew by in a minute of traffic and 400 alarms",
        "traffic of 200/s for 60 s",
        "heap_grown_mb",
        "MB",
        5,
    ),
    *(
        _screen(
            f"screen-100000-{name.replace(' ', '-')}",
            f"with 100,000 alarms in the store: {name}, p95",
            f"100000 alarms in the store, {name}",
            "p95_ms",
            "ms",
            250,
        )
        for name in ("snapshot", "first page", "one condition", "one device", "figures of a day")
    ),
    Measure(
        "flood-memory",
        "the hub's memory at most, while three times too much is sent",
        "latency",
        "door-denied-repeatedly, flood, 20000/s",
        "hub_peak_mb",
        "MB",
        512,
        less=True,
    ),
    Measure(
        "storm",
        "a P0 in a storm of 10,000 events a minute, slowest of 20",
        "storm",
        "10000 events in 60 s",
        "p0_p99_ms",
        "ms",
        2_000,
        less=True,
    ),
    Measure(
        "storm-sounds",
        "other alarms that made a sound in that storm",
        "storm",
        "10000 events in 60 s",
        "other_sounds",
        "sounds",
        10,
        less=True,
    ),
    _people("actuation", "a person's click to the door's free lock", "click to lock", 1.0),
    _people("watch", "somebody watched for passes, to the alarm", "watchlist hit", 2.0),
    Measure(
        "day",
        "a simulated day of 2,000 households",
        "day",
        "2,000 households",
        "day_s",
        "s",
        60,
        less=True,
    ),
    Measure(
        "day-cpu",
        "processor time of that day",
        "day",
        "2,000 households",
        "day_cpu_s",
        "s",
        60,
        less=True,
    ),
    *_cases("sqlite", ""),
    *_cases("postgresql", "-postgresql"),
    *(
        Measure(
            f"case-list-{name.replace(' ', '-')}",
            f"list of 100,000 open cases, p95: {name}",
            "cases",
            f"list of 100000, sqlite, {name}",
            "p95_ms",
            "ms",
            100,
            less=True,
            tried=LIST_TRIED if "words" in name else "",
        )
        for name in ("first page", "through all pages", "one category", "one person", "rare words")
    ),
    *_storage("sqlite", "passages"),
    *_storage("postgresql", "passages"),
    *(_traces(back_end, *asked) for back_end in ("sqlite", "postgresql") for asked in TRACES),
    *(one for back_end in ("sqlite", "postgresql") for one in _residents(back_end)),
    *(_audit(back_end) for back_end in ("sqlite", "postgresql")),
    *(one for back_end in STORES for one in _storage(back_end, "telemetry")),
    Measure(
        "falling",
        "falling objects: 1920 x 1080, linking in, decoding out, of processor time",
        "falling_frontend",
        "1920x1080, one core",
        "fps",
        "pictures/s",
        100,
        tried=(
            "Below the aim where other work shares the caches: runs of one hour differ from 74 to "
            "122, and MOG2 by as much."
        ),
    ),
    Measure(
        "falling-mog2",
        "the same against OpenCV's MOG2 with components",
        "falling_frontend",
        "1920x1080, one core",
        "times_mog2",
        "times",
        5,
    ),
    Measure(
        "ebike",
        "an e-bike's frame, decoding in, one thread, processor time",
        "ebike",
        "704x576, one thread",
        "child_cpu_ms",
        "ms",
        15,
        less=True,
    ),
    Measure(
        "node-red",
        "the same flow through Node-RED, one in a message",
        "nodered",
        "MQTT in, function, SQLite",
        "observations_per_s",
        "/s",
    ),
)
