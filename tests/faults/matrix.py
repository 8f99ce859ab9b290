"""The faults F1 to F28: what happens, and the test that shows it, or that none does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """shown: tests, by path below `tests/`; or what was not tested, in these words."""

    id: str
    fault: str
    happens: str
    shown: str


MATRIX = (
    Fault(
        "F1",
        "Hub killed at random",
        "nothing acknowledged is lost; agents send the rest again; alerts and cases are the same",
        "`faults/test_kills.py`, `hub_machinery/test_kill_anywhere.py` (every statement), soak",
    ),
    Fault(
        "F2",
        "Broker killed, at its defaults",
        "agents and hub connect again, agents send what the hub has not acknowledged",
        "`faults/test_kills.py`, `edge/test_link.py`, soak",
    ),
    Fault(
        "F3",
        "Agent killed in the middle of writing",
        "what was answered 200 is in the outbox; the rest is pushed again and known by its id",
        "`faults/test_kills.py`, `edge/test_outbox_crash.py`, `edge/test_edge_run.py`, soak",
    ),
    Fault("F4", "All at once", "as F1 to F3", "soak (`all`)"),
    Fault(
        "F5",
        "Power loss: what was not synced is gone",
        "nothing confirmed is lost, in the outbox and in the hub's store",
        "`faults/test_power_loss.py` (root), soak (`power`): an ext4 whose journal is cut off, see"
        " above; a disk that lies, a torn page within a sector, LazyFS: not tested",
    ),
    Fault(
        "F6",
        "Partition",
        "the agent keeps all; afterwards life safety goes before the backlog",
        "`faults/test_endurance.py`, soak (`partition`, `week offline`); 24 h in real time: not"
        " run, nor are they scaled: what a day would hold is put in at once",
    ),
    Fault(
        "F7",
        "Half-open TCP",
        "the keepalive finds it, and the agent connects again",
        "`faults/test_endurance.py` (black hole), `faults/test_proxy.py`; the time to the offline"
        " mark: not measured",
    ),
    Fault(
        "F8",
        "Slow line, 64 kbit/s and 400 ms",
        "at most 16 KiB of bulk lanes are under way, so life safety passes",
        "`faults/test_endurance.py` with 150 waiting; soak (`slow line`) with 10,000, run"
        " once so far: p99 1.84 s of 311, none lost, drained in 504 s",
    ),
    Fault(
        "F9",
        "Flapping link",
        "connects again with jittered back-off; one episode of silence at most",
        "`hub_decisions/test_rule_silence.py`, soak (`mixed`)",
    ),
    Fault(
        "F10",
        "Disk full, hub",
        "`disk-nearly-full` tells people before (under 2 GB and 5 % free); then no acknowledgement,"
        " reads go on, `/api/health` says since when; heals by itself",
        "`faults/test_full_hub_disk.py` (24 MiB tmpfs), `hub_machinery/test_ingest.py`,"
        " `hub_machinery/test_hub_disk.py`; of PostgreSQL's own disk only the database's size,"
        " against `max_gb` (`back_ends/test_postgresql.py`)",
    ),
    Fault(
        "F11",
        "Disk full, agent",
        "media go, then telemetry, each counted; events and life safety never",
        "`edge/test_full_disk.py` (8 MiB tmpfs), `edge/test_outbox.py`",
    ),
    Fault(
        "F12",
        "EIO, slow fsync",
        "nothing is confirmed that was not synced",
        "`faults/test_power_loss.py` (every write and sync fails after the cut),"
        " `faults/test_bad_sync.py` (each sync takes 60 ms, every fifth fails: outbox and hub); EIO"
        " of reads: not tested",
    ),
    Fault(
        "F13",
        "Hub or agent stands still",
        "a held door is let go by its lease; the hub waits for backlogs before it judges",
        "`edge/test_elevator_car.py`, `edge/test_actuation.py`, soak (`mixed`: SIGSTOP up to 6 s)",
    ),
    Fault(
        "F14",
        "Slow consumer",
        "a screen that does not read is told to start anew; nobody else notices",
        "`faults/test_slow_screen.py`, `hub_machinery/test_feed.py`",
    ),
    Fault(
        "F15",
        "Time-series server down",
        "points wait in a spool on disk, alerts go on",
        "`hub_telemetry/test_server_faults.py` (down from the start, killed under load, dawdling,"
        " refusing; full spool); down for an hour: not run",
    ),
    Fault(
        "F16",
        "PostgreSQL killed",
        "the hub stays up, tries the same transactions again",
        "`back_ends/test_server_killed.py`",
    ),
    Fault(
        "F17",
        "Duplicates",
        "stored once, counted",
        "`faults/test_bad_days.py`, `hub_machinery/test_intake.py` (any repetition)",
    ),
    Fault(
        "F18",
        "Reordered; late by a day",
        "order by number; late is marked and makes no sound",
        "`faults/test_bad_days.py`, `hub_machinery/test_intake.py`",
    ),
    Fault(
        "F19",
        "Clock of device or agent wrong (1 h, 1970)",
        "all is stored, dated by the hub, and the clock is flagged",
        "`faults/test_bad_days.py`, `hub_machinery/test_intake.py`",
    ),
    Fault(
        "F20",
        "Clock of the hub wrong, then set",
        "timers are monotonic; what rules remember moves back with the clock; nothing is removed",
        "`faults/test_hub_clock.py` (1 h ahead, 1 h behind, 1970, 40 years ahead)",
    ),
    Fault(
        "F21",
        "Poison",
        "set aside with its reason, acknowledged, and the next message is stored",
        "`faults/test_poison.py` (10,000 damaged messages, hypothesis), `faults/test_bad_days.py`;"
        " a million: not run",
    ),
    Fault(
        "F22",
        "Alarm storm",
        "told in groups; life safety alone and at once",
        "`hub_machinery/test_alarm_management.py`; `bench.storm`: 10,000 in 60 s, 20 P0 among"
        " them (performance.md), without a broker",
    ),
    Fault(
        "F23",
        "2,000 agents come back at once",
        "all are back, nothing is lost",
        "`faults/test_reconnect.py`; soak (`reconnect`) measures the time, with an aim of 120 s",
    ),
    Fault(
        "F24",
        "Vision child crashes, hangs, or eats memory",
        "it is killed and started again; the picture is poison at the second time; hub goes on",
        "`vision_ebike/test_detector_child.py`, `hub_machinery/test_ebike_line.py`,"
        " `edge/test_camera_process.py`",
    ),
    Fault(
        "F25",
        "Migration killed",
        "all or nothing; the next start begins anew",
        "`back_ends/test_migrations_killed.py`, `hub_machinery/test_store.py`,"
        " `hub_machinery/test_rollback.py`; between two real versions under load: by hand, once"
        " (install.md)",
    ),
    Fault(
        "F26",
        "Backup and restore",
        "restored under load, numbers go on",
        "`back_ends/test_backup.py`",
    ),
    Fault(
        "F27",
        "Certificates expired or revoked",
        "the hub refuses a broker whose certificate is expired, of another name or another CA",
        "`hub_machinery/test_broker_link.py`; a warning before, and revocation: not built",
    ),
    Fault(
        "F28",
        "24 h of mixed faults",
        "as above",
        "24 h: not run, it takes a machine of its own for a day"
        ' (`make soak ARGS="--kills 0 --power 0 --measure none --minutes 1440"`, which does not'
        " watch memory and descriptors); soak (`mixed`) as long as said",
    ),
)
