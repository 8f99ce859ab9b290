import itertools
import math
from pathlib import Path

import pytest

from hub.config import load_catalogue
from hub.households.columns import columns_of, words_of
from hub.households.entry import Entry, EntryReader
from simulators.cars import Cars
from simulators.homes import residents_list
from simulators.residents import LOBBY, Residents, bustle

DOORS = {"b1": ["door-b1"], "b2": ["door-b2"]}
GATES = ["east", "west"]
EIGHT = 8 * 3600.0
CONFIGS = Path(__file__).parents[2] / "configs"


def people(seed=1):
    return Residents(DOORS, GATES, seed=seed)


def trips(residents, count=200, *, local_s=EIGHT):
    return [residents.trip(local_s, now_s=float(n)) for n in range(count)]


def test_same_seed_gives_the_same_people_and_trips():
    assert people(5).people == people(5).people
    assert trips(people(5)) == trips(people(5))
    assert trips(people(5)) != trips(people(6))


def test_whoever_goes_home_takes_the_elevator_to_their_floor_and_whoever_leaves_to_the_lobby():
    panels, floors = {"b1": ["lift-1", "lift-2"]}, {"b1": 18}
    residents = Residents(DOORS, GATES, seed=3, panels=panels, floors=floors)
    plain = people(3)
    assert trips(plain) == trips(residents)  # an elevator changes nobody's day
    owners = {one.card: one for one in residents.people}
    assert {one.floor for one in owners.values() if one.building == "b1"} <= set(range(2, 19))
    ways, wrong = [], 0
    for trip in [*trips(residents, 300, local_s=18.4 * 3600), *trips(residents, 100)]:
        ride, who, way = residents.ride(trip), owners[trip[-1].card], trip[-1].direction
        assert (ride is not None) == (who.building == "b1")
        if ride is not None:
            ways.append(way)
            wrong += ride.wrong_first is not None
            assert (ride.card, ride.floor) == (who.card, who.floor if way == "in" else LOBBY)
            assert ride.panel in panels["b1"]
            assert (ride.takes_s > 0) == (way == "out")
            assert way == "out" or ride.after_s > trip[-1].after_s + trip[-1].reach_s
    assert 0 < wrong < len(ways) / 10
    assert set(ways) == {"in", "out"}


def test_a_list_of_who_lives_here_names_rooms_and_nobody():
    residents, cars = people(), Cars(seed=1)
    lines = residents_list(residents, cars).decode().splitlines()
    header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert {one["card"] for one in told} == residents.cards
    assert {one["plate"] for one in told if one["plate"]} <= cars.listed
    assert len({(one["building"], one["room"], one["name"]) for one in told}) == len(told)
    assert all(one["name"].startswith(f"住户 {one['room']}-") for one in told)
    assert {one["tags"] for one in told} == {"", "elderly", "tenant"}
    tags = words_of(load_catalogue(CONFIGS / "cases").tags.values())
    read = EntryReader(columns_of(header), {name: name for name in DOORS}, tags)
    entries = [read.read(number, row) for number, row in enumerate(rows, 2)]
    assert all(isinstance(one, Entry) for one in entries)


def test_cards_are_ten_digits_and_an_unknown_card_belongs_to_nobody():
    residents = people()
    assert all(card.isdigit() and len(card) == 10 for card in residents.cards)
    assert all(residents.unknown_card() not in residents.cards for _ in range(100))


def test_residents_use_the_estates_gates_and_only_their_own_buildings_door():
    residents = people()
    home = {person.card: person.building for person in residents.people}
    for trip in trips(residents):
        for passage in trip:
            assert passage.gate in [*GATES, *DOORS[home[passage.card]]]


@pytest.mark.parametrize(("hour", "mostly"), [(7.6, "out"), (18.4, "in")])
def test_people_leave_in_the_morning_and_return_in_the_evening(hour, mostly):
    ways = [trip[0].direction for trip in trips(people(), local_s=hour * 3600)]
    assert ways.count(mostly) > 0.9 * len(ways)


def test_way_in_passes_the_gate_first_and_way_out_the_door():
    for trip in trips(people(), local_s=18.4 * 3600):
        first, then = trip
        assert first.after_s < then.after_s
        assert (first.gate in GATES) == (first.direction == "in")


def test_two_mistakes_at_one_door_are_at_least_a_quarter_of_an_hour_apart():
    residents = people()
    wrong: dict[str, list[float]] = {}
    for second in range(0, 86_400, 7):
        for passage in residents.trip(18.4 * 3600, now_s=float(second)):
            if passage.wrong_first is not None:
                wrong.setdefault(passage.gate, []).append(float(second))
    assert sum(map(len, wrong.values())) > 10
    for moments in wrong.values():
        gaps = [after - before for before, after in itertools.pairwise(moments)]
        assert all(gap >= 900 for gap in gaps)


def test_gaps_follow_the_rate_and_nobody_travels_at_rate_zero():
    residents = people()
    gaps = [residents.gap_s(EIGHT, trips_per_hour=120) for _ in range(2000)]
    assert sum(gaps) / len(gaps) == pytest.approx(30.0 / bustle(EIGHT), rel=0.1)
    assert residents.gap_s(EIGHT, trips_per_hour=0) == math.inf


def test_estate_without_buildings_has_no_trips():
    assert Residents({}, GATES, seed=1).gap_s(EIGHT, trips_per_hour=100) == math.inf
