"""Which passwords people may choose: long, not one that everybody thinks of, not their name.

A list of common passwords is made from words instead of kept: what is left of a password without
common words, the account's name, digits, signs and runs has to be something. (NIST SP 800-63B,
5.1.1.2: length, and a comparison with what is commonly used; no rules about sorts of characters.)
"""

import re
from typing import Final

from hub.errors import BadRequestError

SHORTEST: Final = 12
LONGEST: Final = 200

LEFT: Final = 5
"""So many letters have to be left."""

_WORDS: Final = (
    "administrator changeme community computer controlroom dragon emergency football gatehouse "
    "guardian iloveyou jinxiu letmein login master monkey mypassword password passwort princess "
    "property qazwsx qwerty qwertyuiop sailboat secret security shadow sunshine superman "
    "supervisor system trustno welcome woaini xiaoqu asdfgh asdfghjkl zxcvbn zxcvbnm mima "
    "abcdef abc admin baoan china default guard guest hello hub pass root test user wuye zaq"
)
COMMON: Final = tuple(sorted(_WORDS.split(), key=len, reverse=True))
"""Words of passwords that are on every list; taken away, the longest first, until none is left."""

_PLAIN: Final = str.maketrans("01345678@$!|", "oieasbtbasii")
_AGAIN: Final = re.compile(r"(.{1,4}?)\1+")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def check_password(password: str, name: str, *, field: str) -> None:
    """Raises BadRequestError, code `weak-password`, which says what is wrong with it.

    field: of the request, that it came in.
    """
    problem = weakness(password, name)
    if problem is not None:
        raise BadRequestError(problem, field=field, code="weak-password")


def weakness(password: str, name: str) -> str | None:
    """What is wrong with a password for the account called `name`; None when nothing is."""
    if len(password) < SHORTEST:
        return f"needs {SHORTEST} characters or more"
    if len(name) >= 3 and _left(password.lower().replace(name.lower(), "")) < LEFT:  # noqa: PLR2004 - shorter ones occur in words
        return "is hardly more than the account's name"
    if _left(password.lower()) < LEFT:
        return "is one that many people choose"
    return None


def _left(text: str) -> int:
    """Letters that are left of it, in its better reading: as typed, or with 0 for o and so on."""
    return min(len(_without(text)), len(_without(text.translate(_PLAIN))))


def _without(text: str) -> str:
    """Without digits and signs, common words, repetitions and stretches of the alphabet."""
    text = "".join(char for char in text if char.isalpha())
    before = ""
    while before != text:
        before = text
        for word in COMMON:
            text = text.replace(word, "")
        text = _without_stretches(_AGAIN.sub(r"\1", text))
    return text


def _without_stretches(text: str) -> str:
    for length in range(len(_LETTERS), 3, -1):
        for start in range(len(_LETTERS) - length + 1):
            text = text.replace(_LETTERS[start : start + length], "")
    return text
