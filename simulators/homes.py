"""Who lives on a simulated estate, as a list that the hub takes in. Nobody there has a name."""

from simulators.cars import Cars
from simulators.residents import Residents

_HEAD = ("building", "room", "name", "tags", "card", "plate")
_ELDERLY_EVERY = 12
_TENANT_EVERY = 7


def residents_list(residents: Residents, cars: Cars) -> bytes:
    """CSV in UTF-8 with a header: a line for each card, and for each car one of the lines.

    Whoever lives in 0302 is called 住户 0302-1, 住户 0302-2 and so on, so that nobody takes them
    for a person.
    """
    lines, count = [_HEAD], dict[tuple[str, str], int]()
    plates = iter([car.plate for car in cars.residents])
    for number, one in enumerate(residents.people, 1):
        home = (one.building, one.room)
        count[home] = count.get(home, 0) + 1
        name = f"住户 {one.room}-{count[home]}"
        lines.append((one.building, one.room, name, _tag(number), one.card, next(plates, "")))
    return "".join(",".join(line) + "\n" for line in lines).encode()


def _tag(number: int) -> str:
    if number % _ELDERLY_EVERY == 0:
        return "elderly"
    return "tenant" if number % _TENANT_EVERY == 0 else ""
