"""Proof that somebody stood at a point: a code that hangs there, as text, QR or NFC tag.

It is the same as long as the plan and the point bear their ids, and nobody can work it out who does
not hold the hub's key; who has it at home has photographed it. Times are ms.
"""

import hmac
from typing import Final

from hub.errors import BadRequestError
from hub.patrols.round import Point, Result, Round

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none that is read as another; `plain` puts those right that people type."""

LENGTH: Final = 8
"""40 bits; each try takes a login, is on the audit trail, and there is one code to guess."""

LATEST_MS: Final = 12 * 3_600_000
"""How old what a telephone kept may be when it is handed in."""

HELD_MS: Final = 2 * 60_000
"""Handed in later than this, it says so."""


def code_of(digest: str) -> str:
    """The code of a point, `XXXX-XXXX`. digest: a keyed hash of it, hex."""
    number = int(digest[:16], 16)
    signs = [LETTERS[(number >> 5 * place) % 32] for place in range(LENGTH)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def plain(code: str) -> str:
    """As it was meant, whatever people make of dashes, small letters, O, I and L."""
    swapped = code.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "".join(sign for sign in swapped if sign in LETTERS)


def proved(point: Point, result: Result, given: str | None, right: str) -> bool:
    """Whether what was typed or scanned proves it; a wrong code is refused, never overlooked.

    Raises BadRequestError (`code`), also where a point that asks for one has none.
    """
    if given:
        if hmac.compare_digest(plain(given), plain(right)):
            return True
        raise BadRequestError("is not the code of this point", field="code")
    if point.proof and result is not Result.SKIPPED:
        raise BadRequestError("is needed: it hangs at the point", field="code")
    return False


def moment(one: Round, said: int | None, now: int) -> tuple[int, int | None]:
    """When it was, and when it was handed in where that was later. said: by the telephone.

    Raises BadRequestError (`visited_at`).
    """
    if said is None:
        return now, None
    if not max(one.due_at, now - LATEST_MS) <= said <= now + HELD_MS:
        raise BadRequestError("lies outside the round, or too far back", field="visited_at")
    return min(said, now), now if now - said > HELD_MS else None
