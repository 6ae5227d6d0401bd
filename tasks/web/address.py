"""Which addresses may be fetched. Pure: a name's own addresses are checked where it is connected to."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from tasks.files.model import Outcome
from tasks.web.failure import Failure

# Servers take no more, and matching it against robots.txt is not to take seconds.
_LONGEST = 8192
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# Its last label makes a host a number for the C library: 127.1, 0x7f.1, 2130706433.
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_LOCAL_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa")

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_UNIQUE_LOCAL = IPv6Network("fc00::/7")
_NAT64 = IPv6Network("64:ff9b::/96")
# Global as Python sees it: 6to4 with its relays, and Teredo, tunnels that hide an IPv4 address and that nobody serves
# news from; documentation.
_NOT_SERVED = tuple(map(ip_network, ("2002::/16", "192.88.99.0/24", "2001::/32", "3fff::/20")))

# Beside the link-local 169.254.169.254: addresses of Amazon's metadata service by IPv6, Alibaba's and Oracle's.
_METADATA = tuple(map(ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192")))


def parse(url: str, *, allow_private: bool = False) -> httpx.URL:
    """The address as it is requested: percent-encoded, host in lower case ASCII, without fragment.

    Raises Failure (outcome ``address``) for what is not http(s), carries user information, control characters or a
    host written in a way that programs read differently, and unless ``allow_private`` for hosts that are not public
    by what is written alone.
    """
    if len(url) > _LONGEST:
        raise Failure(Outcome.ADDRESS, f"longer than {_LONGEST} characters")
    try:
        parsed = httpx.URL(url.partition("#")[0].strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise Failure(Outcome.ADDRESS, f"not an address: {error}") from None
    if parsed.scheme not in {"http", "https"}:
        raise Failure(Outcome.ADDRESS, f"not http or https but {parsed.scheme or 'nothing'}")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii"):
        raise Failure(Outcome.ADDRESS, "carries user information")
    if not (parsed.port is None or 0 < parsed.port < 1 << 16):
        raise Failure(Outcome.ADDRESS, f"no such port: {parsed.port}")
    written = parsed.raw_host.decode("ascii")
    host = written.removesuffix(".")
    _check_host(host, allow_private)
    return parsed if host == written else parsed.copy_with(host=host)


def _check_host(host: str, allow_private: bool) -> None:
    if is_literal(host):
        if not may_be_asked(host, allow_private=allow_private):
            raise Failure(Outcome.ADDRESS, f"not a public address: {host}")
        return
    if len(host) > 253 or not _NAME.fullmatch(host) or _NUMERIC.fullmatch(host):
        raise Failure(Outcome.ADDRESS, f"not a host name: {host!r}")
    if not allow_private and ("." not in host or host.endswith(_LOCAL_NAMES)):
        raise Failure(Outcome.ADDRESS, f"not a public name: {host}")


def is_literal(host: str) -> bool:
    """Whether a host is an IP address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def may_be_asked(address: str, *, allow_private: bool) -> bool:
    """Whether an IP address may be connected to: a public one, or with ``allow_private`` a private one too.

    Link-local addresses never, nor where clouds serve a machine's credentials from: no news is there.
    """
    if not allow_private or is_public(address):
        return is_public(address)
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and (ip.ipv4_mapped is not None or ip in _NAT64):
        ip = IPv4Address(ip.packed[-4:])
    if isinstance(ip, IPv6Address) and not (ip.is_loopback or ip in _UNIQUE_LOCAL):
        return False  # ways to write an IPv4 address, and tunnels to one
    return not (ip.is_link_local or ip.is_multicast or ip in _METADATA)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; one with a zone id never does.

    IPv4 addresses inside IPv6 ones (mapped, NAT64) are judged by themselves.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.scope_id is not None:
            return False
        if ip.ipv4_mapped is not None or ip in _NAT64:
            ip = IPv4Address(ip.packed[-4:])
        elif ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_SERVED)
