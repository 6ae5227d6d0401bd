"""HTTP/2 over TLS, and certificates that are not good."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.model import Request
from tests.web.server import Server, reply

pytestmark = pytest.mark.anyio

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def contexts(tmp_path: Path) -> Contexts:
    """TLS settings of a server on 127.0.0.1, and of a client that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ferry.example")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "server.pem"
    file.write_bytes(private + certificate.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cafile=str(file))
    return server, client


class Http2(asyncio.Protocol):
    """Answers every stream; what its path says: /long is endless, /reset breaks off, /cr has a bad header."""

    connections = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        Http2.connections += 1
        self._transport = transport
        config = h2.config.H2Configuration(
            client_side=False, validate_outbound_headers=False, header_encoding="ascii"
        )
        self._h2 = h2.connection.H2Connection(config)
        self._h2.initiate_connection()
        transport.write(self._h2.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self._h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                assert event.headers is not None and event.stream_id is not None
                self._answer(event.stream_id, dict(event.headers)[":path"])
        self._transport.write(self._h2.data_to_send())
        if self._h2.state_machine.state is h2.connection.ConnectionState.CLOSED:
            self._transport.close()

    def _answer(self, stream: int, path: str) -> None:
        headers = [(":status", "200"), ("content-type", "text/html")]
        if path == "/cr":
            headers += [("etag", "a\r\nb"), ("set-cookie", "a=b\r\nx: y")]
        if path == "/short":
            headers += [("content-length", "9000")]
        self._h2.send_headers(stream, headers)
        if path == "/reset":
            self._h2.reset_stream(stream)
        elif path == "/away":
            self._h2.close_connection()
        elif path == "/long":
            for _ in range(3):
                self._h2.send_data(stream, bytes(16000))
        else:
            self._h2.send_data(stream, path.encode(), end_stream=True)


async def test_http2(contexts: Contexts) -> None:
    server_tls, client_tls = contexts
    server_tls.set_alpn_protocols(["h2"])
    server = await asyncio.get_running_loop().create_server(Http2, "127.0.0.1", 0, ssl=server_tls)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    Http2.connections = 0

    def ask(path: str) -> Request:
        return Request(
            url + path, allow_private=True, delay=0, obey_robots=False, concurrency=20, max_bytes=1 << 15
        )

    options = Options("newslake/1", read=0.5, attempts=2, backoff=0.01, verify=client_tls)
    async with server, Client(options) as client:
        pages = await asyncio.gather(*(client.fetch(ask(f"/{n}")) for n in range(20)))
        assert [page.body for page in pages] == [f"/{n}".encode() for n in range(20)]
        assert Http2.connections == 1  # HTTP/2 it was, and all over one connection

        assert (await client.fetch(ask("/cr"))).headers["etag"] == "ab"
        assert (await client.fetch(ask("/after"))).body == b"/after"
        for path, outcome in (
            ("/reset", Outcome.BROKEN),
            ("/short", Outcome.BROKEN),
            ("/away", Outcome.BROKEN),
            ("/long", Outcome.TOO_LARGE),
        ):
            response = await client.fetch(ask(path))
            assert response.outcome is outcome, response
            assert response.error and response.error.isprintable()
            # Whatever became of the connection, the next request is answered.
            assert (await client.fetch(ask("/after"))).body == b"/after"


async def test_a_certificate_that_nobody_vouches_for(contexts: Contexts) -> None:
    options = Options("newslake/1", backoff=0.01)
    async with Server(other=reply("news"), tls=contexts[0]) as server, Client(options) as client:
        request = Request(server.url(), allow_private=True, delay=0, obey_robots=False)
        response = await client.fetch(request)
        assert (response.outcome, response.attempts) == (Outcome.UNREACHABLE, 1)
        assert response.error and "certificate" in response.error
        plain = await client.fetch(
            Request(server.url().replace("https", "http"), allow_private=True, delay=0)
        )
        assert plain.outcome is Outcome.DEFERRED
    assert not server.hits


async def test_tls_with_http1(contexts: Contexts) -> None:
    options = Options("newslake/1", verify=contexts[1])
    async with Server(other=reply("news"), tls=contexts[0]) as server, Client(options) as client:
        assert (await client.fetch(Request(server.url(), allow_private=True, delay=0))).body == b"news"
