import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import Lane, Topic, TopicKind, WireError, check_id, topics

IDS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=64)
WITHOUT_LANE = st.sampled_from([kind for kind in TopicKind if kind is not TopicKind.UP])
TOPICS = st.builds(Topic, IDS, IDS, st.just(TopicKind.UP), st.sampled_from(Lane)) | st.builds(
    Topic, IDS, IDS, WITHOUT_LANE
)


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (topics.up("jinxiu", "gates", Lane.LIFE), "gatehouse/1/jinxiu/gates/up/life"),
        (topics.up("jinxiu", "gates", Lane.MEDIA), "gatehouse/1/jinxiu/gates/up/media"),
        (topics.status("jinxiu", "gates"), "gatehouse/1/jinxiu/gates/status"),
        (topics.ack("jinxiu", "gates"), "gatehouse/1/jinxiu/gates/ack"),
        (topics.cmd("jinxiu", "gates"), "gatehouse/1/jinxiu/gates/cmd"),
        (topics.hub("jinxiu", TopicKind.ALERT), "gatehouse/1/jinxiu/hub/alert"),
    ],
)
def test_topics_are_as_published(built, expected):
    assert built == expected


@given(TOPICS)
def test_topic_reads_back(topic):
    assert Topic.parse(str(topic)) == topic


@given(TOPICS)
def test_topic_is_under_the_hubs_subscriptions(topic):
    patterns = {TopicKind.UP: topics.ALL_UP, TopicKind.STATUS: topics.ALL_STATUS}
    if topic.kind in patterns:
        wanted, levels = patterns[topic.kind].split("/"), str(topic).split("/")
        assert len(wanted) == len(levels)
        assert all(want in ("+", level) for want, level in zip(wanted, levels, strict=True))


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("", "bad-topic"),
        ("gatehouse", "bad-topic"),
        ("gatehouse/1/site/agent", "bad-topic"),
        ("gatehouse/1/site/agent/up", "bad-topic"),
        ("gatehouse/1/site/agent/up/", "bad-topic"),
        ("gatehouse/1/site/agent/up/fast", "bad-topic"),
        ("gatehouse/1/site/agent/status/life", "bad-topic"),
        ("gatehouse/1/site/agent/shout", "bad-topic"),
        ("gatehouse/1/site/agent/up/life/more", "bad-topic"),
        ("Gatehouse/1/site/agent/status", "bad-topic"),
        ("/gatehouse/1/site/agent/status", "bad-topic"),
        ("gatehouse/2/site/agent/status", "unknown-version"),
        ("gatehouse//site/agent/status", "unknown-version"),
        ("gatehouse/1//agent/status", "bad-id"),
        ("gatehouse/1/Site/agent/status", "bad-id"),
        ("gatehouse/1/+/agent/status", "bad-id"),
        ("gatehouse/1/site/#/status", "bad-id"),
        ("gatehouse/1/site/agent\n/status", "bad-id"),
        (f"gatehouse/1/site/{'a' * 65}/status", "bad-id"),
    ],
)
def test_topic_that_breaks_the_contract_is_refused(topic, reason):
    with pytest.raises(WireError) as caught:
        Topic.parse(topic)
    assert caught.value.reason == reason


@given(st.text())
def test_any_text_is_a_topic_or_a_wire_error(text):
    try:
        topic = Topic.parse(text)
    except WireError:
        return
    assert str(topic) == text


@pytest.mark.parametrize("bad", ["", "A", "a b", "a/b", "a+", "#", "a\n", "é", "a\x00", "a" * 65])
@pytest.mark.parametrize("build", [topics.status, topics.ack, topics.cmd])
def test_bad_id_never_reaches_a_topic(build, bad):
    with pytest.raises(WireError, match="bad-id"):
        build(bad, "agent")
    with pytest.raises(WireError, match="bad-id"):
        build("site", bad)


@given(IDS)
def test_id_is_handed_through(name):
    assert check_id(name) == name
