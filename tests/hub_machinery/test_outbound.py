"""The outbound guard with real connections: what is pinned, what is followed, what is fenced."""

import contextvars
import http.client
import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from pydantic import SecretStr

from hub.config.channels import Address, Channel
from hub.config.hub_file import OutboundConfig
from hub.notify.message import Message
from hub.notify.senders import Links, NotSentError, send
from hub.outbound import AddressRefusedError, Endpoint, Guard, Use, fenced, post
from wire import Text

pytestmark = pytest.mark.socket

LOOPBACK = [ip_network("127.0.0.0/8")]
MESSAGE = Message(Text(zh="题", en="title"), Text(zh="文", en="text"), "/x")


class Server:
    def __init__(self, answer=(200, b'{"errcode": 0}', {})):
        self.taken, self.answer = [], answer
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.taken.append((self.path, self.headers["Host"]))
                status, body, headers = outer.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server():
    with Server() as one:
        yield one


def sent(url, guard, kind="apprise"):
    channel = Channel.model_validate({"id": "c", "kind": kind, "to": {"*": {"url": url}}})
    send(channel, Address(url=SecretStr(url)), MESSAGE, Links(), 0, guard=guard)


def test_the_connection_goes_to_the_judged_address_and_names_the_host(server):
    asked = []

    def resolve(name):
        asked.append(name)
        return ["127.0.0.1"]

    one = Guard(LOOPBACK, resolve=resolve)
    url = f"http://hooks.example:{server.port}/in?a=1"
    answer = post(one, url, b"{}", use=Use.WEBHOOK)
    assert answer.status == 200
    assert server.taken == [("/in?a=1", f"hooks.example:{server.port}")]
    assert asked == ["hooks.example"]


def test_a_redirect_is_an_answer_and_nobody_follows_it(server):
    with Server((302, b"", {"Location": f"http://127.0.0.1:{server.port}/inside"})) as first:
        answer = post(Guard(LOOPBACK), f"http://127.0.0.1:{first.port}/", b"", use=Use.WEBHOOK)
    assert answer.status == 302
    assert server.taken == []


def test_an_answer_without_end_is_cut():
    with Server((200, b"x" * 200_000, {})) as one:
        answer = post(Guard(LOOPBACK), f"http://127.0.0.1:{one.port}/", b"", use=Use.WEBHOOK)
    assert len(answer.body) == 16_384


def test_an_answer_that_comes_a_byte_at_a_time_holds_nobody_for_hours():
    """Each byte comes in time; all of them would take a day."""
    over = threading.Event()

    def drip(listener):
        taken, _ = listener.accept()
        with taken:
            while not over.is_set():
                try:
                    taken.sendall(b"H")
                except OSError:
                    return
                over.wait(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        dripping = threading.Thread(target=drip, args=(listener,))
        dripping.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises((OSError, http.client.HTTPException)):
            post(Guard(LOOPBACK), url, b"", use=Use.WEBHOOK, timeout_s=60, within_s=0.2)
        over.set()
        dripping.join()


def test_a_proxy_of_the_environment_is_not_asked(server, monkeypatch):
    with Server() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        post(Guard(LOOPBACK), f"http://127.0.0.1:{server.port}/", b"", use=Use.WEBHOOK)
        assert (len(server.taken), proxy.taken) == (1, [])


@pytest.mark.parametrize(
    "write",
    [
        "json://127.0.0.1:{}/x",
        "json://localhost:{}/x",
        "form://127.0.0.1:{}/x",
        "xml://0x7f000001:{}/x",
        "json://2130706433:{}/x",
        "json://127.1:{}/x",
        "ntfy://127.0.0.1:{}/topic",
        "gotify://127.0.0.1:{}/atoken",
        "mailto://u:p@127.0.0.1:{}/?to=a@b.example&smtp=127.0.0.1&mode=insecure",
    ],
)
def test_apprise_reaches_nothing_that_the_guard_does_not_allow(write, server):
    with pytest.raises(NotSentError):
        sent(write.format(server.port), Guard())
    assert server.taken == []


def test_apprise_reaches_what_is_allowed_and_follows_no_way_out_of_it(server):
    sent(f"json://127.0.0.1:{server.port}/x", Guard(LOOPBACK))
    assert len(server.taken) == 1
    with Server((307, b"", {"Location": f"http://127.0.0.1:{server.port}/inside"})) as first:
        own = Guard(LOOPBACK, [Endpoint("", server.port)])
        with pytest.raises(NotSentError):
            sent(f"json://127.0.0.1:{first.port}/x", own)
        assert len(first.taken) == 1
    assert len(server.taken) == 1


@pytest.mark.parametrize("scheme", ["syslog", "dbus", "mqtt", "mqtts", "windows", " SYSLOG"])
def test_what_is_no_service_is_no_channel(scheme):
    with pytest.raises(NotSentError, match="not that of a service"):
        sent(f"{scheme}://127.0.0.1/", Guard(LOOPBACK))


def test_a_dingtalk_robot_on_the_estate_is_refused_and_named_nowhere(server):
    with pytest.raises(NotSentError) as refused:
        sent(f"http://127.0.0.1:{server.port}/robot?access_token=t", Guard(), "dingtalk-card")
    assert "127.0.0.1" not in str(refused.value)
    assert "access_token" not in str(refused.value)
    assert server.taken == []


def test_the_fence_holds_its_own_context_and_nothing_else(server):
    """Other threads (the broker, telemetry) connect meanwhile as they please."""
    with fenced(Guard()):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), 5)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("localhost", server.port), 5)
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
            pytest.raises(ConnectionRefusedError),
        ):
            datagrams.sendto(b"x", ("127.0.0.1", server.port))
        with (
            socket.socket(socket.AF_UNIX) as local,
            pytest.raises(ConnectionRefusedError),
        ):
            local.connect("/nowhere")
        found = []

        def other():
            with socket.create_connection(("127.0.0.1", server.port), 30) as one:
                found.append(one.getpeername()[1])

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        context = contextvars.copy_context()
    assert found == [server.port]
    other()
    with pytest.raises(ConnectionRefusedError):  # of one who outlived it
        context.run(socket.create_connection, ("127.0.0.1", server.port), 5)


def test_the_hub_s_own_addresses_are_known_without_asking_anybody():
    one = Guard([ip_network("0.0.0.0/0"), ip_network("::/0")], [Endpoint("0.0.0.0", 8800)])
    for address in ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"):
        with pytest.raises(AddressRefusedError):
            one.judge(ipaddress.ip_address(address), 8800)
        one.judge(ipaddress.ip_address(address), 8801)
    one.judge(ipaddress.ip_address("93.184.216.34"), 8800)


def test_the_list_is_read_from_the_hub_s_file_and_takes_networks_only():
    read = OutboundConfig.model_validate({"allow": ["192.168.8.0/24", "fd12::/16"]})
    assert [str(one) for one in read.allow] == ["192.168.8.0/24", "fd12::/16"]
    for wrong in ("192.168.8.1/24", "router", "https://x"):
        with pytest.raises(ValueError, match="IPv"):
            OutboundConfig.model_validate({"allow": [wrong]})
