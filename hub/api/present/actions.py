"""What the asking person may do, as drawn on buttons."""

from collections.abc import Iterable
from functools import lru_cache

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import AllowedAction
from hub.api.models.actions import Action, DeviceAction
from hub.config import ROLE_NAMES
from wire import Text
from wire.kinds import ActionSpec

NOT_YOURS = Text(zh="没有权限", en="You may not do this")
NOT_NOW = Text(zh="不在你的授权范围或时段内", en="Outside what you may do, or when")


def offered(actions: Iterable[AllowedAction], *, permitted: bool) -> list[Action]:
    """Actions as the domain offers them, for a person who is `permitted` to act here at all."""
    return [_shown(action, permitted) for action in actions]


@lru_cache(maxsize=4096)
def _shown(action: AllowedAction, permitted: bool) -> Action:  # noqa: FBT001 - part of the key
    """A page of cases shows some thousand of them, most of them alike; none is ever changed."""
    return Action(
        id=action.id,
        name=action.name,
        allowed=action.allowed and permitted,
        why=action.why if permitted else NOT_YOURS,
        needs=list(action.needs),
        takes=list(action.takes),
    )


def device_action(spec: ActionSpec, actor: Actor, thing: Thing) -> DeviceAction:
    """A device's action for a person; what else could forbid it is known once it is tried.

    thing: the device, with what the action asks for.
    """
    allowed = may(actor, Permission.DEVICE_COMMAND, thing)
    name = ROLE_NAMES[thing.role]
    why = Text(zh=f"需要{name.zh}权限", en=f"This takes a {name.en}")
    if actor.role.at_least(thing.role):
        why = NOT_NOW
    return DeviceAction(
        id=spec.id,
        name=spec.name,
        allowed=allowed,
        why=None if allowed else why,
        max_lease_s=spec.max_lease_s,
    )
