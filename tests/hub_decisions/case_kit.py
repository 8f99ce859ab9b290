"""A case of the shipped catalogue, and somebody who takes it through the flow."""

from dataclasses import replace
from pathlib import Path

from hub.cases import ACTIONS, START, Case, Given, Rulebook, apply
from hub.config import Priority, Role, load_catalogue
from wire import Text

T0 = 1_800_000_000_000
CATALOGUE = load_catalogue(Path(__file__).parents[2] / "configs" / "cases")
RULES = Rulebook(CATALOGUE)

CASE = Case(
    id="c1",
    site="s",
    number="20261122-001",
    category="fire-door",
    title=Text(zh="防火门常开", en="Fire door wedged open"),
    priority=Priority.P2,
    state=START,
    opened_at=T0,
    updated_at=T0,
)
"""Regular, led by the property; a grid officer may send it straight to a contractor."""

TERMS = RULES.of(CASE)
ITEMS = [one.id for one in TERMS.category.standard if not one.photos]
"""What people tick; its other line is true once photos of before and after are there."""

ANSWERS = {
    "note": "looked",
    "resolution": "resolved",
    "rating": 5,
    "department": "elevator-maintenance",
    "helpers": ("police",),
    "item": ITEMS[0],
    "without": "they are not needed",
    "case": "c2",
}


def act(case, action, /, *, actor="wang", role=Role.SUPERVISOR, now=T0 + 1000, **given):
    """One action with exactly what is given."""
    return apply(
        case,
        action,
        actor=actor,
        role=role,
        now=now,
        terms=RULES.of(case),
        given=Given(**given),
    )


def answers(action):
    """Something for all that an action needs."""
    spec = ACTIONS[action]
    return {need.value: ANSWERS[need.value] for need in spec.needs}


def walk(case, *actions, **who):
    """One action after another, each with what it needs; before closing, the standard is ticked."""
    entries = []
    for action in actions:
        if action in {"close", "close-directly"}:
            case = ticked(case)
        if action == "report":
            case = pictured(case)
        case, entry = act(case, action, **(answers(action) | who))
        entries.append(entry)
    return case, entries


def ticked(case):
    """With the whole of the closing standard ticked."""
    case = pictured(case)
    for item in RULES.of(case).open_items(case):
        case, _ = act(case, "tick", item=item.id)
    return case


def pictured(case):
    """With the photos that its closing standard asks for."""
    return replace(case, photos_before=1, photos_after=1)
