"""What the outbound guard refuses. No socket may be opened here: a connect would fail the test."""

from ipaddress import ip_address, ip_network

import pytest

from hub.outbound import AddressRefusedError, Endpoint, Guard, Use, post, read_url
from hub.outbound.addresses import Verdict, judge, plain

NAMES = {
    "hooks.example": ["93.184.216.34"],
    "both.example": ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"],
    "localhost": ["127.0.0.1"],
    "localtest.example": ["127.0.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "mixed.example": ["93.184.216.34", "192.168.1.1"],
    "scoped.example": ["fe80::1%eth0"],
    "metadata.google.internal": ["169.254.169.254"],
    "metadata.tencentyun.com": ["169.254.0.23"],
    "lan.example": ["192.168.8.20"],
    "router": ["192.168.1.1"],
    "cgnat.example": ["100.64.0.1"],
    "db.example": ["93.184.216.99"],
    "broker.example": ["93.184.216.98"],
    "empty.example": [],
    "odd.example": ["not an address"],
}

REFUSED = """
http://127.0.0.1/
http://127.0.0.1:8800/api/me
http://127.1/
http://127.0.1/
http://2130706433/
http://0x7f000001/
http://0x7f.0.0.1/
http://0x7f.1/
http://0177.0.0.1/
http://017700000001/
http://0177.1/
http://127.0.0.01/
http://127.0.0.1./
http://0/
http://0.0.0.0/
http://00000000/
http://4294967295/
http://255.255.255.255/
http://10.0.0.1/
http://10.1/
http://172.16.0.1/
http://172.31.255.254/
http://192.168.1.1/
http://3232235777/
http://0xc0a80101/
http://100.64.0.1/
http://100.100.100.200/latest/meta-data/
http://169.254.169.254/latest/meta-data/
http://169.254.170.2/v2/credentials
http://2852039166/
http://0xa9fea9fe/
http://0251.0376.0251.0376/
http://168.63.129.16/
http://192.0.0.192/
http://192.0.2.1/
http://198.18.0.1/
http://203.0.113.9/
http://224.0.0.1/
http://239.255.255.250:1900/
http://240.0.0.1/
http://[::1]/
http://[::]/
http://[0:0:0:0:0:0:0:1]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[::ffff:10.0.0.1]/
http://[::ffff:169.254.169.254]/
http://[::ffff:a9fe:a9fe]/
http://[::127.0.0.1]/
http://[::7f00:1]/
http://[::93.184.216.34]/
http://[2002:7f00:1::]/
http://[2002:a00:1::1]/
http://[2002:5db8:d822::1]/
http://[64:ff9b::127.0.0.1]/
http://[64:ff9b::a9fe:a9fe]/
http://[64:ff9b::c0a8:101]/
http://[64:ff9b:1::7f00:1]/
http://[2001:0:53aa:64c::1]/
http://[2001:4860::5efe:7f00:1]/
http://[2001:db8::1]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[fe80::1%eth0]/
http://[fec0::1]/
http://[fc00::1]/
http://[fd00:ec2::254]/
http://[fd20:ce::254]/
http://[ff02::1]/
http://[::1
http://[::1].example/
http://[127.0.0.1]/
http://::1/
http://localhost/
http://LOCALHOST/
http://localhost./
http://localtest.example/
http://six.example/
http://mapped.example/
http://mixed.example/
http://scoped.example/
http://metadata.google.internal/
http://metadata.tencentyun.com/
http://lan.example/
http://router/
http://cgnat.example/
http://empty.example/
http://odd.example/
http://unknown.example/
http://db.example:5432/
http://broker.example:8883/
https://hooks.example:1883@127.0.0.1/
http://user@hooks.example/
http://user:pass@hooks.example/
http://hooks.example@127.0.0.1/
http://127.0.0.1\\@hooks.example/
http://hooks.example\\@127.0.0.1/
http://127.0.0.1#@hooks.example/
http://hooks.example#@127.0.0.1/
http://hooks.example:80:80/
http://hooks.example:/
http://hooks.example:0/
http://hooks.example:65536/
http://hooks.example:99999999/
http://hooks.example:+80/
http:///path
http://
http:hooks.example
http:/hooks.example/
//hooks.example/
hooks.example/
http://hooks.example./
http://.hooks.example/
http://hooks..example/
http://-hooks.example/
http://hooks_.example/
http://hooks.example%00.evil.example/
http://127.0.0.1%2f@hooks.example/
http://%31%32%37.0.0.1/
http://①②⑦.⓪.⓪.①/
http://127。0。0。1/
http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/
http://bücher.example/
http://例子.example/
file:///etc/passwd
file://127.0.0.1/etc/passwd
gopher://127.0.0.1:6379/_INFO
ftp://hooks.example/
dict://127.0.0.1:11211/
ldap://hooks.example/
unix:///run/x.sock
mqtt://hooks.example/
rtsp://hooks.example/
jar:http://hooks.example!/
javascript:alert(1)
data:text/plain,x
 http://hooks.example/
http://hooks.example/ x
http ://hooks.example/
""".strip("\n").split("\n")

CONTROLS = [
    "http://hooks.example/\r\nHost: 127.0.0.1",
    "http://hooks.example/\n",
    "http://hooks.example\t/",
    "http://hooks\x00.example/",
    "http://hooks.example:\uff18\uff10/",
    "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
    "http://127.0.0.1\u200b/",
    "\thttp://hooks.example/",
    "http://hooks.example/" + "a" * 3000,
    f"http://{'a' * 64}.example/",
    f"http://{'a.' * 127}example/",
    "",
]

OWN = (
    Endpoint("broker.example", 8883),
    Endpoint("db.example", 5432),
    Endpoint("93.184.216.34", 9000),
    Endpoint("", 8800),
    Endpoint("127.0.0.1", 1883),
)


def resolve(name):
    if name not in NAMES:
        raise OSError(name)
    return NAMES[name]


def guard(*allowed, local=lambda _address: False):
    return Guard([ip_network(one) for one in allowed], OWN, resolve=resolve, local=local)


@pytest.mark.parametrize("use", [Use.WEBHOOK, Use.NOTIFICATION, Use.CALLBACK])
def test_refused_and_nothing_is_connected_to(use):
    for url in REFUSED + CONTROLS:
        with pytest.raises(AddressRefusedError) as refused:
            pytest.fail(f"{url!r} passed: {post(guard(), url, b'{}', use=use)}")
        assert "127" not in str(refused.value), url
        assert "example" not in str(refused.value), url


def test_there_are_enough_forms():
    assert len(set(REFUSED + CONTROLS)) >= 120


@pytest.mark.parametrize(
    ("url", "use", "addresses", "host", "path"),
    [
        ("https://hooks.example", Use.WEBHOOK, ["93.184.216.34"], "hooks.example", "/"),
        ("HTTPS://Hooks.Example:8443/a?b=c%20d", Use.WEBHOOK, ["93.184.216.34"], "hooks.example",
         "/a?b=c%20d"),
        ("http://both.example/?x", Use.CALLBACK, NAMES["both.example"], "both.example", "/?x"),
        ("http://93.184.216.34/x", Use.WEBHOOK, ["93.184.216.34"], "93.184.216.34", "/x"),
        ("http://[2606:2800:220:1::1]:8080/", Use.WEBHOOK, ["2606:2800:220:1::1"],
         "2606:2800:220:1::1", "/"),
        ("rtsp://93.184.216.34/stream1", Use.CAMERA, ["93.184.216.34"], "93.184.216.34",
         "/stream1"),
    ],
)  # fmt: skip
def test_public_addresses_pass_with_their_name_kept(url, use, addresses, host, path):
    pinned = guard().pin(url, use)
    assert [str(one) for one in pinned.addresses] == addresses
    assert (pinned.target.host, pinned.target.path) == (host, path)


@pytest.mark.parametrize(
    ("url", "allowed", "fine"),
    [
        ("http://lan.example/", ["192.168.8.0/24"], True),
        ("http://lan.example/", ["192.168.9.0/24"], False),
        ("http://[::ffff:192.168.8.20]/", ["192.168.8.0/24"], True),
        ("http://[fd12:3456::1]/", ["fd12:3456::/32"], True),
        ("http://127.0.0.1:9090/", ["127.0.0.0/8"], True),
        ("http://[::1]:9090/", ["::1/128"], True),
        ("http://mixed.example/", ["192.168.8.0/24"], False),
        # never, whatever the list says
        ("http://169.254.169.254/", ["0.0.0.0/0"], False),
        ("http://100.100.100.200/", ["100.64.0.0/10"], False),
        ("http://0.0.0.0:9090/", ["0.0.0.0/0"], False),
        ("http://224.0.0.1/", ["0.0.0.0/0"], False),
        ("http://[fe80::1]/", ["::/0"], False),
        ("http://[2002:7f00:1::]/", ["::/0"], False),
        ("http://[fd00:ec2::254]/", ["::/0"], False),
        # the hub's own parts
        ("http://127.0.0.1:1883/", ["127.0.0.0/8"], False),
        ("http://127.0.0.1:8800/", ["127.0.0.0/8"], False),
        ("http://[::1]:8800/", ["::/0"], False),
        ("http://192.168.8.20:8800/", ["192.168.8.0/24"], False),
        ("http://[::ffff:192.168.8.20]:8800/", ["192.168.8.0/24"], False),
        ("http://93.184.216.34:9000/", [], False),
        ("http://hooks.example:9000/", [], False),
    ],
)
def test_a_list_opens_networks_but_never_the_hub_itself(url, allowed, fine):
    here = {"127.0.0.1", "::1", "192.168.8.20"}
    one = guard(*allowed, local=lambda address: str(plain(address)) in here)
    if fine:
        assert one.pin(url, Use.WEBHOOK).addresses
    else:
        with pytest.raises(AddressRefusedError):
            one.pin(url, Use.WEBHOOK)


def test_a_name_is_asked_for_once_and_its_address_is_what_is_connected_to():
    """Rebinding: the second answer would be the hub's own network."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    one = Guard(resolve=lambda _name: answers.pop(0))
    pinned = one.pin("http://rebind.example/", Use.WEBHOOK)
    assert [str(address) for address in pinned.addresses] == ["93.184.216.34"]
    assert len(answers) == 1
    with pytest.raises(AddressRefusedError):
        one.pin("http://rebind.example/", Use.WEBHOOK)


def test_when_it_is_set_a_name_is_not_resolved_but_an_address_is_judged():
    one = Guard(resolve=lambda _name: pytest.fail("resolved"))
    assert one.read("https://unknown.example/hook", Use.WEBHOOK).host == "unknown.example"
    with pytest.raises(AddressRefusedError):
        one.read("https://10.0.0.1/hook", Use.WEBHOOK)
    with pytest.raises(AddressRefusedError):
        one.read("rtsp://unknown.example/", Use.WEBHOOK)


@pytest.mark.parametrize("use", list(Use))
def test_each_use_has_its_schemes(use):
    fine = {"camera": {"http", "https", "rtsp", "rtsps"}}.get(use.value, {"http", "https"})
    for scheme in ("http", "https", "rtsp", "rtsps", "file", "ftp", "gopher", "mqtt", "ws"):
        if scheme in fine:
            assert read_url(f"{scheme}://hooks.example/", use).scheme == scheme
        else:
            with pytest.raises(AddressRefusedError):
                read_url(f"{scheme}://hooks.example/", use)


def test_no_address_of_a_private_network_is_fine_in_any_dress():
    for inner in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "255.255.255.255"):
        number = int(ip_address(inner))
        for high in (0xFFFF << 32, 0, 0x0064FF9B << 96, 0x5EFE << 32 | 0x2001_4860 << 96):
            assert judge(ip_address(high | number if high else number)) is not Verdict.FINE
        assert judge(ip_address((0x2002 << 112) | number << 80)) is not Verdict.FINE
