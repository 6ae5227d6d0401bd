"""Which proxy an address is asked through."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

import httpx


@dataclass(frozen=True, slots=True)
class Proxies:
    """Proxy addresses as HTTP_PROXY, HTTPS_PROXY and ALL_PROXY state them, and NO_PROXY's list of exceptions.

    Raises ValueError for a proxy that is not http(s).
    """

    http: str = field(default="", repr=False)  # it may hold a password
    https: str = field(default="", repr=False)
    all: str = field(default="", repr=False)
    no_proxy: str = ""

    def __post_init__(self) -> None:
        """Wrong settings are found at the start."""
        for written in filter(None, (self.http, self.https, self.all)):
            try:
                url = _url(written)
            except httpx.InvalidURL as error:
                raise ValueError(f"not a proxy's address: {error}") from None
            if url.scheme not in {"http", "https"} or not url.host:
                raise ValueError(f"not an http or https proxy: {url.scheme}://{url.host}")

    def __bool__(self) -> bool:
        """Whether any proxy is set."""
        return bool(self.http or self.https or self.all)

    def proxy_for(self, url: httpx.URL) -> httpx.URL | None:
        """The proxy for an address; None to ask its host directly."""
        written = (self.https if url.scheme == "https" else self.http) or self.all
        if not written or any(_excepts(e.strip().lower(), url) for e in self.no_proxy.split(",")):
            return None
        return _url(written)


def _url(written: str) -> httpx.URL:
    return httpx.URL(written if "://" in written else f"http://{written}")


def _excepts(entry: str, url: httpx.URL) -> bool:
    """Whether an entry of NO_PROXY means the address: ``*``, a domain with its subdomains, an IP or network."""
    host = url.raw_host.decode("ascii")
    if entry in {"", "*"}:
        return entry == "*"
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        pass
    name, _, port = entry.partition(":")
    if port and port != str(url.port or {"http": 80, "https": 443}[url.scheme]):
        return False
    name = name.removeprefix("*").removeprefix(".")
    return host == name or host.endswith(f".{name}")
