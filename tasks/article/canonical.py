"""The normal form of an address: the same for all the ways to write it, and to reach what it names."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import idna

# Parameters that say how a reader came, or in which session, never what is shown. In lower case.
_TRACKING = frozenset(
    (
        # clicks on advertisements and in social networks
        "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "srsltid", "msclkid", "yclid", "ysclid", "_openstat",
        "twclid", "ttclid", "li_fat_id", "igsh", "rdt_cid", "tblci", "dicbo", "oborigurl", "s_kwcid", "spm",
        "guccounter", "guce_referrer", "guce_referrer_sig", "ref_src", "ref_url", "soc_src", "soc_trk",
        # campaigns and newsletters
        "mkt_tok", "cmp", "cmpid", "icid", "intcid", "ncid", "ocid", "s_cid", "smid", "smtyp", "smprod", "emc", "mbid",
        "ito", "ftag", "xtor", "xtref", "partner", "at_medium", "at_campaign", "at_format", "at_ptr_name",
        "pk_campaign", "pk_kwd", "pk_keyword", "pk_medium", "pk_source", "pk_content", "sr_share", "dm_i",
        # sessions
        "phpsessid", "jsessionid", "sessionid", "session_id", "cfid", "cftoken",
        # AMP
        "usqp", "aoh",
    )
)  # fmt: skip
_TRACKING_PREFIXES = (
    "utm_", "fbclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "fb_", "hsa_", "_hs", "__hs", "mtm_", "oly_", "vero_",
    "ns_", "wt_", "wt.", "at_custom", "at_link", "at_bbc", "amp_", "aspsessionid",
)  # fmt: skip
# These name a channel ("rss", "twitter"), or the article itself: a value with a digit is taken for the latter.
_CHANNELS = frozenset(("ref", "referrer", "source", "src", "from", "via", "feed_source"))
_AMP_VALUES = {"amp": ("", "1", "true", "amp"), "outputtype": ("amp",)}

_AMPERSAND = re.compile(r"(^|&)(?:amp;)+")  # feeds escape it twice
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
# The last segment only, and only below what looks like an article: "/tag/amp" is about it.
_AMP_PATH = re.compile(r"(?<=/)([^/]*[\d-][^/]*)(?:/amp)+(/?)\Z")
# Copies of a whole page under an address that holds its own: ``s`` where that is https, or the address with scheme.
_COPIES = (
    re.compile(r"(?:[^/]+\.)?cdn\.ampproject\.org/[a-z]/(?P<s>s/)?(?P<rest>[^/]+\..+)"),
    re.compile(r"(?:www\.)?(?:google(?:\.[a-z]{2,3}){1,2}|bing\.com)/amp/(?P<s>s/)?(?P<rest>[^/]+\..+)"),
    re.compile(r"web\.archive\.org/web/\d+(?:[a-z]{2}_)?/http(?P<s>s)?:/{1,2}(?P<rest>[^/]+\..+)"),
)


@lru_cache(maxsize=8192)  # a run asks for each address of a list several times
def canonical(url: str | None) -> str | None:
    """The address in its normal form; None for what is no http(s) address.

    The host in lower case and punycode, without user, default port or a dot at its end; the path without dot segments,
    session or a closing "/amp"; the query without tracking and session parameters, its order kept, since a site
    writes its links in one order and may mean something by it; no fragment, unless it is of the form "#!…"; percent
    encoding as RFC 3986 has it. A copy in an AMP cache or in the Internet Archive has the address of its original.
    """
    text = (url or "").strip()
    while True:
        try:
            parts = urlsplit(text)
            host, port = _host(parts.hostname or ""), parts.port
        except ValueError:
            return None
        scheme = parts.scheme.lower()
        if scheme not in {"http", "https"} or host is None:
            return None
        path, query = _path(parts.path), _query(parts.query)
        copy = next(filter(None, (form.fullmatch(host + path) for form in _COPIES)), None)
        if copy is None:
            break
        text = f"{'https' if copy['s'] else 'http'}://{copy['rest']}{'?' * bool(query)}{query}"
    netloc = host if port in {None, {"http": 80, "https": 443}[scheme]} else f"{host}:{port}"
    fragment = _escaped(parts.fragment, "/?") if parts.fragment.startswith("!") else ""
    return urlunsplit((scheme, netloc, path, query, fragment))


def _host(name: str) -> str | None:
    """The host in lower case, in punycode where it has other letters; None where it cannot be one.

    Raises ValueError (idna's own is one) where those letters make no name.
    """
    if ":" in name:
        return f"[{name.lower()}]"
    ascii_name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    host = ascii_name.removesuffix(".")
    return host if _HOST.fullmatch(host) else None


def _path(path: str) -> str:
    segments = _SESSION.sub("", _escaped(path, "/")).split("/")[1:]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] in (["."], [".."]):
        kept.append("")
    return _AMP_PATH.sub(r"\1\2", "/" + "/".join(kept))


def _query(query: str) -> str:
    pairs = _AMPERSAND.sub(r"\1", _escaped(query, "/?")).split("&")
    return "&".join(pair for pair in pairs if pair and not _says_how_one_came(pair))


def _says_how_one_came(pair: str) -> bool:
    name, _, value = (unquote(part).lower() for part in pair.partition("="))
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _CHANNELS:
        return not any(map(str.isdigit, value))
    return value in _AMP_VALUES.get(name, ())


def _escaped(text: str, also: str) -> str:
    """The text with exactly those characters escaped that must be, besides those that were and may mean another."""
    return quote(_PERCENT.sub(_unescaped, text), safe=f"%!$&'()*+,;=:@{also}", errors="surrogatepass")


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is None:  # a lone percent sign
        return "%25"
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
