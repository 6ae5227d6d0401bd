"""Alerts: what is said of an incident, and through which channel."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from ipaddress import ip_address
from typing import Any, Protocol

import httpx

from tasks.files.streams import one_line
from tasks.incidents import Incident
from tasks.lake.store import LakeError
from tasks.settings import Settings, revealed
from tasks.web.proxies import Proxies

# Seconds that a receiver has for each step of an answer.
PATIENCE = 30.0
_TLS_FIRST = 465


class Undelivered(Exception):
    """A receiver did not take an alert; the message is one line without secrets. ``reached``: whether it answered."""

    def __init__(self, reason: str, *, reached: bool = False) -> None:
        """``reason``: in one line."""
        super().__init__(one_line(reason, 300))
        self.reached = reached


class Channel(Protocol):
    """A way to a person. ``send`` raises Undelivered where the receiver did not say that it took the alert."""

    @property
    def name(self) -> str:
        """What incidents remember it by."""

    def send(self, alert: Mapping[str, Any]) -> None:
        """Send what ``message`` returns."""


def message(incident: Incident, *, lake: str, host: str) -> dict[str, Any]:
    """What is said of an incident, as JSON's types: ``text`` for people, the rest for programs."""
    until = incident.until.isoformat() if incident.until else None
    head = f"newslake on {host}: {'over: ' if until else ''}{one_line(incident.text, 2_000)}"
    lasted = f"from {_minute(incident.since)} to {_minute(incident.until)}" if incident.until else ""
    return {
        "text": f"{head}\n{lasted or incident.advice}",
        "id": incident.id,
        "status": incident.phase,
        "key": incident.key,
        "kind": incident.kind,
        "severity": incident.severity,
        "summary": incident.text,
        "advice": incident.advice,
        "since": incident.since.isoformat(),
        "until": until,
        "lake": lake,
        "host": host,
    }


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts JSON. Slack, Mattermost and what takes their form show ``text``."""

    url: str = field(repr=False)
    proxies: Proxies = field(default_factory=Proxies)
    patience: float = PATIENCE
    name: str = "webhook"

    def send(self, alert: Mapping[str, Any]) -> None:
        """Post it; whatever begins with 2 is taken for a yes, and redirections are not followed."""
        # Angle brackets mean links and calls to everybody there.
        body = dict(alert) | {"text": escape(alert["text"], quote=False)}
        times = httpx.Timeout(self.patience).as_dict()
        request = httpx.Request(
            "POST",
            self.url,
            json=body,
            headers={"idempotency-key": f"{alert['id']}-{alert['status']}"},
            extensions={"timeout": times},
        )
        try:
            # A client would log the address, which holds a token.
            with httpx.HTTPTransport(proxy=self.proxies.proxy_for(request.url)) as transport:
                answer = transport.handle_request(request)
                answer.close()
        except httpx.TransportError as error:
            raise Undelivered(f"{type(error).__name__} {error}") from None
        if not answer.is_success:
            raise Undelivered(f"HTTP {answer.status_code}", reached=True)


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends mail through a server: over TLS from the start on port 465, else after STARTTLS where it is offered."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    patience: float = PATIENCE
    name: str = "mail"

    def send(self, alert: Mapping[str, Any]) -> None:
        """Send it; what at least one recipient's server took counts as taken."""
        try:
            server = self._connected()
            try:
                server.send_message(self._mail(alert))
            finally:
                with contextlib.suppress(OSError):
                    server.quit()
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error
            text = said.decode(errors="replace") if isinstance(said, bytes) else said
            raise Undelivered(f"{error.smtp_code} {text}", reached=True) from None
        except smtplib.SMTPRecipientsRefused:
            raise Undelivered("all recipients were refused", reached=True) from None
        except UnicodeError:
            raise Undelivered("it takes no addresses with letters beyond ASCII", reached=True) from None
        except OSError as error:
            raise Undelivered(f"{type(error).__name__} {error}") from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.port == _TLS_FIRST:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.patience, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.patience)
        try:
            server.ehlo()
            if self.port != _TLS_FIRST and server.has_extn("starttls"):
                server.starttls(context=context)
            elif self.port != _TLS_FIRST and self.password and not _is_here(self.host):
                raise Undelivered(
                    "it offers no STARTTLS, and the password is not sent in the open", reached=True
                )
            if self.user:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _mail(self, alert: Mapping[str, Any]) -> EmailMessage:
        def name(phase: str) -> str:
            return f"<{alert['id']}.{phase}@{alert['host']}>"

        mail = EmailMessage()
        first, _, rest = alert["text"].partition("\n")
        mail["Subject"] = one_line(first, 150)
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.recipients)
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = name(alert["status"])
        mail["Auto-Submitted"] = "auto-generated"
        if alert["status"] == "over":
            mail["In-Reply-To"] = mail["References"] = name("open")
        facts = [f"{fact}: {alert[fact]}" for fact in ("lake", "kind", "severity", "since", "until", "id")]
        mail.set_content("\n".join([first, rest, "", *facts, ""]))
        return mail


def channels(settings: Settings) -> list[Channel]:
    """The channels that the settings name. Raises LakeError where they name half of one."""
    found: list[Channel] = []
    if settings.webhook_url:
        found.append(Webhook(settings.webhook_url.get_secret_value(), settings.proxies))
    if bool(settings.smtp_host) != bool(settings.mail_to):
        raise LakeError("settings smtp_host and mail_to: mail needs both; set the other, or neither")
    if settings.smtp_host and settings.mail_to:
        recipients = tuple(address.strip() for address in settings.mail_to.split(","))
        sender, password = settings.mail_from or recipients[0], revealed(settings.smtp_password)
        found.append(
            Mail(settings.smtp_host, settings.smtp_port, sender, recipients, settings.smtp_user, password)
        )
    return found


def _is_here(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _minute(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
