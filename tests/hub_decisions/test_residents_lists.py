"""Lists of residents: what a line says, what is wrong with it; the same list is no news."""

import io
import itertools
import zipfile

import pytest

from hub.households.columns import COLUMNS, columns_of, fold, template
from hub.households.entry import Entry, EntryReader, Place
from hub.households.lists import MAX_BYTES, BadListError, read_list
from hub.households.masks import mask_name, mask_phone
from hub.households.planning import Known, KnownCredential, Planner, Sealing
from hub.households.workbook import UnreadableError, _told

HEADER = ["楼栋", "单元", "房号", "姓名", "电话", "标签", "卡号", "车牌", "入住日期", "截止日期"]
IDS = ["building", "entrance", "room", "name", "phone", "tags", "card", "plate", "since", "until"]
BUILDINGS = {"b3": "b3", fold("3号楼"): "b3"}
TAGS = {fold("独居"): "lives-alone", fold("Lives alone"): "lives-alone", fold("高龄"): "elderly"}
DAY0 = 1_769_788_800_000  # 2026-01-31, 00:00 in China


def reader():
    return EntryReader(columns_of(HEADER), BUILDINGS, TAGS)


def line(**given):
    cells = {"building": "3号楼", "room": "502", "name": "甲乙", **given}
    return reader().read(7, [cells.get(name, "") for name in IDS])


def test_a_line_is_read_in_one_spelling():
    entry = line(
        entrance="2单元",
        room=" 502室",
        phone="138-0000 0000",
        tags="独居、高龄",
        card="card-0001 card-0002",
        plate="粤b·12345；京A D12345",
        since="2026年1月31日",
        until="2026/1/31",
    )
    assert entry == Entry(
        7,
        Place("b3", "2", "502"),
        "甲乙",
        "13800000000",
        ("elderly", "lives-alone"),
        ("card-0001", "card-0002"),
        ("粤B12345", "京AD12345"),
        DAY0,
        DAY0 + 86_400_000,
    )


@pytest.mark.parametrize("name", ["甲", "阿依古丽·买买提", "Anna O'Neil", "Jean-Luc P."])
def test_names_of_people_are_names(name):
    assert line(name=name).name == name


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"building": ""}, "building"),
        ({"building": "9号楼"}, "building"),
        ({"room": ""}, "room"),
        ({"room": "5 0 2"}, "room"),
        ({"entrance": "../.."}, "entrance"),
        ({"name": "=HYPERLINK(1)"}, "name"),
        ({"name": "@cmd"}, "name"),
        ({"name": "13800000000"}, "name"),
        ({"name": "甲" * 41}, "name"),
        ({"phone": "1380000000"}, "phone"),
        ({"tags": "独居,富有"}, "tags"),
        ({"card": "12"}, "card"),
        ({"card": "#1.2e+18"}, "card"),
        ({"plate": "粤B1234"}, "plate"),
        ({"since": "2026-02-30"}, "since"),
        ({"until": "明年"}, "until"),
        ({"since": "2026-02-01", "until": "2026-01-31"}, "until"),
        ({"name": ""}, None),
        ({"name": "甲" * 201}, "name"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column_and_says_the_way_out(given, column):
    (fault,) = line(**given)
    assert (fault.line, fault.column) == (7, column)
    assert all((fault.what.zh, fault.what.en, fault.todo.zh, fault.todo.en))
    told = f"{fault.what} {fault.todo}"
    assert all(value not in told for value in given.values() if len(value) > 3)


def test_all_that_is_wrong_with_a_line_is_told_at_once_and_an_empty_one_is_none():
    assert {one.column for one in line(phone="x", plate="y", room="")} == {"phone", "plate", "room"}
    assert reader().read(3, ["", " ", ""]) is None


def test_headers_are_known_in_both_languages_and_any_order():
    assert columns_of(["Room*", "幢", " 手机号 ", "猫", "PLATE"]) == [
        "room",
        "building",
        "phone",
        None,
        "plate",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_a_list_that_can_be_read(language):
    rows = read_list(template(language).encode())
    assert columns_of(rows.header) == [one.id for one in COLUMNS]
    assert len(list(rows.lines)) == 1


# --- files ---------------------------------------------------------------------------------------

TEXT = "楼栋,房号,姓名\r\n3号楼,502,甲乙\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.replace(",", "\t").encode(),
    ],
)
def test_every_encoding_that_spreadsheets_write_is_read(data):
    rows = read_list(data)
    assert (rows.header, list(rows.lines)) == (
        ["楼栋", "房号", "姓名"],
        [(2, ["3号楼", "502", "甲乙"])],
    )


def workbook(rows, *, more=()):
    """The least that is an .xlsx. A cell `=1+1` is a formula with a value that somebody saved."""
    cells = []
    for number, row in enumerate(rows, 1):
        made = []
        for letter, value in zip("ABCDEFGHIJ", row, strict=False):
            place = f'r="{letter}{number}"'
            if str(value).startswith("="):
                made.append(f"<c {place}><f>{value[1:]}</f><v>2</v></c>")
            elif isinstance(value, str):
                made.append(f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>')
            else:
                made.append(f"<c {place}><v>{value!r}</v></c>")
        cells.append(f'<row r="{number}">{"".join(made)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}'
        "</sheetData></worksheet>",
        **dict(more),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return packed.getvalue()


def test_a_workbook_is_read_as_people_see_it_and_its_formulas_are_not_worked_out():
    rows = read_list(workbook([HEADER, ["3号楼", "2", 502, "甲乙", 13800000000, "", "=1+1"]]))
    assert rows.header == HEADER
    ((number, cells),) = rows.lines
    assert (number, cells[:5]) == (2, ["3号楼", "2", "502", "甲乙", "13800000000"])
    assert rows.formulas == {(2, 6)}


def test_a_number_that_lost_digits_is_no_card():
    ((_, cells),) = read_list(workbook([["card"], [6217000010001234567.0]])).lines
    assert cells[0].startswith("#")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old .xls"),
        (b"PK\x03\x04 not a zip", "cannot be read"),
        (b"\x80\xff\x00\x81", "no text"),
        (b'a,"b\nc', "quotes"),
        (b"x" * (MAX_BYTES + 1), "MiB"),
        (b"a\n" + b"b\n" * 50_001, "50000 lines"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data, says):
    with pytest.raises(BadListError, match=says):
        list(read_list(data).lines)


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_read():
    bomb = workbook([HEADER], more={"xl/media/image1.xml": b"\0" * (65 * 1024 * 1024)}.items())
    assert len(bomb) < 1024 * 1024
    with pytest.raises(BadListError, match="far too much"):
        read_list(bomb)


def sheet_of(content):
    """A workbook whose sheet holds this."""
    return workbook([HEADER], more={"xl/worksheets/sheet1.xml": content}.items())


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FAR_APART = (
    f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
    '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
"""Two cells, and 17 thousand million between them."""

NEVER_CLOSED = f"<worksheet {MAIN}><sheetData><f>{'<c ' * 300_000}"
"""What a search for formulas that goes back again and again takes hours for."""


@pytest.mark.parametrize("content", [FAR_APART, NEVER_CLOSED], ids=["far apart", "never closed"])
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_workbook_that_asks_for_all_memory_or_all_time_harms_its_own_reader_alone(content):
    data = sheet_of(content)
    assert len(data) < 4096
    with pytest.raises(BadListError, match="cannot be read"):
        read_list(data)


def test_a_text_that_many_cells_share_is_not_told_a_million_times(monkeypatch):
    monkeypatch.setattr("hub.households.workbook.MAX_TOLD", 1000)
    rows = workbook([HEADER, *([["x" * 100] * 7] * 5)])
    with pytest.raises(UnreadableError, match="far too much"):
        _told(rows)


# --- what a list changes -------------------------------------------------------------------------

SEALING = Sealing(
    hash=lambda value: f"h:{value}", seal=lambda value: b"s" + value, mask=lambda value: value[-4:]
)
NOW = DAY0
IDENTITIES = itertools.count(1)


def plan(known, *entries):
    planner = Planner(known, SEALING, lambda: f"id-{next(IDENTITIES)}", NOW)
    faults = [fault for entry in entries if (fault := planner.take(entry)) is not None]
    return planner.take_changes(), faults


HOME = Place("b3", "2", "502")
FULL = Entry(2, HOME, "甲乙", "13800000000", ("elderly",), ("card-0001",), ("粤B12345",))


def test_a_line_makes_its_household_person_card_and_car_and_the_same_again_makes_nothing():
    known = Known(0)
    made, faults = plan(known, FULL, FULL)
    assert faults == []
    assert [len(rows) for rows in (made.households, made.people, made.tags, made.credentials)] == [
        1,
        1,
        1,
        2,
    ]
    assert made.people[0][2:5] == ("s甲乙".encode(), "h:name\n甲乙", "甲••")
    assert [row[6] for row in made.credentials] == ["0001", "粤B·••••5"]
    again, faults = plan(known, FULL)
    assert not again
    assert faults == []


def test_two_people_of_a_room_are_one_household_and_share_its_car():
    other = Entry(3, HOME, "丙丁", plates=("粤B12345",))
    made, faults = plan(Known(0), FULL, other, FULL, other)
    assert (len(made.households), len(made.people), len(made.credentials)) == (1, 2, 2)
    assert (made.changed, faults) == (0, [])


def test_what_is_given_anew_changes_and_what_is_left_empty_stays():
    known = Known(0)
    plan(known, FULL)
    moved = Entry(2, HOME, "甲乙", "13900000000", until=NOW + 5)
    made, _ = plan(known, moved, moved)
    assert (len(made.phones_changed), len(made.days_changed), made.people) == (1, 1, [])
    assert not plan(known, Entry(2, HOME, "甲乙"))[0]


def test_a_card_of_another_household_is_refused_until_it_has_ended_there():
    known = Known(0)
    plan(known, FULL)
    theirs = Entry(9, Place("b3", "1", "101"), "丙丁", cards=("card-0001",))
    made, (fault,) = plan(known, theirs)
    assert (bool(made), fault.line, fault.column) == (False, 9, "card")
    card = known.credentials["h:card-0001"]
    known.credentials["h:card-0001"] = KnownCredential(card.id, card.household, None, None, NOW)
    made, faults = plan(known, theirs)
    assert (len(made.credentials_changed), faults) == (1, [])


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "甲乙丙", "甲••"),
        (mask_name, "甲乙", "甲••"),
        (mask_phone, "13812345678", "138••••5678"),
        (mask_phone, "0755123456", "••••56"),
    ],
)
def test_what_people_see_of_names_and_numbers(mask, value, shown):
    assert mask(value) == shown
