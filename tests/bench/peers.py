"""One extractor as a process: ``python -m tests.bench.peers NAME CORE``, or ``versions``.

It is pinned to a core and reads a JSON object {"html", "text" or "texts", "url"} a line; it answers each with
{"seconds" of CPU, "body", "title", "authors", "date"}, of what it finds. Imports nothing but the extractor that is
asked for: ours lives in one environment, the peers in another.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

Answer = dict[str, Any]
Read = Callable[[Any, str | None], Answer]

DISTRIBUTIONS = ("trafilatura", "resiliparse", "readability-lxml", "newspaper4k", "htmldate")


def newslake() -> Read:
    """Everything: what ``newslake extract`` runs."""
    from tasks.article.extract import extract

    def read(document: str, url: str | None) -> Answer:
        article = extract(document.encode("utf-8", "replace"), media="html", charset="utf-8", url=url)
        found = {"body": article.text, "title": article.title, "authors": article.authors}
        return {**found, "date": article.published_at}

    return read


def newslake_body() -> Read:
    """The body of a page alone."""
    from tasks.article.html_body import find
    from tasks.article.page import read as parse

    return lambda document, url: {"body": find(parse(document)).text}


def newslake_text() -> Read:
    """Everything, of a plain text."""
    from tasks.article.extract import extract

    def read(document: str, url: str | None) -> Answer:
        return {"body": extract(document.encode("utf-8", "replace"), media="text", charset="utf-8").text}

    return read


def newslake_clean() -> Read:
    """The body of a plain text alone."""
    from tasks.article.clean import clean
    from tasks.article.normalise import normalise

    return lambda document, url: {"body": clean(normalise(document)).body}


def newslake_clean_many() -> Read:
    """The bodies of many plain texts at once."""
    from tasks.article.clean import clean_many
    from tasks.article.normalise import normalise

    return lambda documents, url: {
        "bodies": [found.body for found in clean_many([*map(normalise, documents)])]
    }


def words() -> Read:
    """The yardstick for texts: finding the words of one."""
    find = re.compile(r"\w+").findall
    return lambda document, url: {"count": len(find(document))}


def trafilatura(**options: Any) -> Read:
    from trafilatura import extract

    return lambda document, url: {"body": extract(document, url=url, include_comments=False, **options)}


def trafilatura_fields() -> Read:
    from trafilatura import bare_extraction

    def read(document: str, url: str | None) -> Answer:
        found = bare_extraction(document, url=url, include_comments=False, with_metadata=True)
        if found is None:
            return {}
        authors = [name.strip() for name in (found.author or "").split(";")]
        return {"body": found.text, "title": found.title, "authors": authors, "date": found.date}

    return read


def resiliparse() -> Read:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda document, url: {"body": extract_plain_text(document, main_content=True, alt_texts=False)}


def readability() -> Read:
    from lxml import html
    from readability import Document

    def read(document: str, url: str | None) -> Answer:
        found = Document(document)
        return {"body": html.fromstring(found.summary()).text_content(), "title": found.short_title()}

    return read


def newspaper4k() -> Read:
    from newspaper import Article

    def read(document: str, url: str | None) -> Answer:
        article = Article(url or "https://paper.example/", fetch_images=False)
        article.download(input_html=document)
        article.parse()
        date = article.publish_date
        found = {"body": article.text, "title": article.title, "authors": article.authors}
        return {**found, "date": date.isoformat() if date else None}

    return read


def htmldate() -> Read:
    from htmldate import find_date

    return lambda document, url: {"date": find_date(document, url=url, original_date=True)}


READERS: dict[str, Callable[[], Read]] = {
    "newslake": newslake,
    "newslake, body alone": newslake_body,
    "newslake, texts": newslake_text,
    "newslake, clean alone": newslake_clean,
    "newslake, clean_many": newslake_clean_many,
    "words": words,
    "trafilatura": trafilatura,
    "trafilatura fast": lambda: trafilatura(fast=True),
    "trafilatura favor_precision": lambda: trafilatura(favor_precision=True),
    "trafilatura with metadata": trafilatura_fields,
    "resiliparse": resiliparse,
    "readability-lxml": readability,
    "newspaper4k": newspaper4k,
    "htmldate": htmldate,
}


def timed(read: Read, document: str | list[str], url: str | None) -> Answer:
    started = time.process_time()
    try:
        found = read(document, url)
    except Exception as error:  # a peer that fails on a page has found nothing there
        found = {"failed": repr(error)[:200]}
    return {**found, "seconds": time.process_time() - started}


def main(name: str, core: int) -> None:
    with contextlib.suppress(AttributeError, OSError):  # not on macOS
        os.sched_setaffinity(0, {core})
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # some print
    read = READERS[name]()
    for line in sys.stdin:
        row = json.loads(line)
        found = timed(read, row.get("html") or row.get("text") or row.get("texts") or "", row.get("url"))
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["versions"]:
        print(json.dumps({name: version(name) for name in DISTRIBUTIONS}))
    else:
        main(sys.argv[1], int(sys.argv[2]))
