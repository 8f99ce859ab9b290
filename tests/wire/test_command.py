import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wire import Command, Receipt, ReceiptState, WireError
from wire.command import MAX_LEASE_S, decode_receipts, encode_receipts

ORDER = Command(
    id="00" * 16,
    site="jinxiu",
    agent="gates",
    device="gate-east",
    action="hold-open",
    nonce="11" * 16,
    lease_s=30.0,
    renews="22" * 16,
    params={"why": "门卫", "speed": 0.5, "quiet": True},
    case="jinxiu-17",
    operator="guard-1",
)
OTHER = {
    "id": "01" * 16,
    "site": "jinxiu2",
    "agent": "gates2",
    "device": "gate-west",
    "action": "open",
    "nonce": "12" * 16,
    "lease_s": 30.5,
    "renews": None,
    "params": {"why": "门卫", "speed": 0.5, "quiet": False},
    "case": None,
    "operator": "guard-2",
}


def payload(**changes) -> bytes:
    return json.dumps(json.loads(ORDER.encode()) | changes).encode()


def test_signed_bytes_stay_as_they_are():
    assert ORDER.signing_bytes().decode() == (
        "gatehouse-command-1\n"
        '{"action":"hold-open","agent":"gates","case":"jinxiu-17","device":"gate-east",'
        f'"id":"{"00" * 16}","lease_s":30.0,"nonce":"{"11" * 16}","operator":"guard-1",'
        '"params":{"quiet":true,"speed":0.5,"why":"门卫"},'
        f'"renews":"{"22" * 16}","site":"jinxiu","v":1}}'
    )


def test_every_field_but_the_signature_is_signed():
    assert set(OTHER) == set(Command.model_fields) - {"v", "signature"}


@pytest.mark.parametrize("field", OTHER)
def test_any_changed_field_changes_what_is_signed(field):
    changed = Command.decode(payload(**{field: OTHER[field]}))
    assert changed.signing_bytes() != ORDER.signing_bytes()


def test_signature_holds_over_the_wire_and_over_no_other_order():
    key = Ed25519PrivateKey.generate()
    received = Command.decode(ORDER.signed(key.sign).encode())
    signature = bytes.fromhex(received.signature)
    key.public_key().verify(signature, received.signing_bytes())
    for field, value in OTHER.items():
        forged = received.model_copy(update={field: value})
        with pytest.raises(InvalidSignature):
            key.public_key().verify(signature, forged.signing_bytes())


@given(st.permutations(sorted(json.loads(ORDER.encode()))), st.sampled_from([None, 1, "\t"]))
def test_what_is_signed_does_not_depend_on_how_it_was_written(order, indent):
    fields = json.loads(ORDER.encode())
    written = json.dumps({name: fields[name] for name in order}, indent=indent).encode()
    assert Command.decode(written).signing_bytes() == ORDER.signing_bytes()


@given(st.floats(0, MAX_LEASE_S), st.dictionaries(st.text(), st.floats(-1e300, 1e300), max_size=4))
def test_command_reads_back_to_the_same_signed_bytes(lease_s, params):
    order = ORDER.model_copy(update={"lease_s": lease_s, "params": params})
    assert Command.decode(order.encode()).signing_bytes() == order.signing_bytes()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"v": 2}, "v"),
        ({"id": "0"}, "id"),
        ({"site": "#"}, "site"),
        ({"device": "../x"}, "device"),
        ({"action": "open gate"}, "action"),
        ({"nonce": "11" * 15}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"lease_s": -1}, "lease_s"),
        ({"lease_s": MAX_LEASE_S + 1}, "lease_s"),
        ({"lease_s": float("nan")}, "lease_s"),
        ({"lease_s": float("inf")}, "lease_s"),
        ({"params": {"speed": float("nan")}}, "params"),
        ({"params": {"deep": {}}}, "params"),
        ({"operator": "x" * 65}, "operator"),
        ({"signature": "00"}, "signature"),
        ({"urgent": True}, "urgent"),
    ],
    ids=str,
)
def test_command_out_of_contract_is_refused_by_name(changes, place):
    with pytest.raises(WireError) as caught:
        Command.decode(payload(**changes))
    assert caught.value.reason == "bad-command"
    assert caught.value.detail.startswith(place)


@given(
    st.lists(
        st.builds(
            Receipt,
            command=st.just("ab" * 16),
            device=st.just("gate-east"),
            state=st.sampled_from(ReceiptState),
            at=st.integers(0, 2**53 - 1),
            detail=st.text(max_size=200),
        ),
        max_size=5,
    )
)
def test_receipts_read_back(receipts):
    assert decode_receipts(encode_receipts(receipts)) == receipts


@pytest.mark.parametrize(
    "changes",
    [{"command": "x"}, {"state": "lost"}, {"at": 10**30}, {"at": "now"}, {"detail": "x" * 201}],
    ids=str,
)
def test_receipt_out_of_contract_is_refused(changes):
    valid = {"command": "ab" * 16, "device": "d", "state": "executed", "at": 1}
    assert len(decode_receipts(json.dumps([valid]).encode())) == 1
    with pytest.raises(WireError, match="bad-body"):
        decode_receipts(json.dumps([valid | changes]).encode())


def test_number_of_receipts_is_bounded():
    valid = {"command": "ab" * 16, "device": "d", "state": "executed", "at": 1}
    with pytest.raises(WireError, match="bad-body"):
        decode_receipts(json.dumps([valid] * 101).encode())
