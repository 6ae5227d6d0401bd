"""Which of a page's addresses is its own: (asked for, answered, rel=canonical, og:url) → chosen."""

import pytest

from tasks.article.canonical_choice import choose, led_away, one_publisher

S = "https://www.shorepost.example"
STORY = f"{S}/news/ostray-bridge-closed-40417"

CHOSEN = [
    # nothing declared
    (STORY, None, None, None, STORY),
    (STORY, STORY, None, None, STORY),
    (f"{STORY}?utm_source=rss", None, None, None, STORY),
    (None, None, None, None, None),
    # declared as it should be
    (STORY, STORY, STORY, STORY, STORY),
    (STORY, None, "/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, "ostray-bridge-closed-40417", None, STORY),
    (STORY, None, f"//{S[8:]}/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, "www.shorepost.example/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, None, STORY, STORY),
    (STORY, None, "", STORY, STORY),
    (f"{S}/news/40417", None, STORY, None, STORY),
    (f"{S}/?p=40417", None, STORY, None, STORY),
    (f"{S}/node/77", None, f"{S}/ferry", None, f"{S}/ferry"),
    (f"{S}/article.php?id=5", None, STORY, None, STORY),
    (f"{S}/old/ostray-bridge-shut", None, STORY, None, STORY),
    ("https://shorepost.example/news/ostray-bridge-closed-40417", None, STORY, None, STORY),
    (None, None, STORY, None, STORY),
    # variants of the page
    (f"{STORY}?page=2", None, STORY, None, STORY),
    (f"{STORY}/2", None, STORY, None, STORY),
    (f"{S}/ferry/page/2", None, f"{S}/ferry", None, f"{S}/ferry"),
    (f"{S}/ferry?print=1", None, f"{S}/ferry", None, f"{S}/ferry"),
    (f"{S}/ferry/amp", None, f"{S}/ferry", None, f"{S}/ferry"),
    (f"{S}/ferry/index.html", None, f"{S}/ferry/", None, f"{S}/ferry/"),
    (f"{STORY}/comments", None, STORY, None, STORY),
    (f"{STORY}?amp=1", None, STORY, None, STORY),
    (f"{S}/amp/news/ostray-bridge-closed-40417", None, STORY, None, STORY),
    ("https://amp.shorepost.example/news/40417", None, STORY, None, STORY),
    ("https://m.shorepost.example/news/ostray-bridge-closed-40417", None, STORY, None, STORY),
    ("https://www.google.com/amp/s/m.shorepost.example/40417", None, STORY, None, STORY),
    ("https://shorepost-example.cdn.ampproject.org/c/s/shorepost.example/40417", None, STORY, None, STORY),
    ("https://web.archive.org/web/20240503/https://www.shorepost.example/40417", None, STORY, None, STORY),
    # scheme and tracking
    (STORY, None, STORY.replace("https:", "http:"), None, STORY),
    (STORY.replace("https:", "http:"), None, STORY, None, STORY),
    (STORY, None, None, f"{STORY}?utm_source=facebook&fbclid=1", STORY),
    (STORY, None, f"{STORY}#main", None, STORY),
    # the front page, a section, an error page
    (STORY, None, f"{S}/", None, STORY),
    (STORY, None, S, f"{S}/index.php", STORY),
    (STORY, None, "/", STORY, STORY),
    (f"{S}/ferry", None, f"{S}/home", None, f"{S}/ferry"),
    (STORY, None, f"{S}/news/", None, STORY),
    (STORY, None, f"{S}/politics", None, STORY),
    (f"{S}/news/ferry", None, f"{S}/news", None, f"{S}/news/ferry"),
    (f"{S}/2026/03/20/ferry", None, f"{S}/2026/03/20/", None, f"{S}/2026/03/20/ferry"),
    (STORY, None, f"{S}/404.html", STORY, STORY),
    (f"{S}/?p=40417", None, f"{S}/", None, f"{S}/?p=40417"),
    (None, None, f"{S}/", None, None),
    (None, None, f"{S}/", STORY, STORY),
    # the parameter that tells articles apart
    (f"{S}/article.php?id=5", None, f"{S}/article.php", None, f"{S}/article.php?id=5"),
    (f"{S}/article.php?id=5", None, f"{S}/article.php?id=6", None, f"{S}/article.php?id=5"),
    (f"{S}/article.php?id=5&page=2", None, f"{S}/article.php?id=5", None, f"{S}/article.php?id=5"),
    (f"{S}/#!/ferry", None, f"{S}/", None, f"{S}/#!/ferry"),
    (f"{STORY}?track=9", None, STORY, None, STORY),
    # one for all pages, and another article's
    (STORY, None, f"{S}/news/harbour-gets-new-crane-40522", None, STORY),
    (f"{S}/news/40417", None, f"{S}/news/40522", None, f"{S}/news/40417"),
    (f"{S}/ferry-back-in-service", None, f"{S}/museum-opens-late-tonight", STORY, f"{S}/ferry-back-in-service"),
    # another site
    (STORY, None, "https://wire.example/ostray-bridge-closed", None, STORY),
    (STORY, None, "https://wire.example/ostray-bridge-closed", STORY, STORY),
    ("https://www.bay.co.uk/news/40417", None, "https://www.cove.co.uk/news/40417", None, "https://www.bay.co.uk/news/40417"),
    ("https://www.bay.co.uk/news/40417", None, "https://www.bay.com/news/40417", None, "https://www.bay.com/news/40417"),
    # hosts that readers cannot reach, and malformed addresses
    (STORY, None, "http://localhost:3000/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, "https://staging.shorepost.example/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, "https://www-test2.shorepost.example/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, "http://10.0.0.7/news/40417", None, STORY),
    ("http://127.0.0.1:8000/a", None, "http://127.0.0.1:8000/b", None, "http://127.0.0.1:8000/b"),
    ("http://127.0.0.1:8000/a", None, "http://127.0.0.1:8001/a", None, "http://127.0.0.1:8000/a"),
    (STORY, None, "https://m.shorepost.example/news/ostray-bridge-closed-40417", None, STORY),
    (STORY, None, "http://[::1/x", None, STORY),
    (STORY, None, "javascript:void(0)", None, STORY),
    (STORY, None, "https://https://www.shorepost.example/x", None, STORY),
    (None, None, "/news/ostray-bridge-closed-40417", None, None),
    # redirects
    (f"{S}/40417", STORY, None, None, STORY),
    (f"{S}/40417", STORY, STORY, None, STORY),
    ("https://sho.rt/3xYz", f"{STORY}?utm_source=x", None, None, STORY),
    ("https://feeds.proxy.example/~r/shore/~3/40417", f"{S}/ferry", None, None, f"{S}/ferry"),
    (STORY, f"{S}/", None, None, STORY),
    (STORY, f"{S}/", f"{S}/", f"{S}/", STORY),
    (STORY, f"{S}/news", f"{S}/news", None, STORY),
    (STORY, f"{S}/politics", f"{S}/politics", None, STORY),
    (STORY, f"{S}/login?next=/news/ostray-bridge-closed-40417", None, None, STORY),
    (STORY, f"https://consent.example/?to={STORY}", "https://consent.example/", None, STORY),
    (STORY, f"{S}/news/ostray-bridge-shut-40417", None, None, f"{S}/news/ostray-bridge-shut-40417"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "final", "rel", "og", "chosen"), CHOSEN)
def test_choose(
    asked: str | None, final: str | None, rel: str | None, og: str | None, chosen: str | None
) -> None:
    assert choose(asked, final, [link for link in (rel, og) if link is not None]) == chosen


@pytest.mark.parametrize(("asked", "final", "rel", "og", "chosen"), CHOSEN)
def test_what_was_chosen_would_be_chosen_again(
    asked: str | None, final: str | None, rel: str | None, og: str | None, chosen: str | None
) -> None:
    """A page that is fetched from the address that it was found to have, keeps it."""
    if chosen and not (final and led_away(asked, final)):
        assert choose(chosen, None, [link for link in (rel, og) if link]) in (
            chosen,
            choose(chosen, None, []),
        )


@pytest.mark.parametrize(
    ("asked", "final", "away"),
    [
        (STORY, None, False),
        (None, STORY, False),
        (STORY, f"{STORY}?origin=/news/ostray-bridge-closed-40417", False),
        (STORY, f"{S}/region/ostray-bridge-shut", False),
        (f"{S}/", f"{S}/index.html", False),
        (STORY, S, True),
        (STORY, f"{S}/news/", True),
        (STORY, f"{S}/404", True),
        (STORY, "https://portal.example/", True),
        (STORY, f"https://login.example/?back={STORY}", True),
    ],
)
def test_led_away(asked: str | None, final: str | None, away: bool) -> None:
    assert led_away(asked, final) is away


def test_nothing_like_an_address_is_fatal() -> None:
    for odd in ("", "::", "http://[", "https://a\x00b/", "//", "\ud800", "http://ü\u2024.example/%"):
        assert choose(STORY, odd, [odd]) == STORY
        assert choose(odd, None, [STORY]) == STORY
        assert not led_away(odd, STORY)


def test_publishers() -> None:
    assert one_publisher("https://www.bay.co.uk/a", "https://news.bay.com/b")
    assert not one_publisher("https://www.bay.co.uk/a", "https://www.cove.co.uk/a")
    assert not one_publisher("https://www.bay.co.uk/a", None)
    assert not one_publisher("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/a")
    assert not one_publisher("http://[::1]:8000/a", "http://[::2]:8000/a")
