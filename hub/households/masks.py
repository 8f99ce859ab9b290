"""What people may see of a resident's name and telephone number without opening the seal."""

from typing import Final

DOT: Final = "•"
_PHONE_HEAD: Final = 3
_PHONE_TAIL: Final = 4
_WHOLE_PHONE: Final = 11


def mask_name(name: str) -> str:
    """The first sign, and as many dots as tell nothing of the rest: `张••`."""
    return name[:1] + DOT * 2


def mask_phone(phone: str) -> str:
    """`138••••5678` of a mobile number; of others the last two digits."""
    if len(phone) == _WHOLE_PHONE:
        return phone[:_PHONE_HEAD] + DOT * 4 + phone[-_PHONE_TAIL:]
    return DOT * 4 + phone[-2:]
