"""Every fault that the demo newsroom can commit ends in the outcome it should, in time, and in little memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.article.extract import extract
from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.listing import Malformed, parse
from tasks.web.model import Listing, Request, Response
from tests.newsroom import Room, newsroom

TOTAL = 4.0  # seconds, the deadline of one attempt; a busy machine needs two for what should succeed
MAX_BYTES = 2 << 20
MEMORY = 100  # MiB that all faults at once may cost; the bomb holds 1,024, and the endless body as many as it is let
# A page that is an article, and is read as one.
ARTICLES = (
    "etag-changes etag-stays gzip-twice charset-wrong charset-unknown utf-16 type-missing cookies-many"
    " redirect-relative rate-once unavailable-once cookie-wall length-too-short length-and-chunks headers-contradict"
    " header-control feed-html"
).split()
# Read, and no article: what an image or a wall is, is not the client's to say.
READ = (
    "gzip-invalid gzip-undeclared nesting binary-as-html image image-as-html pdf paywall-stub soft-404 bot-wall"
    " feed-malformed feed-entity-bomb feed-external-dtd feed-external-entity"
).split()
REFUSED = {
    Outcome.EMPTY: "empty no-content",
    Outcome.TOO_LARGE: "endless",
    Outcome.BOMB: "gzip-bomb",
    Outcome.ADDRESS: "redirect-file redirect-script",
    Outcome.NOT_FOUND: "not-found",
    Outcome.GONE: "gone",
    Outcome.DENIED: "forbidden payment",
    Outcome.CLIENT_ERROR: "unasked-304 redirect-nowhere teapot status-impossible",
    Outcome.SERVER_ERROR: "error-500 status-odd",
    Outcome.UNREACHABLE: "redirect-loopback",
    Outcome.TIMEOUT: "drip hang hang-in-headers headers-drip continue-for-ever",
    Outcome.BROKEN: "gzip-cut encoding-unknown header-huge length-too-long length-garbage length-twice reset-mid-body"
    " close-at-once reset-at-once headers-endless chunk-broken chunk-garbage status-garbage",
    Outcome.REDIRECT_LOOP: "redirect-self redirect-loop redirect-chain redirect-empty redirect-garbage",
    Outcome.DEFERRED: "rate-seconds rate-date",
}
OUTCOMES = dict.fromkeys([*ARTICLES, *READ], Outcome.READ) | {
    name: outcome for outcome, names in REFUSED.items() for name in names.split()
}


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with newsroom() as room:
        yield room


@pytest.fixture(scope="module")
def fetched(room: Room) -> tuple[dict[str, Response], dict[str, float], int]:
    """Each fault's response and seconds, and the MiB that memory grew by at its highest."""
    process = Path("/proc/self")
    (process / "clear_refs").write_text("5")  # forget the highest so far
    before = _kib(process, "VmRSS")
    responses, seconds = asyncio.run(_fetched(room))
    return responses, seconds, (_kib(process, "VmHWM") - before) >> 10


def _kib(process: Path, name: str) -> int:
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


async def _fetched(room: Room) -> tuple[dict[str, Response], dict[str, float]]:
    options = Options(
        "newslake-tests/1 (+https://newslake.example)",
        connect=3, read=3, total=TOTAL, attempts=2, backoff=0.05, wait=1.5, concurrency=24,
    )  # fmt: skip
    responses, seconds = {}, {}
    async with Client(options) as client:

        async def fetch(name: str, url: str) -> None:
            began = time.monotonic()
            request = Request(url, allow_private=True, obey_robots=False, delay=0, max_bytes=MAX_BYTES)
            responses[name] = await client.fetch(request)
            seconds[name] = time.monotonic() - began

        await asyncio.gather(*(fetch(name, url) for name, url in room.faults()))
    return responses, seconds


def test_every_fault_has_an_expectation(room: Room) -> None:
    assert sorted(OUTCOMES) == sorted(name for name, _ in room.faults())


@pytest.mark.parametrize("name", OUTCOMES)
def test_fault_ends_in_its_outcome(fetched: tuple[dict[str, Response], object, object], name: str) -> None:
    response = fetched[0][name]
    assert response.outcome is OUTCOMES[name], response.error
    assert (response.body is None) == (response.outcome is not Outcome.READ)
    assert response.body or (response.error and response.error.isprintable())
    assert all(value.isprintable() for value in response.headers.values())


def test_nothing_outlives_its_deadline_nor_fills_the_memory(
    fetched: tuple[object, dict[str, float], int],
) -> None:
    _, seconds, grown = fetched
    slowest = max(seconds, key=lambda name: seconds[name])
    assert seconds[slowest] < 2 * TOTAL + 2, slowest  # two attempts at most, and a machine that is busy
    assert grown < MEMORY


@pytest.mark.parametrize("name", ARTICLES)
def test_article_is_read_all_the_same(fetched: tuple[dict[str, Response], object, object], name: str) -> None:
    response = fetched[0][name]
    assert response.body
    article = extract(response.body, media="html", url=response.final_url, charset=response.charset)
    assert article.title and "�" not in article.text and "â€" not in article.text
    assert len(article.quotes) >= 3


@pytest.mark.parametrize("name", ["paywall-stub", "soft-404", "bot-wall", "nesting", "gzip-invalid"])
def test_wall_is_no_article(fetched: tuple[dict[str, Response], object, object], name: str) -> None:
    body = fetched[0][name].body
    assert body and extract(body, media="html").text == ""


def test_feeds_that_attack_the_parser_do_nothing(
    room: Room, fetched: tuple[dict[str, Response], object, object]
) -> None:
    with pytest.raises(Malformed):
        _list(fetched[0]["feed-html"])
    assert _list(fetched[0]["feed-malformed"]).entries == ()  # it breaks off before the first address
    for name in ("feed-entity-bomb", "feed-external-dtd", "feed-external-entity"):
        listing = _list(fetched[0][name])
        assert len(listing.entries) == 1
        assert len(listing.entries[0].title or "") < 100
        assert Path("/etc/hostname").read_text().strip() not in (listing.entries[0].title or "")
    assert not [entry for entry in room.log() if entry.target.startswith("/fault/dtd/")]


def _list(response: Response) -> Listing:
    assert response.body and response.final_url
    return parse(response.body, url=response.final_url, kind="feed", charset=response.charset)


def test_validators_that_lie(room: Room) -> None:
    """The one says that all is as it was, and is not to be believed; the other that all is new."""

    async def twice(name: str) -> tuple[Response, Response]:
        url = dict(room.faults())[name].removesuffix("0") + "7"
        async with Client(Options("newslake-tests/1 (+https://newslake.example)", total=TOTAL)) as client:
            first = await client.fetch(Request(url, allow_private=True, obey_robots=False, delay=0))
            again = Request(url, first.headers["etag"], allow_private=True, obey_robots=False, delay=0)
            return first, await client.fetch(again)

    first, second = asyncio.run(twice("etag-changes"))
    assert first.body == second.body and first.headers["etag"] != second.headers["etag"]
    first, second = asyncio.run(twice("etag-stays"))
    assert (first.outcome, second.outcome) == (Outcome.READ, Outcome.UNCHANGED)
