"""Registers as configuration, and what their words mean."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pymodbus.client.mixin import ModbusClientMixin

from edge.errors import DeviceError

DATATYPE = ModbusClientMixin.DATATYPE


class NumberType(StrEnum):
    """How a number lies in 16-bit registers."""

    INT16 = "int16"
    UINT16 = "uint16"
    INT32 = "int32"
    UINT32 = "uint32"
    FLOAT32 = "float32"


_TYPES: Final[Mapping[NumberType, DATATYPE]] = {
    NumberType.INT16: DATATYPE.INT16,
    NumberType.UINT16: DATATYPE.UINT16,
    NumberType.INT32: DATATYPE.INT32,
    NumberType.UINT32: DATATYPE.UINT32,
    NumberType.FLOAT32: DATATYPE.FLOAT32,
}

TO_MPA: Final[Mapping[str, float]] = {
    "MPa": 1.0,
    "kPa": 1e-3,
    "bar": 0.1,
    "psi": 6.894757293168e-3,  # NIST SP 811, B.8
    "mH2O": 9.80665e-3,  # conventional metre of water, NIST SP 811, B.8
}
"""MPa for one of the unit."""

TO_VOLT: Final[Mapping[str, float]] = {"V": 1.0, "mV": 1e-3}
"""Volts for one of the unit."""


class Register(BaseModel):
    """Where a number stands and how it is read: raw * `scale` + `offset`, in the sensor's unit.

    address: protocol address from 0 (a manual's 30001 or 40001 is 0).
    word_order: which half of a 32-bit number comes first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[int, Field(ge=0, le=65535)]
    table: Literal["input", "holding"] = "input"
    type: NumberType
    word_order: Literal["big", "little"] = "big"
    scale: float = 1.0
    offset: float = 0.0

    @property
    def words(self) -> int:
        """16-bit registers that the number takes."""
        return _TYPES[self.type].value[1]

    def value(self, words: Sequence[int]) -> float:
        """The number, in the sensor's unit. Raises DeviceError when it is none (NaN, infinity)."""
        raw = ModbusClientMixin.convert_from_registers(
            list(words), _TYPES[self.type], word_order=self.word_order
        )
        if not isinstance(raw, int | float) or not math.isfinite(raw):
            raise DeviceError(f"register {self.address} does not hold a number")
        return raw * self.scale + self.offset


class PressureRegister(Register):
    """A pressure, in the unit that the sensor's manual states."""

    unit: Literal["MPa", "kPa", "bar", "psi", "mH2O"]

    def mpa(self, words: Sequence[int]) -> float:
        """The pressure, MPa, to 0.1 kPa. Raises DeviceError."""
        return round(self.value(words) * TO_MPA[self.unit], 4)


class BatteryRegister(Register):
    """A battery's voltage."""

    unit: Literal["V", "mV"] = "V"

    def volt(self, words: Sequence[int]) -> float:
        """The voltage, V, to 1 mV. Raises DeviceError."""
        return round(self.value(words) * TO_VOLT[self.unit], 3)
