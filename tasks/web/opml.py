"""OPML, the lists of subscriptions that feed readers exchange: to sources, and from them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from pydantic import HttpUrl, TypeAdapter, ValidationError

from tasks.files.streams import one_line
from tasks.web.source import Address, Source, distinct, same

_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


class NotOpml(Exception):
    """A document that is no OPML; the message is one line, ``LINE: what is wrong``."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One outline with a feed; ``tags`` are the folders around it, from the outermost, and its categories."""

    feed: str
    title: str
    site: str | None
    language: str | None
    tags: tuple[str, ...]


def read(data: bytes) -> list[Subscription]:
    """The feeds of an OPML document in its order, from outlines at any depth.

    Raises NotOpml where it is malformed, has another root, or declares entities: none is ever expanded.
    """
    parser = expat.ParserCreate()
    open_: list[str] = []  # names of the folders around; "" for what else is open
    found: list[Subscription] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not open_ and name.lower() != "opml":
            raise NotOpml(f"{parser.CurrentLineNumber}: <{name[:40]}> where <opml> should be")
        given = {key.lower(): one_line(value, 2000) for key, value in attributes.items()}
        title = given.get("title") or given.get("text") or ""
        feed = given.get("xmlurl")
        open_.append(title if name.lower() == "outline" and not feed else "")
        if feed:
            categories = re.split(r"[,/]", given.get("category", ""))
            tags = dict.fromkeys(tag.strip() for tag in (*open_, *categories) if tag.strip())
            site, language = given.get("htmlurl") or None, given.get("language") or None
            found.append(Subscription(feed, title, site, language, tuple(tags)))

    def end(name: str) -> None:
        open_.pop()

    def entity(*declared: object) -> None:
        raise NotOpml(f"{parser.CurrentLineNumber}: declares an entity")

    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NotOpml(f"{error.lineno}: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError) as error:  # of the encoding that it declares
        raise NotOpml(f"1: {error}") from None
    return found


def sources(subscriptions: Iterable[Subscription]) -> tuple[list[Source], list[str]]:
    """One source for each host of a site, with all its feeds; and a line for each feed that no source can name.

    A source is called as its feeds are where all have one title, otherwise as its host.
    """
    hosts: dict[str, list[Subscription]] = defaultdict(list)
    first_host: dict[str, str] = {}  # of each feed: no two sources may have it
    refused = []
    for subscription in subscriptions:
        try:
            _ADDRESS.validate_python(subscription.feed)
        except ValidationError as error:
            why = error.errors()[0]["msg"].removeprefix("Value error, ")
            refused.append(f"{one_line(subscription.feed)}: {why}")
            continue
        host = host_of(subscription.site or "") or host_of(subscription.feed)
        hosts[first_host.setdefault(same(subscription.feed), host)].append(subscription)
    return [_source(host, of) for host, of in hosts.items()], refused


def _source(host: str, subscriptions: list[Subscription]) -> Source:
    titles = {s.title for s in subscriptions if s.title}
    languages = {s.language.lower().split("-")[0] for s in subscriptions if s.language}
    language = languages.pop() if len(languages) == 1 else ""
    sites = [s.site for s in subscriptions if s.site and host_of(s.site)]
    return Source(
        id=id_of(host),
        name=titles.pop() if len(titles) == 1 else host,
        site=sites[0] if sites else None,
        language=language if re.fullmatch("[a-z]{2,3}", language) else None,
        tags=tuple(dict.fromkeys(tag for s in subscriptions for tag in s.tags)),
        feeds=distinct(s.feed for s in subscriptions),
    )


def host_of(address: str) -> str:
    """Host of a web address, in ASCII, with its port unless that is usual, without ``www.``; "" where it is none."""
    try:
        url = HttpUrl(_ADDRESS.validate_python(address))
    except ValidationError:
        return ""
    port = "" if url.port in {80, 443} else f":{url.port}"
    return f"{url.host}{port}".removeprefix("www.")


def id_of(host: str) -> str:
    """The id of a source at this host: shorepost.example becomes shorepost-example."""
    return re.sub(r"[^a-z0-9_]+", "-", host).strip("-_")[:64]


def write(of: Iterable[Source]) -> bytes:
    """An OPML 2.0 document with every feed of the sources, in UTF-8."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "newslake"
    body = ElementTree.SubElement(root, "body")
    for source in of:
        for feed in source.feeds:
            given = {"type": "rss", "text": source.name, "title": source.name, "xmlUrl": feed}
            given |= {"htmlUrl": source.site} if source.site else {}
            given |= {"language": source.language} if source.language else {}
            given |= {"category": ",".join(source.tags)} if source.tags else {}
            ElementTree.SubElement(body, "outline", given)
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
