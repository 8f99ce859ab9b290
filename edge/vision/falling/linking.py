"""Links blobs into tracks, and counts how likely chance would have done so.

A link counts as much as it is surprising: with `density` blobs per picture and square height
around, chance puts one at least as near to the predicted place with probability
1 - exp(-density * area), or more often where tracks that came to nothing have found more than that
(see `clutter`). A track's score is the sum of the logarithms plus the logarithm of the
tracks that are tried in a day (a-contrario: Desolneux, Moisan, Morel, "From Gestalt Theory to
Image Analysis", 2008).
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import Blobs
from edge.vision.falling.chain import Chain
from edge.vision.falling.clutter import Clutter, Search
from edge.vision.falling.echo import echoes
from edge.vision.falling.kalman import Filters
from edge.vision.falling.picture import Picture
from edge.vision.falling.retrace import retrace
from edge.vision.falling.seeds import pair_up
from edge.vision.falling.settings import Settings

LOG_TESTS = 8.0
"""log10 of the pairs of blobs that start a track in a day: 40 a picture, 2.6 million pictures."""
GAP_COST = 0.15
"""A picture without the object lets chance choose where to go on."""
GATE = 9.0
"""Square of the standard errors within which a blob is taken."""
MATURE = 4
"""From so many points on, a blob belongs to its track alone."""
CORE = 1.4
"""Likewise, within which half of the blobs of what really moves so lie (chi-square, 2 degrees)."""
MAX_TRACKS = 260
HISTORY_S = 2.0
HOPELESS_PER_POINT = -0.35
"""A track whose links are no better than this on average is clutter, and is dropped."""
RISE = -0.06
"""Heights/s upward at which a track is dropped: it does not fall."""
STILL_S = 0.6
STILL_DROP = 0.012
"""What came down less than this in that time flickers, hangs or sways."""

Numbers = NDArray[np.float64]


class Linker:
    """Takes blobs in, hands finished tracks out."""

    def __init__(self, *, clutter: Clutter, fps: float, settings: Settings) -> None:
        self._settings = settings
        self._clutter = clutter
        self._filters = Filters()
        self._chains: list[Chain] = []
        self._past: deque[Picture] = deque(maxlen=_history(fps))
        self._last_s: float | None = None
        self._free = np.zeros(0, np.bool_)
        self._decided = 0

    def pace(self, fps: float) -> None:
        """Pictures come at this rate from now on."""
        self._clutter.pace(fps)
        self._past = deque(self._past, maxlen=_history(fps))

    @property
    def growing(self) -> list[Chain]:
        """Tracks whose evidence suffices and that have not ended, one for each object."""
        return _distinct([chain for chain in self._chains if chain.decided_s is not None])

    def step(self, blobs: Blobs, *, frame: int, at_s: float, armed: bool) -> list[Chain]:
        """Link one picture's blobs. armed: tracks may start. Returns the tracks that ended."""
        dt = at_s - self._last_s if self._last_s is not None else 0.0
        self._last_s = at_s
        if dt > 0:
            self._filters.predict(dt)
        variance = (
            self._settings.position_sigma**2 + (0.12 * np.maximum(blobs.width, blobs.height)) ** 2
        )
        density = self._clutter.at(blobs.x, blobs.y)
        picture = Picture.of(blobs, density, frame=frame, at_s=at_s)
        owner = self._link(picture, variance)
        self._decide(at_s)
        mature, convincing = self._standing(owner)
        ended = self._prune(at_s)
        if armed and self._past and dt > 0:
            self._start(picture, variance, ~mature, dt=dt)
        self._clutter.learn(blobs, explained=convincing)
        self._past.append(picture)
        self._free = ~mature
        return ended

    def flush(self) -> list[Chain]:
        """End all tracks; returns those that suffice. Another clock may follow."""
        ended = [chain for chain in self._chains if chain.sufficient(self._settings)]
        self._chains, self._filters, self._last_s = [], Filters(), None
        self._past.clear()
        return _distinct(ended)

    def _link(self, picture: Picture, variance: Numbers) -> NDArray[np.int64]:
        """Give blobs to tracks. Returns, for each blob, the index of its track or -1."""
        blobs = picture.blobs
        owner = np.full(len(blobs), -1, np.int64)
        for chain in self._chains:
            chain.missed += 1
            chain.log_nfa += GAP_COST  # taken back when it is seen
        if not len(blobs) or not self._chains:
            return owner
        places = np.stack([blobs.x, blobs.y], axis=1)
        offset = places[None] - self._filters.state[:, None, :, 0]
        spread = self._filters.covariance[:, None, :, 0, 0] + variance[None, :, None]
        distance = (offset**2 / spread).sum(axis=2)
        nearest = distance.argmin(axis=1)
        every = np.arange(len(self._chains))
        near = distance[every, nearest]
        area = np.pi * np.maximum(
            near * np.sqrt(spread[every, nearest].prod(axis=1)), self._settings.position_sigma**2
        )
        expected = self._filters.state[:, :, 0]
        links = self._clutter.links_at(expected[:, 0], expected[:, 1])
        rate = np.maximum(picture.density[nearest], links)
        cost = np.log10(-np.expm1(-rate * area))
        score = np.array([chain.log_nfa for chain in self._chains]) + cost
        searching = [chain.searching(MATURE) for chain in self._chains]
        chosen, costs = nearest.tolist(), cost.tolist()
        best = np.argsort(score, kind="stable")
        tracks: list[int] = []
        for track in best[near[best] <= GATE].tolist():
            blob = chosen[track]
            if owner[blob] >= 0:
                continue
            owner[blob] = track
            tracks.append(track)
            chain = self._chains[track]
            chain.missed = 0
            chain.log_nfa += costs[track] - GAP_COST
            chain.seen.append(picture.seen[blob])
            if chain.log_nfa < 0:
                owner[(owner < 0) & echoes(chain, blobs)] = track
        core = CORE * np.pi * np.sqrt(spread[every, nearest].prod(axis=1))
        for track in np.flatnonzero(searching).tolist():
            found = near[track] <= CORE and owner[chosen[track]] == track
            x, y = expected[track].tolist()
            self._chains[track].searches.append(Search(x, y, float(core[track]), bool(found)))
        taken = np.array(tracks, np.intp)
        if len(taken):
            self._filters.correct(taken, places[nearest[taken]], variance[nearest[taken]])
        return owner

    def _standing(self, owner: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which blobs belong to a track that owns its blobs, and which to a convincing one."""
        mature = [*(len(chain.seen) >= MATURE for chain in self._chains), False]
        convincing = [*(chain.log_nfa < 0 for chain in self._chains), False]
        return np.array(mature, np.bool_)[owner], np.array(convincing, np.bool_)[owner]

    def _decide(self, at_s: float) -> None:
        """Look back, once, along every track whose evidence has just become sufficient."""
        for chain in self._chains:
            if chain.decided_s is None and chain.missed == 0 and chain.sufficient(self._settings):
                chain.decided_s = at_s
                self._decided += 1
                chain.number = self._decided
                retrace(chain, self._past, self._settings)

    def _prune(self, at_s: float) -> list[Chain]:
        """Drop what ended or is hopeless; returns those that suffice, one for each object."""
        if not self._chains:
            return []
        speed = self._filters.state[:, 1, 1]
        gone, dropped, in_vain = [], [], list[Search]()
        for chain, rising in zip(self._chains, speed < RISE, strict=True):
            age = at_s - chain.seen[0].at_s
            ended = chain.missed > self._settings.max_gap_frames or age > self._settings.max_age_s
            links = len(chain.seen) - 2
            hopeless = links >= MATURE and chain.log_nfa - LOG_TESTS > HOPELESS_PER_POINT * links
            still = age > STILL_S and chain.drop < STILL_DROP * (1 + age)
            gone.append(ended or (rising and links > 0) or hopeless or still)
            dropped.append(hopeless or still)
            if gone[-1] and (chain.decided_s is None or rising):  # what goes up again sways
                in_vain += chain.searches
        self._clutter.in_vain(in_vain)
        ended_chains = [
            chain
            for chain, is_gone, is_dropped in zip(self._chains, gone, dropped, strict=True)
            if is_gone and not is_dropped and chain.sufficient(self._settings)
        ]
        self._keep(~np.array(gone, np.bool_))
        return _distinct(ended_chains)

    def _keep(self, kept: NDArray[np.bool_]) -> None:
        self._filters.keep(kept)
        self._chains = [chain for chain, keep in zip(self._chains, kept, strict=True) if keep]

    def _start(
        self, picture: Picture, variance: Numbers, free: NDArray[np.bool_], *, dt: float
    ) -> None:
        """Start a track from every pair of free blobs that could be one thing falling."""
        blobs = picture.blobs
        before = self._past[-1]
        room = MAX_TRACKS - len(self._chains)
        if room <= 0 or not len(blobs) or not len(before.blobs):
            return
        first, second = pair_up(
            before.blobs, blobs, self._free, free, dt=dt, settings=self._settings
        )
        first, second = first[:room], second[:room]
        if not len(first):
            return
        a = np.stack([before.blobs.x[first], before.blobs.y[first]], axis=1)
        b = np.stack([blobs.x[second], blobs.y[second]], axis=1)
        self._filters.start(a, b, dt=dt, variance=variance[second])
        for one, two in zip(first.tolist(), second.tolist(), strict=True):
            self._chains.append(Chain([before.seen[one], picture.seen[two]], LOG_TESTS))


def _history(fps: float) -> int:
    """Pictures that are kept."""
    return max(4, round(HISTORY_S * fps))


def _distinct(chains: list[Chain]) -> list[Chain]:
    """Of chains that share half of their blobs, the most convincing."""
    kept: list[tuple[set[tuple[int, float, float]], Chain]] = []
    for chain in sorted(chains, key=lambda chain: chain.log_nfa):
        own = {(seen.frame, seen.x, seen.y) for seen in chain.seen}
        if all(len(own & other) * 2 < min(len(own), len(other)) for other, _ in kept):
            kept.append((own, chain))
    return [chain for _, chain in kept]
