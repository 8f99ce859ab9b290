import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.kinds import load
from wire.plates import COLOURS, PROVINCES, PlateColour, PlateKind, mask, normalise, parse
from wire.plates import reads_well as well

GOOD = [
    ("粤B12345", PlateKind.ORDINARY),
    ("京A00000", PlateKind.ORDINARY),
    ("沪A1B23C", PlateKind.ORDINARY),
    ("苏EZ12K3", PlateKind.ORDINARY),
    ("粤BD12345", PlateKind.NEW_ENERGY_SMALL),
    ("沪AF12345", PlateKind.NEW_ENERGY_SMALL),
    ("粤BDH1234", PlateKind.NEW_ENERGY_SMALL),
    ("浙AA12345", PlateKind.NEW_ENERGY_SMALL),
    ("浙AK12345", PlateKind.NEW_ENERGY_SMALL),
    ("粤B12345D", PlateKind.NEW_ENERGY_LARGE),
    ("京A00001F", PlateKind.NEW_ENERGY_LARGE),
    ("京A0006警", PlateKind.POLICE),
    ("川A1F23警", PlateKind.POLICE),
    ("粤B1234挂", PlateKind.TRAILER),
    ("粤B1234学", PlateKind.TRAINING),
    ("粤ZF023港", PlateKind.HONG_KONG),
    ("粤Z1234澳", PlateKind.MACAU),
    ("使224578", PlateKind.EMBASSY),
    ("224578使", PlateKind.EMBASSY),
    ("沪A0023领", PlateKind.CONSULATE),
    ("京X0001应急", PlateKind.EMERGENCY),
]

BAD = [
    "",
    "B12345",
    "粤12345",
    "粤B1234",
    "粤B123456",
    "粤BL12345",  # no new-energy letter
    "粤BD1234H",  # letters only in the first two places
    "粤I12345",
    "粤B1234O",
    "粤B1I345",
    "粤BABC12",  # three letters
    "台B12345",
    "学B12345",
    "粤B1234港",  # only 粤Z crosses the border
    "粤Z1234",
    "粤Z12345港",
    "使22457",
    "使ABCDEF",
    "沪AB023领",
    "京A0001应急",
    "粤B12345\n6",
    "粤B١٢٣٤٥",  # digits, but not these  # noqa: RUF001
    "无牌车",
]


@pytest.mark.parametrize(("text", "kind"), GOOD)
def test_known_form_is_read(text, kind):
    plate = parse(text)
    assert plate is not None
    assert (plate.text, plate.kind) == (text, kind)


@pytest.mark.parametrize("text", BAD)
def test_no_plate_is_written_so(text):
    assert parse(text) is None
    assert not well(text)
    assert mask(text) == "••••"


@pytest.mark.parametrize(
    "text",
    [
        "粤B·12345",
        "粤B 12345",
        " 粤b12345 ",
        "粤B-12345",
        "粤B•12345",
        "粤B１２３４５",  # noqa: RUF001
        "粤Ｂ．12345",  # noqa: RUF001
    ],
)
def test_spellings_of_one_plate_are_one(text):
    assert normalise(text) == "粤B12345"
    assert parse(text) == parse("粤B12345")


@pytest.mark.parametrize(
    ("text", "pure"),
    [("粤BD12345", True), ("粤BF12345", False), ("粤B12345D", True), ("粤B12345", None)],
)
def test_new_energy_plate_tells_its_drive(text, pure):
    plate = parse(text)
    assert plate is not None
    assert plate.pure_electric is pure


@pytest.mark.parametrize(
    ("text", "colour", "expected"),
    [
        ("粤B12345", "blue", True),
        ("粤B12345", "yellow", True),
        ("粤B12345", None, True),
        ("粤B12345", "green", False),
        ("粤BD12345", "green", True),
        ("粤BD12345", "blue", False),
        ("粤B12345D", "yellow-green", True),
        ("京A0006警", "white", True),
        ("粤B1234挂", "blue", False),
        ("粤ZF023港", "black", True),
        ("粤B1234O", "blue", False),
        ("粤B12345", "mauve", False),
    ],
)
def test_reading_can_be_right_only_with_form_and_background(text, colour, expected):
    assert well(text, colour) is expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("粤B12345", "粤B·••••5"),
        ("粤BD12345", "粤B·•••••5"),
        ("粤ZF023港", "粤Z·••••港"),
        ("使224578", "使·••••••"),
        ("224578使", "使·••••••"),
        ("粤B·1234学", "粤B·••••学"),
    ],
)
def test_mask_hides_all_that_tells_one_car_from_another(text, shown):
    assert mask(text) == shown


@given(st.text(max_size=12))
def test_any_text_is_judged_and_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
    plate = parse(text)
    if plate is not None:
        assert parse(plate.text) == plate
        assert plate.text not in mask(text)


def test_tables_are_whole():
    assert len(set(PROVINCES)) == len(PROVINCES) == 31
    assert set(COLOURS) == set(PlateKind)


def test_kind_names_what_the_grammar_names():
    barrier = load()["barrier"]
    assert set(barrier.signal("plate_kind").choices) == set(PlateKind)
    assert set(barrier.signal("plate_colour").choices) == set(PlateColour)
