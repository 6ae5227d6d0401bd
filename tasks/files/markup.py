"""HTML told from text by its first bytes."""

from __future__ import annotations

import re

# The tags by which browsers tell HTML (WHATWG MIME Sniffing), and those that start a fragment of a page.
_HTML = re.compile(
    rb"""\s*<(?:!--|!doctype\s+html\b|(?:
    html|head|body|script|iframe|h[1-6]|div|table|style|title|p|article|main|section|header|footer|nav|aside|
    figure|meta|link|base|ul|ol|dl|blockquote|center|form)(?=[\s/>]))""",
    re.IGNORECASE | re.VERBOSE,
)
# One of these may also stand alone at the head of a text: a tracking pixel that a crawler left in.
_INLINE = re.compile(
    rb"\s*<(?:font|a|b|br|noscript|span|img|em|strong|i|picture|video)(?=[\s/>])", re.IGNORECASE
)
_XML = re.compile(rb"\s*<(?:\?xml\b|(?:rss|feed|urlset|sitemapindex|rdf:RDF|svg|nitf|newsItem)[\s>])")
_ROOT = re.compile(rb"^[ \t]*<(?:!doctype\s+html\b|html[\s>])", re.IGNORECASE | re.MULTILINE)
_INSIDE = re.compile(rb"<(?:head|body|meta|title)\b", re.IGNORECASE)
_NEAR = 1024  # how far into a file a page may start (behind stray lines of a server or a crawler)


def starts_as_html(head: bytes) -> bool:
    """Whether a document that starts so is an HTML page or a fragment of one. No byte order mark in front."""
    return _HTML.match(head) is not None or (_INLINE.match(head) is not None and b"</" in head)


def starts_as_xml(head: bytes) -> bool:
    """Whether it is XML of any kind, pages written as XML among them."""
    return _XML.match(head) is not None


def holds_html(head: bytes) -> bool:
    """Whether a page starts not far behind the start of the document."""
    near = head[:_NEAR]
    if b"<" not in near or _ROOT.search(near) is None:
        return False
    return _INSIDE.search(head) is not None or starts_as_xml(head)
