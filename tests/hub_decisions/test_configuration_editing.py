"""Documents and texts: what is compared, what is hidden, what stays of a file that is changed."""

import tomllib
from pathlib import Path

import pytest

from hub.app.estate import make_bench, read_estate
from hub.config import HubConfig, MqttConfig
from hub.config.channels import Channels
from hub.editing.bench import Wish
from hub.editing.changes import Change, changes
from hub.editing.choices import CHOICES
from hub.editing.schema import schema_of
from hub.editing.secrets import HIDDEN, comparable, hide, reveal
from hub.editing.shelf import version_of
from hub.editing.text import write

CONFIGS = Path(__file__).parents[2] / "configs"
TOML = """# the top
a = 1  # why one

[[row]]  # the first
id = "x"
n = 1

[[row]]  # the second
id = "y"
n = 2
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    config = HubConfig(
        data=tmp_path_factory.mktemp("data"),
        sites=(CONFIGS / "sites" / "jinxiu.toml",),
        rules=CONFIGS / "rules",
        alarms=CONFIGS / "alarms",
        cases=CONFIGS / "cases",
        org=CONFIGS / "org",
        modes=CONFIGS / "modes",
        patrols=CONFIGS / "patrols",
        mqtt=MqttConfig(url="mqtt://127.0.0.1:1"),
    )
    return make_bench(config, read_estate(config).sites)


def test_every_shipped_file_is_a_document_and_comes_back_letter_for_letter(bench):
    for part in bench.parts.values():
        if not part.editable:
            continue
        text, document = bench.shelf.text(part), bench.document(part)
        same = write(text, tomllib.loads(text))
        assert same.text == text, part.id
        assert document == {} or part.model.model_validate(document), part.id


@pytest.mark.parametrize(
    ("document", "kept", "gone"),
    [
        ({"a": 2, "row": [{"id": "x", "n": 1}, {"id": "y", "n": 2}]}, ["why one", "first"], []),
        ({"a": 1, "row": [{"id": "y", "n": 3}, {"id": "x", "n": 1}]}, ["first", "second"], []),
        ({"a": 1, "row": [{"id": "y", "n": 2}]}, ["the top", "second"], ["first"]),
        ({"a": 1, "row": [{"id": "x", "n": 1, "b": {"zh": "中\n二", "en": "e"}}]}, ["first"], []),
        ({"a": 1}, ["the top"], ["second"]),
        ({"row": [{"id": "z", "list": [{"n": 1, "deep": [{"m": 2}]}]}], "late": True}, [], []),
    ],
)
def test_a_changed_document_is_what_the_text_says_and_comments_stay(document, kept, gone):
    done = write(TOML, document)
    assert tomllib.loads(done.text) == document
    assert all(words in done.text for words in kept)
    assert not any(words in done.text for words in gone)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, [("a.b", 1, 2), ("a.c", None, 3)]),
        ({"r": [{"id": "x", "n": 1}]}, {"r": [{"id": "x", "n": 2}]}, [("r[x].n", 1, 2)]),
        (
            {"r": [{"id": "x"}, {"id": "y"}]},
            {"r": [{"id": "y"}, {"id": "x"}]},
            [("r", ["x", "y"], ["y", "x"])],
        ),
        ({"r": [{"id": "x"}, {"id": "y"}]}, {"r": [{"id": "y"}]}, [("r[x]", {"id": "x"}, None)]),
        ({"l": [1, 2]}, {"l": [2]}, [("l", [1, 2], [2])]),
    ],
)
def test_differences_name_rows_by_their_id(before, after, found):
    assert changes(before, after) == [Change(*one) for one in found]


def test_a_secret_is_hidden_kept_at_its_place_and_told_as_changed_alone():
    schema = schema_of(Channels)
    now = {
        "channel": [
            {"id": "a", "to": {"*": {"url": "u1"}}},
            {"id": "b", "to": {"*": {"url": "u2"}}},
        ]
    }
    shown = hide(schema, now)
    assert "u1" not in str(shown)
    shown["channel"].reverse()
    assert reveal(schema, shown, now) == ({"channel": now["channel"][::-1]}, [])
    shown["channel"][0]["to"]["*"]["url"] = "u3"
    there, missing = reveal(schema, shown, now)
    assert (there["channel"][0]["to"]["*"]["url"], missing) == ("u3", [])
    (change, order) = changes(*comparable(schema, now, there))
    assert (change.key, change.before) == ("channel[b].to.*.url", HIDDEN)
    assert "u3" not in str(change.after)
    assert order.key == "channel"


def test_what_fields_name_is_there_in_the_models(bench):
    """A field that was renamed would lose its list without a word."""
    titles = {}
    for part in bench.parts.values():
        form = schema_of(part.model)
        for one in (form, *form.get("$defs", {}).values()):
            titles.setdefault(one.get("title"), one)
    for title, fields in CHOICES.items():
        for name, what in fields.items():
            assert titles[title]["properties"][name]["x-of"] == what


def test_an_own_copy_is_what_the_next_start_reads_and_a_changed_original_is_told(bench, tmp_path):
    part = bench.parts["modes/flood"]
    text = bench.shelf.text(part)
    wish = Wish(version_of(text), document={**bench.document(part), "longest": "3h"})
    draft = bench.draft(part, wish)
    assert draft.faults == []
    bench.shelf.put(part, draft.text, by="chen", now=1_760_000_000_000)
    try:
        assert read_estate(bench.config).modes["flood"].longest == 3 * 3600
        assert not bench.shelf.is_stale(part)
        (bench.shelf.folder / "history" / part.id / "ORIGIN").write_text("0" * 16)
        assert bench.shelf.is_stale(part)
    finally:
        bench.shelf.put(part, text, by="chen", now=1_760_000_000_001)
    assert not bench.shelf.is_own(part)
    assert [one.by for one in bench.shelf.history(part)][:2] == ["chen", "chen"]
