"""Sessions and tokens as answers: without what opens anything."""

from hub.access.sessions import Session
from hub.access.tokens import Token
from hub.api.models.credentials import ApiToken, SessionInfo
from hub.api.visit import Visit


def show_session(session: Session, visit: Visit) -> SessionInfo:
    """A session, for whoever asks."""
    return SessionInfo(
        id=session.id,
        created_at=session.created_at,
        seen_at=session.seen_at,
        address=session.address,
        own=session.key == visit.session,
    )


def show_token(token: Token) -> ApiToken:
    """A token, without the hash of its secret."""
    return ApiToken(
        id=token.id,
        name=token.name,
        permissions=sorted(one.value for one in token.permissions),
        sites=sorted(token.sites),
        created_at=token.created_at,
        ends_at=token.ends_at,
        seen_at=token.seen_at,
        ended_at=token.ended_at,
        ended_by=token.ended_by,
    )
