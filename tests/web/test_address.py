"""No address leads to a private network, however it is written or resolved."""

from __future__ import annotations

import pytest

from tasks.files.model import Outcome
from tasks.web.address import is_public, may_be_asked, parse
from tasks.web.client import Client, Options
from tasks.web.failure import Failure
from tasks.web.model import Request
from tasks.web.proxies import Proxies
from tests.web.server import Server, reply

pytestmark = pytest.mark.anyio

# PORT stands for that of a server which listens on all of 127.0.0.1 and ::1, and must not be reached.
TRICKS = """
http://127.0.0.1:PORT/
http://127.1:PORT/
http://127.0.1:PORT/
http://2130706433:PORT/
http://0x7f000001:PORT/
http://0x7f.1:PORT/
http://0x7f.0x0.0x0.0x1:PORT/
http://0177.0.0.1:PORT/
http://017700000001:PORT/
http://0000177.0.0.1:PORT/
http://127.0.0.1.:PORT/
http://127.0.0.1..:PORT/
http://0:PORT/
http://0.0.0.0:PORT/
http://127.127.127.127:PORT/
http://localhost:PORT/
http://LOCALHOST:PORT/
http://localhost.:PORT/
http://news.localhost:PORT/
http://localhost.localdomain:PORT/
http://ip6-localhost:PORT/
http://[::1]:PORT/
http://[::]:PORT/
http://[0:0:0:0:0:0:0:1]:PORT/
http://[::ffff:127.0.0.1]:PORT/
http://[::ffff:7f00:1]:PORT/
http://[::127.0.0.1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/
http://[64:ff9b::7f00:1]:PORT/
http://[64:ff9b:1::7f00:1]:PORT/
http://[2002:7f00:1::]:PORT/
http://[2001:0:7f00:1::80ff:fffe]:PORT/
http://[fe80::1%25lo]:PORT/
http://[fe80::1%lo]:PORT/
http://[::1%25lo]:PORT/
http://[fc00::1]:PORT/
http://[fec0::1]:PORT/
http://[ff02::1]:PORT/
http://127。0。0。1:PORT/
http://127．0．0．1:PORT/
http://１２７.0.0.1:PORT/
http://①②⑦.0.0.1:PORT/
http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/
http://%31%32%37.0.0.1:PORT/
http://127.0.0.1%2f@ferry.example:PORT/
http://ferry.example@127.0.0.1:PORT/
http://ferry.example:80@127.0.0.1:PORT/
http://@127.0.0.1:PORT/
http://ferry.example%40127.0.0.1:PORT/
http://ferry.example\\@127.0.0.1:PORT/
http://127.0.0.1\\.ferry.example:PORT/
http://127.0.0.1:PORT\\@ferry.example/
http://127.0.0.1 .ferry.example:PORT/
http://169.254.169.254/latest/meta-data/
http://metadata.google.internal/
http://[fd00:ec2::254]/
http://100.100.100.200/
http://10.0.0.1/
http://172.16.0.1/
http://192.168.0.1/
http://100.64.0.1/
http://192.0.0.1/
http://198.18.0.1/
http://224.0.0.1/
http://240.0.0.1/
http://255.255.255.255/
file:///etc/passwd
ftp://127.0.0.1:PORT/
gopher://127.0.0.1:PORT/
data:text/html,hello
//127.0.0.1:PORT/
127.0.0.1:PORT
http:127.0.0.1:PORT
http:///127.0.0.1:PORT/
http://127.0.0.1:PORT:80/
http://ferry.example:0/
http://ferry.example:99999/
""".strip().splitlines()
CONTROL = [
    "http://ferry.example/\r\nHost: x",
    "http://ferry\n.example/",
    "http://ferry.example/\0",
    "",
    "http://",
]
LONG = ["http://ferry.example/" + "a" * 9000, "http://" + "a." * 4000 + "example/"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_no_trick_makes_a_connection() -> None:
    async with (
        Server(addresses=("127.0.0.1", "::1")) as server,
        Client(Options("newslake/1", attempts=1)) as client,
    ):
        for trick in [t.replace("PORT", str(server.port)) for t in TRICKS] + CONTROL + LONG:
            response = await client.fetch(Request(trick, delay=0))
            assert response.outcome is Outcome.ADDRESS, (trick, response)
            assert response.error and response.error.isprintable(), trick
        assert server.connections == 0


async def test_a_redirect_is_checked_like_any_address() -> None:
    async with Server() as server:
        tricks = [t.replace("PORT", str(server.port)) for t in TRICKS if "://" in t and ":///" not in t]
        targets = [*tricks, f"//127.0.0.1:{server.port}/"]
        server.routes = {f"/{n}": reply(status=302, location=to) for n, to in enumerate(targets)}
        # The server plays a proxy, so that the first hop is a public address.
        options = Options("newslake/1", proxies=Proxies(http=server.url()), resolve=public)
        async with Client(options) as client:
            for n, to in enumerate(targets):
                response = await client.fetch(Request(f"http://ferry.example/{n}", delay=0))
                assert (response.outcome, response.status) == (Outcome.ADDRESS, 302), (to, response)
        assert {hit.headers["host"] for hit in server.hits} == {"ferry.example"}


async def public(host: str, port: int) -> list[str]:
    return ["203.0.114.9"]


async def test_a_name_that_resolves_to_a_private_address_is_not_connected_to() -> None:
    async with Server() as server:
        for found in (["127.0.0.1"], ["::1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]):

            async def resolve(host: str, port: int, found: list[str] = found) -> list[str]:
                return found

            async with Client(Options("newslake/1", resolve=resolve)) as client:
                response = await client.fetch(Request(f"http://ferry.example:{server.port}/", delay=0))
                assert (response.outcome, response.attempts) == (Outcome.ADDRESS, 0)
                request = Request(f"http://ferry.example:{server.port}/", obey_robots=False, delay=0)
                response = await client.fetch(request)
                assert (response.outcome, response.attempts) == (Outcome.ADDRESS, 1)
        assert server.connections == 0


async def test_rebinding_is_seen_at_connect_time() -> None:
    """The name is public when it is first looked up, and loopback whenever it is looked up again."""
    answers = [["203.0.114.9"], ["127.0.0.1"]]
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async with Server() as server:
        options = Options("newslake/1", resolve=resolve, connect=0.2, attempts=3, backoff=0.01)
        async with Client(options) as client:
            request = Request(f"http://ferry.example:{server.port}/", obey_robots=False, delay=0)
            response = await client.fetch(request)
            # The first attempt goes to the public address alone, the second sees loopback and ends.
            assert (response.outcome, response.attempts) == (Outcome.ADDRESS, 2)
            assert len(asked) == 2
        assert server.connections == 0


async def test_the_address_checked_is_the_one_connected_to_under_the_name_asked_for() -> None:
    looked_up: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    async with Server({"/": reply("ferry news")}) as server, Client(Options("n", resolve=resolve)) as client:
        request = Request(f"http://Ferry.Example.:{server.port}/#top", allow_private=True, obey_robots=False)
        response = await client.fetch(request)
        assert response.body == b"ferry news"
        assert response.final_url == f"http://ferry.example:{server.port}/"
        assert looked_up == ["ferry.example"]
        assert server.hits[0].headers["host"] == f"ferry.example:{server.port}"


async def test_a_public_request_does_not_ride_a_private_connection() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with Server({"/": reply("ferry news")}) as server, Client(Options("n", resolve=resolve)) as client:
        url = f"http://ferry.example:{server.port}/"
        private = await client.fetch(Request(url, allow_private=True, delay=0))
        assert private.outcome is Outcome.READ
        open_still = await client.fetch(Request(url, allow_private=False, delay=0, obey_robots=False))
        assert open_still.outcome is Outcome.ADDRESS
        assert server.connections == 1


async def test_private_answers_beside_a_public_one_are_left_out() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "203.0.114.9"]

    async with Server() as server:
        async with Client(Options("n", resolve=resolve, connect=0.2, attempts=1)) as client:
            request = Request(f"http://ferry.example:{server.port}/", obey_robots=False)
            assert (await client.fetch(request)).outcome in {Outcome.TIMEOUT, Outcome.UNREACHABLE}
        assert server.connections == 0


async def test_names_are_checked_before_a_proxy_gets_them() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        if host == "unknown.example":
            raise OSError("no such name")
        return ["10.0.0.1"] if host == "inside.example" else ["203.0.114.9"]

    async with Server(other=reply("by proxy")) as proxy:
        options = Options("n", resolve=resolve, proxies=Proxies(all=proxy.url()), attempts=1)
        async with Client(options) as client:
            for name, outcome in (
                ("inside.example", Outcome.ADDRESS),
                ("127.1", Outcome.ADDRESS),
                ("ferry.example", Outcome.READ),
                ("unknown.example", Outcome.READ),
            ):
                response = await client.fetch(Request(f"http://{name}/", delay=0, obey_robots=False))
                assert response.outcome is outcome, name
        assert [hit.target for hit in proxy.hits] == ["http://ferry.example/", "http://unknown.example/"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("192.88.99.1", False),
        ("203.0.113.1", False),
        ("169.254.0.1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("2002:808:808::1", False),
        ("2606:4700::1%eth0", False),
        ("ferry", False),
    ],
)
def test_public_addresses(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "fd12::1", "::ffff:10.0.0.1", "8.8.8.8"])
def test_what_a_source_may_allow(address: str) -> None:
    assert may_be_asked(address, allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "::169.254.169.254",
        "::ffff:0:169.254.169.254",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "224.0.0.1",
    ],
)
def test_what_no_source_may_allow(address: str) -> None:
    assert not may_be_asked(address, allow_private=True)


@pytest.mark.parametrize(
    ("written", "requested"),
    [
        (
            " https://Ferry.Example/a b?q=\N{LATIN SMALL LETTER E WITH ACUTE}#x ",
            "https://ferry.example/a%20b?q=%C3%A9",
        ),
        ("http://ferry.example.", "http://ferry.example"),
        ("http://f\N{LATIN SMALL LETTER A WITH DIAERESIS}hre.example/", "http://xn--fhre-loa.example/"),
        ("http://8.8.8.8:8080/", "http://8.8.8.8:8080/"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/"),
        ("http://ferry_news.example/%7Ea/../b", "http://ferry_news.example/b"),
    ],
)
def test_addresses_as_they_are_requested(written: str, requested: str) -> None:
    parsed = parse(written)
    host = parsed.netloc.decode()
    assert f"{parsed.scheme}://{host}{parsed.raw_path.decode() if '/' in requested[8:] else ''}" == requested


def test_errors_hold_no_credentials() -> None:
    with pytest.raises(Failure) as caught:
        parse("http://reader:secret@ferry.example:x/")
    assert "secret" not in str(caught.value)
