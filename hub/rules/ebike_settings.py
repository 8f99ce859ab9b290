"""What is set about e-bikes in elevators: in `configs/rules/ebike.toml`, and per car."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from hub.config.table import Table
from hub.rules.ebike_frames import Needs, Point
from wire.command import MAX_LEASE_S

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Frames = Annotated[int, Field(ge=1, le=30)]

_MOST_FRESH_S = 30.0


class Settings(Table):
    """`configs/rules/ebike.toml`; what each key means stands there."""

    suspicion: Share | None = None
    alarm: Share | None = None
    suspect_frames: Frames = 2
    confirm_frames: Frames = 3
    of_frames: Frames = 6
    window_s: Seconds = 8.0
    clear_frames: Frames = 4
    gone_s: Seconds = 2.5
    pre_hold_s: Seconds = 6.0
    fresh_s: Annotated[float, Field(gt=0, le=_MOST_FRESH_S)] = 6.0
    hold_cap_s: Annotated[float, Field(gt=0, le=MAX_LEASE_S)] = 90.0
    hold_rest_s: Seconds = 60.0
    lease_s: Annotated[float, Field(gt=0, le=30)] = 6.0
    voice_every_s: Seconds = 12.0
    quiet_s: Seconds = 48.0
    dismissed_s: Seconds = 1800.0
    ride_s: Seconds = 20.0
    give_up_s: Seconds = 90.0

    @model_validator(mode="after")
    def _possible(self) -> "Settings":
        if max(self.suspect_frames, self.confirm_frames) > self.of_frames:
            raise ValueError("suspect_frames and confirm_frames cannot exceed of_frames")
        if self.suspicion is not None and self.alarm is not None and self.suspicion > self.alarm:
            raise ValueError("suspicion must not be above alarm")
        return self


class Own(Table):
    """What the site file says of one car.

    cabin: polygon of the cabin in the picture, `[[x, y], …]` as shares of it; without it the whole
        picture counts. stand: what of a box has to lie in it.
    hold, voice: whether the car has a contact that holds its door, and a speaker.
    suspicion, alarm: thresholds of this camera, instead of the model's own.
    """

    cabin: Annotated[tuple[tuple[Share, Share], ...], Field(max_length=32)] = ()
    stand: Literal["foot", "centre"] = "foot"
    hold: bool = True
    voice: bool = True
    suspicion: Share | None = None
    alarm: Share | None = None

    @model_validator(mode="after")
    def _polygon(self) -> "Own":
        if self.cabin and len(self.cabin) < 3:  # noqa: PLR2004
            raise ValueError("cabin: a polygon has three corners at least")
        if self.suspicion is not None and self.alarm is not None and self.suspicion > self.alarm:
            raise ValueError("suspicion must not be above alarm")
        return self


@dataclass(frozen=True, slots=True)
class Limits:
    """All of a car's settings, times in ms; see `configs/rules/ebike.toml`."""

    needs: Needs
    cabin: tuple[Point, ...]
    by_foot: bool
    suspicion: float | None
    alarm: float | None
    holds: bool
    speaks: bool
    pre_hold: int
    fresh: int
    cap: int
    rest: int
    lease_s: float
    voice_every: int
    quiet: int
    dismissed: int
    ride: int
    give_up: int


def limits_of(settings: Settings, own: Own) -> Limits:
    """The settings of one car. Raises ValueError when its thresholds contradict each other."""
    suspicion = settings.suspicion if own.suspicion is None else own.suspicion
    alarm = settings.alarm if own.alarm is None else own.alarm
    if suspicion is not None and alarm is not None and suspicion > alarm:
        raise ValueError("suspicion must not be above alarm")
    return Limits(
        needs=Needs(
            suspect=settings.suspect_frames,
            confirm=settings.confirm_frames,
            of=settings.of_frames,
            window=_ms(settings.window_s),
            clear=settings.clear_frames,
            gone=_ms(settings.gone_s),
        ),
        cabin=own.cabin,
        by_foot=own.stand == "foot",
        suspicion=suspicion,
        alarm=alarm,
        holds=own.hold,
        speaks=own.voice,
        pre_hold=_ms(settings.pre_hold_s),
        fresh=_ms(settings.fresh_s),
        cap=_ms(settings.hold_cap_s),
        rest=_ms(settings.hold_rest_s),
        lease_s=settings.lease_s,
        voice_every=_ms(settings.voice_every_s),
        quiet=_ms(settings.quiet_s),
        dismissed=_ms(settings.dismissed_s),
        ride=_ms(settings.ride_s),
        give_up=_ms(settings.give_up_s),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
