import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wire import Ack, Lane, SeqSet, WireError
from wire.ack import MAX_RANGES

SEQS = st.integers(1, 40)
VALID = {"hub": "0" * 16, "boot": "1" * 16, "lane": "life", "upto": 4, "ranges": [[6, 7]]}


class SeqSetModel(RuleBasedStateMachine):
    """A SeqSet beside the plain set that it stands for."""

    def __init__(self):
        super().__init__()
        self.seqs = SeqSet()
        self.model: set[int] = set()

    @rule(seq=SEQS)
    def add(self, seq):
        assert self.seqs.add(seq) is (seq not in self.model)
        self.model.add(seq)

    @rule(first=SEQS, count=st.integers(1, 6))
    def add_in_a_row(self, first, count):
        for seq in range(first, first + count):
            self.add(seq)

    @rule(floor=SEQS)
    def raise_floor(self, floor):
        below = set(range(1, floor))
        assert self.seqs.raise_floor(floor) == len(below - self.model)
        self.model |= below

    @rule()
    def store_and_load(self):
        self.seqs = SeqSet(self.seqs.upto, tuple(self.seqs.ranges))

    @invariant()
    def holds_the_same(self):
        assert {seq for seq in range(1, 60) if seq in self.seqs} == self.model

    @invariant()
    def is_in_its_shortest_form(self):
        ends = [self.seqs.upto]
        for low, high in self.seqs.ranges:
            assert ends[-1] + 1 < low <= high
            ends.append(high)


TestSeqSet = SeqSetModel.TestCase


@given(st.sets(st.integers(1, 300)), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(seqs, random):
    shuffled = list(seqs)
    random.shuffle(shuffled)
    forward, mixed = SeqSet(), SeqSet()
    for one, other in zip(sorted(seqs), shuffled, strict=True):
        forward.add(one)
        mixed.add(other)
    assert (forward.upto, forward.ranges) == (mixed.upto, mixed.ranges)


@pytest.mark.parametrize(
    ("upto", "ranges", "floor", "missing", "then"),
    [
        (0, (), 1, 0, (0, [])),
        (0, (), 5, 4, (4, [])),
        (9, (), 5, 0, (9, [])),
        (2, ((4, 6),), 5, 1, (6, [])),
        (2, ((4, 6), (9, 9)), 8, 2, (7, [(9, 9)])),
        (2, ((4, 6), (8, 9)), 8, 2, (9, [])),
        (0, ((3, 4),), 2**53 - 1, 2**53 - 4, (2**53 - 2, [])),
    ],
)
def test_raised_floor_counts_what_never_came(upto, ranges, floor, missing, then):
    seqs = SeqSet(upto, ranges)
    assert seqs.raise_floor(floor) == missing
    assert (seqs.upto, seqs.ranges) == then


@given(
    st.sampled_from(Lane),
    st.integers(0, 2**53 - 1),
    st.lists(st.tuples(SEQS, SEQS), max_size=5).map(tuple),
)
def test_ack_reads_back(lane, upto, ranges):
    ack = Ack(hub="0" * 16, boot="f" * 16, lane=lane, upto=upto, ranges=ranges)
    assert Ack.decode(ack.encode()) == ack


def test_bytes_on_the_wire_stay_as_they_are():
    ack = Ack.decode(json.dumps(VALID).encode())
    assert ack.encode() == (
        b'{"v":1,"hub":"0000000000000000","boot":"1111111111111111","lane":"life",'
        b'"upto":4,"ranges":[[6,7]]}'
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"hub": ""},
        {"boot": "x" * 16},
        {"lane": "fast"},
        {"upto": -1},
        {"upto": 2**53},
        {"upto": None},
        {"ranges": [[1]]},
        {"ranges": [[0, 1]]},
        {"ranges": [[1, 2, 3]]},
        {"ranges": [[2, 2]] * (MAX_RANGES + 1)},
    ],
    ids=str,
)
def test_ack_out_of_contract_is_refused(changes):
    with pytest.raises(WireError, match="bad-ack"):
        Ack.decode(json.dumps(VALID | changes).encode())


def test_unknown_field_is_ignored():
    assert Ack.decode(json.dumps(VALID | {"mood": "fine"}).encode()).upto == 4
