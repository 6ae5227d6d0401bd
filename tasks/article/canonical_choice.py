"""Which of the addresses that a page goes by is its own: pages lie about it, mostly by mistake.

Every rule here errs on the side of keeping two articles apart. One article under two addresses can be joined by what
the lake knows of it; two articles under one address would be taken for versions of each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

import tld

from tasks.article.canonical import canonical

_FRONT = re.compile(
    r"(?i)/?(?:(?:index|home|default|homepage|startseite|main|404|error|not-?found)(?:\.\w{2,5})?/?)?"
)
_EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cms|ece|amp)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])(?:[/-]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)")
_DIGITS = re.compile(r"\d{4,}")
# How a page is shown, not which.
_PRESENTATION = re.compile(
    r"(?i)page|paged|p(?:age)?_?n(?:o|um)|print\w*|view|output\w*|format|mode|m|mobile|amp|comments?|share|full|single\w*|all"
    r"|_+\w*|nocache|cache\w*|ts|reload|refresh|highlight|device|theme"
)
_VARIANT = re.compile(
    r"(?i)/(?:amp|print|all|full|single|mobile|comments?|galler(?:y|ie)|photos?|(?:page/)?\d{1,2}|index\.\w+)"
)
_ALTERNATE_HOST = re.compile(r"(?:m|mobile|amp|touch|wap)\.")
_UNPUBLISHED_HOST = re.compile(
    r"(?:.*\.)?localhost|.*\.(?:local|internal|intranet|lan|invalid)|\d+\.\d+\.\d+\.\d+|\[.*\]|[^.]+"
    r"|(?:.*[.-])?(?:staging|stage|preprod|preview|dev|develop|test|testing|uat|qa|cms|origin)\d*[.-].*"
)


def choose(asked: str | None, final: str | None = None, declared: Iterable[str] = ()) -> str | None:
    """The page's own address in its normal form; None where no believable one is known.

    ``asked``: the address that was asked for; ``final``: the one that answered, after redirects; ``declared``: what the
    page calls its own address, the most trustworthy first (rel=canonical, which search engines obey and webmasters
    mind; og:url, which is often left as it was to keep a count of likes; JSON-LD). The first of them that is believable
    beside the address that answered wins; where none is, it is the address that answered, or the one asked for where
    the answer led away from the article. Not believed is a declared address

    - of another site: a syndicated copy is the copier's; a publisher's other domain is the same site;
    - of a host that readers cannot reach, or of the mobile or AMP edition of a page that is not on it;
    - of a front page or section, page 2 and the like excepted, or without the parameter that tells articles apart;
    - of evidently another article: both have a number, or both have words, and share none.
    """
    given, answered = canonical(asked), canonical(final)
    own = given if given and (answered in (None, given) or _is_astray(given, answered)) else answered
    base = (final if own == answered else asked) or asked
    for link in filter(None, map(str.strip, declared)):
        address = canonical(_absolute(link, base))
        if address and _believable(address, own):
            secure = own is not None and own.startswith("https:") and _host(address) == _host(own)
            return address.replace("http:", "https:", 1) if secure else address
    return own


def led_away(asked: str | None, final: str | None) -> bool:
    """Whether a redirect led from an article to something else: a front page, its section, an error, a log-in."""
    given, answered = canonical(asked), canonical(final)
    if given is None or answered is None:
        return False
    here, there = urlsplit(given), urlsplit(answered)
    back = (given.partition("://")[2], here.path)  # a wall leads back, once one has paid, agreed or logged in
    if there.path != here.path != "/" and any(value.endswith(back) for _, value in parse_qsl(there.query)):
        return True
    return (_is_front(there) and not _is_front(here)) or _is_above(there, here)


def one_publisher(url: str | None, other: str | None) -> bool:
    """Whether two addresses are of hosts of one publisher; False where one of them is none."""
    one, two = canonical(url), canonical(other)
    return one is not None and two is not None and _publisher(_host(one)) == _publisher(_host(two))


def _is_astray(given: str, answered: str) -> bool:
    """Whether the address that answered may be the article's less well than the one asked for."""
    less_telling = _tells(urlsplit(given)) and not _tells(urlsplit(answered))
    return led_away(given, answered) or (less_telling and one_publisher(given, answered))


def _absolute(link: str, base: str | None) -> str | None:
    base = base if base and canonical(base) else ""
    host = urlsplit(base).netloc.lower()
    if link.lower().startswith(("www.", f"{host or 'www.'}/")):  # forgotten: https://
        link = "https://" + link
    try:
        return urljoin(base, link)
    except ValueError:
        return None


def _believable(address: str, own: str | None) -> bool:
    there = urlsplit(address)
    if own is None:
        return not _is_front(there) and not _UNPUBLISHED_HOST.fullmatch(there.netloc.partition(":")[0])
    here = urlsplit(own)
    if there.netloc != here.netloc and not _is_host_of(there.netloc, here.netloc):
        return False
    if (there.path, there.query, there.fragment) == (here.path, here.query, here.fragment):
        return True
    if _is_front(there) or _is_above(there, here):
        return False
    return (_tells(there) or not _tells(here)) and not _is_other(there, here)


def _is_host_of(host: str, own: str) -> bool:
    """Whether the host, not the page's own, may be the one it belongs to: of the same publisher, and for readers."""
    if _UNPUBLISHED_HOST.fullmatch(host.partition(":")[0]):
        return False
    if _ALTERNATE_HOST.match(host) and not _ALTERNATE_HOST.match(own):
        return False
    return host == own or _publisher(host) == _publisher(own)


def _publisher(host: str) -> str:
    """The name below the public suffix, so that x.com and x.co.uk are one; for what has none, the last two labels.

    An IP address, or a name without a dot, is one with its port.
    """
    name = host.partition(":")[0]
    if "." not in name or name.rpartition(".")[2].isdigit():
        return host
    found = tld.get_tld(f"https://{name}/", as_object=True, fail_silently=True)
    return found.domain if isinstance(found, tld.Result) else ".".join(name.split(".")[-2:])


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _is_front(parts: SplitResult) -> bool:
    return _FRONT.fullmatch(parts.path) is not None and not _parameters(parts)


def _is_above(there: SplitResult, here: SplitResult) -> bool:
    """Whether one is a folder above the other page, as a section is, and not the article of which that is a part."""
    folder = there.path.rstrip("/")
    rest = here.path.rstrip("/").removeprefix(folder)
    return (
        here.path.startswith(folder + "/")
        and len(rest) > 1
        and not _VARIANT.fullmatch(rest)
        and not _is_telling(folder.rpartition("/")[2])
        and not _parameters(there)
    )


def _tells(parts: SplitResult) -> bool:
    """Whether the address looks like one article's: by a number, by a title in words, or by a parameter."""
    return any(map(_is_telling, parts.path.split("/"))) or bool(_parameters(parts))


def _is_telling(segment: str) -> bool:
    return bool(_numbers(segment)) or len(re.findall(r"[^\W\d_]+", _plain(segment))) >= 3


def _is_other(there: SplitResult, here: SplitResult) -> bool:
    """Whether the two can only be the addresses of different articles."""
    if there.path == here.path:
        mine, its = _parameters(here), _parameters(there)
        return any(its.get(name, value) != value for name, value in mine.items())
    one, other = (f"{parts.path} {parts.query}" for parts in (here, there))
    if any(marks(one) & marks(other) for marks in (_numbers, _words)):
        return False
    return any(marks(here.path) and marks(there.path) for marks in (_numbers, _words))


def _parameters(parts: SplitResult) -> dict[str, str]:
    """The parameters that may tell one article from another."""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    found = {name: value for name, value in pairs if not _PRESENTATION.fullmatch(name)}
    return found | ({"#": parts.fragment} if parts.fragment else {})


def _plain(path: str) -> str:
    return _EXTENSION.sub("", unquote(path))


def _numbers(path: str) -> set[str]:
    """Numbers of four digits or more, those of dates excepted."""
    return {n for n in _DIGITS.findall(_DATE.sub(" ", _plain(path))) if not _YEAR.fullmatch(n)}


def _words(path: str) -> set[str]:
    """The words of segments that are titles, small ones left out."""
    found: set[str] = set()
    for segment in re.split(r"[/ ]", _plain(path)):
        words = re.findall(r"[^\W\d_]+", segment.casefold())
        if len(words) >= 3:
            found |= {word for word in words if len(word) >= 4}
    return found
