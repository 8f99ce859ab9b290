import pytest
from pydantic import ValidationError

import wire.kinds
from wire.kinds import Kind, SignalSpec, SignalType, load
from wire.kinds.registry import load as cached_load
from wire.text import Text

KINDS = sorted(load().values(), key=lambda kind: kind.id)
SIGNALS = [pytest.param(s, id=f"{kind.id}.{s.id}") for kind in KINDS for s in kind.signals]
ROLES = {"guard", "supervisor", "admin"}


def named(text: Text) -> bool:
    return bool(text.zh.strip() and text.en.strip())


@pytest.fixture
def uncached():
    cached_load.cache_clear()
    yield cached_load
    cached_load.cache_clear()


def test_both_first_kinds_are_there():
    assert {"gate", "water-pressure"} <= set(load())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_kind_describes_itself(kind):
    assert Kind.model_validate_json(kind.model_dump_json()) == kind
    assert named(kind.name)
    assert kind.icon
    assert kind.signals
    assert kind.silent_after_s > 0
    for names in ([s.id for s in kind.signals], [a.id for a in kind.actions]):
        assert len(names) == len(set(names))
    assert all(named(action.name) and action.role in ROLES for action in kind.actions)
    assert [kind.signal(s.id) for s in kind.signals] == list(kind.signals)
    assert kind.signal("no-such-signal") is None


@pytest.mark.parametrize("signal", SIGNALS)
def test_signal_describes_itself(signal: SignalSpec):
    assert named(signal.name)
    assert bool(signal.choices) is (signal.type is SignalType.CHOICE)
    assert all(named(text) for text in signal.choices.values())
    if signal.type is SignalType.NUMBER:
        assert signal.unit
        assert signal.low is not None
        assert signal.high is not None
        assert signal.low < signal.high
    else:
        assert not signal.unit
        assert signal.urgent_change is None
    assert not signal.sensitive or signal.type is SignalType.TEXT


def test_credentials_are_sensitive():
    credential = load()["gate"].signal("credential")
    assert credential is not None
    assert credential.sensitive


def test_new_file_is_a_new_kind(tmp_path, monkeypatch, uncached):
    (tmp_path / "bell_for_a_test.py").write_text(
        "from wire.kinds.gate import KIND as GATE\nKIND = GATE.model_copy(update={'id': 'bell'})\n"
    )
    monkeypatch.setattr(wire.kinds, "__path__", [*wire.kinds.__path__, str(tmp_path)])
    assert set(uncached()) == {kind.id for kind in KINDS} | {"bell"}


@pytest.mark.parametrize("source", ["KIND = ", "import no_such_module", "kind = 1", "KIND = 1"])
def test_broken_kind_stops_the_start(source, tmp_path, monkeypatch, uncached):
    (tmp_path / f"broken_{abs(hash(source))}.py").write_text(source)
    monkeypatch.setattr(wire.kinds, "__path__", [*wire.kinds.__path__, str(tmp_path)])
    with pytest.raises((SyntaxError, ImportError, AttributeError)):
        uncached()


def test_unknown_key_of_a_kind_is_refused():
    with pytest.raises(ValidationError, match="colour"):
        Kind.model_validate(KINDS[0].model_dump() | {"colour": "red"})
