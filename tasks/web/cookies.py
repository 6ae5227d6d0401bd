"""Cookies, kept for a run in memory and told to nobody but the site that set them."""

from __future__ import annotations

import re
from collections import defaultdict
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

_SENDABLE = re.compile(r"[\x20-\x7e]{1,4096}")
_MOST = 50


class Cookies:
    """A jar for each site: looking through all of a run's cookies for each request would take longer than asking."""

    def __init__(self) -> None:
        """No cookies yet."""
        self._jars: defaultdict[str, httpx.Cookies] = defaultdict(httpx.Cookies)

    def attach(self, request: httpx.Request) -> None:
        """Adds the Cookie header that the address's site wants, if any."""
        if (jar := self._jars.get(_site(request.url))) is not None:
            jar.set_cookie_header(request)

    def keep(self, response: httpx.Response) -> None:
        """Takes what an answer sets: at most 50 a site, and none that could not be sent back."""
        lines = response.headers.get_list("set-cookie")
        if lines and all(map(_SENDABLE.fullmatch, lines)):
            jar = self._jars[_site(response.url)]
            if len(jar) + len(lines) <= _MOST:
                jar.extract_cookies(response)


def none_kept() -> CookieJar:
    """A jar for httpx's own client, which stays empty."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def _site(url: httpx.URL) -> str:
    """Hosts that may share cookies have the same; whether they do is for the jar to say."""
    return ".".join(url.host.split(".")[-2:])
