"""People as answers."""

from hub.access.roles import Actor
from hub.api.models.people import Person, User
from hub.store.people.users import Account


def person(actor: Actor) -> Person:
    """Who is logged in."""
    return Person(
        name=actor.name,
        role=actor.role,
        sites=sorted(actor.sites),
        enrolling=actor.token is None and actor.scope is not None,
        department=actor.department,
    )


def user(account: Account) -> User:
    """An account, without its password's hash."""
    return User(
        name=account.name,
        role=account.role,
        sites=sorted(account.sites),
        created_at=account.created_at,
        disabled=account.disabled,
        department=account.department,
    )
