"""Channels against real receivers: an HTTP server and a mail server on loopback."""

from __future__ import annotations

import logging
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tasks.alerts import Mail, Undelivered, Webhook, channels, message
from tasks.incidents import Incident
from tasks.lake.store import LakeError
from tasks.settings import configured
from tests.alerts.receivers import hook, post

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
INCIDENT = Incident("disk", "disk_low", "urgent", "1 GiB <!channel> free\nof 9", "make room", NOW)
OVER = Incident("disk", "disk_low", "urgent", "1 GiB free", "make room", NOW, until=NOW + timedelta(hours=1))


def alert(incident: Incident = INCIDENT) -> dict[str, Any]:
    return message(incident, lake="/srv/lake", host="harbour")


def mail(port: int, **options: Any) -> Mail:
    return Mail("127.0.0.1", port, "lake@example.org", ("one@example.org", "two@example.org"), **options)


def test_a_webhook_gets_text_for_people_and_fields_for_programs() -> None:
    with hook() as taken:
        Webhook(taken.url).send(alert())
        Webhook(taken.url).send(alert(OVER))
    first, second = taken.taken
    assert first["text"] == "newslake on harbour: 1 GiB &lt;!channel&gt; free of 9\nmake room"
    assert (first["status"], first["kind"], first["since"]) == (
        "open",
        "disk_low",
        "2026-11-22T10:00:00+00:00",
    )
    assert second["text"].endswith("over: 1 GiB free\nfrom 2026-11-22 10:00 UTC to 2026-11-22 11:00 UTC")
    assert first["id"] == second["id"]
    keys = [headers["idempotency-key"] for headers in taken.headers]
    assert keys == [f"{first['id']}-open", f"{first['id']}-over"]


@pytest.mark.parametrize("status", [500, 429, 404, 302])
def test_only_a_yes_is_a_yes(status: int) -> None:
    with hook() as taken:
        taken.status = status
        with pytest.raises(Undelivered, match=f"HTTP {status}") as raised:
            Webhook(taken.url).send(alert())
    assert raised.value.reached
    assert taken.asked == 1


def test_a_receiver_that_is_slow_or_down_keeps_nobody_waiting() -> None:
    with hook() as taken:
        taken.delay = 1
        with pytest.raises(Undelivered, match="ReadTimeout"):
            Webhook(taken.url, patience=0.1).send(alert())
    with pytest.raises(Undelivered, match="ConnectError") as raised:
        Webhook(taken.url).send(alert())
    assert not raised.value.reached


def test_the_address_with_its_token_is_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "httpcore", "httpx"):
        caplog.set_level(logging.DEBUG, name)
    with hook() as taken:
        channel = Webhook(taken.url)
        channel.send(alert())
        taken.status = 500
        with pytest.raises(Undelivered) as refused:
            channel.send(alert())
    with pytest.raises(Undelivered) as down:
        channel.send(alert())
    assert caplog.records  # the connection's steps
    assert "hushhush" not in f"{caplog.text} {refused.value} {down.value} {channel!r}"


def test_mail_for_all_recipients_and_one_thread_an_incident() -> None:
    with post() as taken:
        mail(taken.port).send(alert())
        mail(taken.port).send(alert(OVER))
    first, second = taken.taken
    assert taken.recipients[0] == ["one@example.org", "two@example.org"]
    assert first["Subject"] == "newslake on harbour: 1 GiB <!channel> free of 9"
    assert "make room" in first.get_payload()
    assert second["In-Reply-To"] == first["Message-ID"] != second["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("answer", "told"), [("451 later", "451 later"), ("554 no\u2028more", "554"), ("250 taken", None)]
)
def test_a_mail_that_the_server_refuses_is_not_delivered(answer: str, told: str | None) -> None:
    with post() as taken:
        taken.answer = answer.encode("ascii", "replace").decode()
        if told is None:
            mail(taken.port).send(alert())
            return
        with pytest.raises(Undelivered, match=told) as raised:
            mail(taken.port).send(alert())
    assert raised.value.reached
    with pytest.raises(Undelivered, match="ConnectionRefusedError"):
        mail(taken.port).send(alert())


def test_a_password_goes_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    with post(server, login=True) as taken:
        with pytest.raises(Undelivered, match="CERTIFICATE_VERIFY_FAILED"):
            mail(taken.port, user="lake", password="hushhush").send(alert())
        assert not taken.users
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        mail(taken.port, user="lake", password="hushhush").send(alert())
        with pytest.raises(Undelivered, match="535") as raised:
            mail(taken.port, user="lake", password="hush").send(alert())
        with pytest.raises(Undelivered, match="530"):
            mail(taken.port).send(alert())
    assert set(taken.users) == {"lake"}
    assert len(taken.taken) == 1
    assert "hush" not in str(raised.value)
    assert "hush" not in repr(mail(taken.port, user="lake", password="hushhush"))


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_of_another_name_does_not_get_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with post(login=True) as taken:
        ours = Mail("127.0.0.1", taken.port, "a@b.c", ("a@b.c",), "lake", "hushhush")
        ours.send(alert())  # no TLS, but on this machine
        # By this name it is not known to be this machine.
        theirs = Mail("127.1", taken.port, "a@b.c", ("a@b.c",), "lake", "hushhush")
        with pytest.raises(Undelivered, match="no STARTTLS"):
            theirs.send(alert())
    assert taken.users == ["lake"]


def test_half_a_channel_is_refused() -> None:
    assert [way.name for way in channels(configured(smtp_host="h", mail_to="a@b.c, d@e.f"))] == ["mail"]
    with pytest.raises(LakeError, match="mail needs both"):
        channels(configured(mail_to="a@b.c"))


def certificate(folder: Path) -> Path:
    """A key and its certificate for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return file
