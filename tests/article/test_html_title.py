"""A page's headline without the site around it; the standfirst only where it is set apart."""

from __future__ import annotations

import pytest

from tasks.article import html_title
from tasks.article.html_site import site
from tasks.article.model import Found
from tasks.article.page import read

TITLE = "Second bridge over the Luma to open next spring"
BODY = (
    "<p>"
    + "The second bridge over the river could open before the end of spring, an engineer said. " * 3
    + "</p>"
)
URL = "https://www.calder-courier.example/news/bridge"
SITE = '<meta property="og:site_name" content="The Calder Courier"><meta property="article:section" content="Valley">'
NEWS = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s"}</script>'


def found(head: str, body: str) -> Found[str]:
    page = read(f"<html><head>{head}</head><body>{body}{BODY}</body></html>")
    start = next(i for i, block in enumerate(page.blocks) if len(block.text) > 200)
    return html_title.title(page, start, site(page, URL))


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE} | The Calder Courier",
        f"{TITLE} - The Calder Courier",
        f"{TITLE} – Valley – The Calder Courier",
        f"{TITLE} | Calder Courier",
        f"{TITLE} — calder-courier.example",
        f"The Calder Courier | {TITLE}",
        f"{TITLE.replace(' Luma', ' &amp;quot;Luma&amp;quot;')} | The Calder Courier",
        f"{TITLE}&nbsp;| The Calder Courier",
    ],
)
def test_the_site_is_cut_from_the_title(written: str) -> None:
    expected = TITLE.replace("Luma", '"Luma"') if "quot" in written else TITLE
    assert found(f"{SITE}<title>{written}</title>", "").value == expected


@pytest.mark.parametrize(
    "title",
    [
        "Luma - a river and its bridges",
        "Bridge, ferry | what next for the valley",
        "Interview: 'The river – our river – will stay'",
    ],
)
def test_a_dash_within_the_title_stays(title: str) -> None:
    assert found(f"{SITE}<title>{title} | The Calder Courier</title>", "").value == title


def test_a_part_that_stands_alone_elsewhere_is_the_title() -> None:
    assert found(f"<title>{TITLE} * Unknown Words * by Jane Doe</title>", f"<h1>{TITLE}</h1>").value == TITLE
    line = f"<div class=headline>{TITLE}</div>"
    assert found(f'<meta property="og:title" content="{TITLE}-Valleyㅣ호수신문">', line).value == TITLE


def test_a_kicker_is_not_taken_for_the_title() -> None:
    title = f"Floods : {TITLE}"
    assert found(f"<title>{title}</title>", f"<div>Floods</div><h1>{title}</h1>").value == title


def test_the_heading_is_the_one_that_the_other_titles_agree_with() -> None:
    body = f"<h1>The Calder Courier</h1><h1></h1><h1>{TITLE}, says engineer</h1><h1>Most read</h1>"
    one = found(f"{SITE}<title>{TITLE} | The Calder Courier</title>", body)
    assert (one.value, one.signal) == (f"{TITLE}, says engineer", "h1")
    assert {c.value: c.rejected for c in one.candidates}["The Calder Courier"] == "site_name"
    assert {c.value: c.rejected for c in one.candidates}["Most read"] == "not_agreed"


def test_without_a_heading_of_its_own_the_page_is_called_what_it_states() -> None:
    head = f'<title>Courier</title><meta property="og:title" content="{TITLE}">'
    one = found(SITE + head, "<h1>{{ headline }}</h1>")
    assert (one.value, one.signal) == (TITLE, "meta:og:title")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        # <title> repeats the heading, og:title was written on purpose
        (
            f'<title>{TITLE}</title><meta property="og:title" content="Spring for the Luma">',
            "Spring for the Luma",
        ),
        # <title> and og:title are one: written for search engines
        ('<title>Luma bridge</title><meta property="og:title" content="Luma bridge">', TITLE),
        # a quotation mark ended the attribute
        (f'<title>{TITLE}: "soon"</title><meta property="og:title" content="{TITLE}:">', f'{TITLE}: "soon"'),
    ],
)
def test_the_title_that_news_is_shared_under(head: str, expected: str) -> None:
    heading = expected if expected.startswith(TITLE) else TITLE
    news = NEWS % TITLE
    assert found(head + news, f"<h1>{heading}</h1>").value == expected


def test_two_of_a_newsrooms_titles_win_over_the_heading() -> None:
    head = (NEWS % f"Valley: {TITLE}") + f'<meta property="og:title" content="Valley: {TITLE}">'
    assert found(head, f"<h1>{TITLE}</h1>").value == f"Valley: {TITLE}"


def test_nothing_is_called_nothing() -> None:
    one = found("", "<h2>A section</h2>")
    assert (one.value, one.reason) == (None, "not_stated")


LEAD = "An engineer expects that the crossing will be ready before the summer."


@pytest.mark.parametrize(
    ("below", "signal"),
    [
        (f"<p class='article-standfirst'>{LEAD}</p>", "markup:standfirst"),
        (f"<div class=subtitle><p>{LEAD}</p></div>", "markup:standfirst"),
        (f"<h2>{LEAD}</h2>", "markup:h2"),
        (f"<p>{LEAD}</p>", None),
        (f"<h2>{TITLE} at last</h2>", None),
        ("<p class=standfirst>By Jane Doe, Staff writer</p>", None),
        ("<p class=standfirst>Published on 3 May 2024, 10:00</p>", None),
    ],
)
def test_a_standfirst_is_set_apart(below: str, signal: str | None) -> None:
    page = read(f"<title>{TITLE}</title><h1>{TITLE}</h1>{below}{BODY}")
    start = next(i for i, block in enumerate(page.blocks) if len(block.text) > 200)
    one = html_title.subtitle(page, html_title.title(page, start), start)
    assert (one.value, one.signal) == (LEAD if signal else None, signal)


def test_a_paragraph_above_the_text_that_describes_the_page_is_its_standfirst() -> None:
    head = f'<title>{TITLE}</title><meta name="description" content="{LEAD}">'
    page = read(f"{head}<h1>{TITLE}</h1><p>{LEAD}</p>{BODY}")
    title = html_title.title(page, 2)
    assert html_title.subtitle(page, title, 2).value == LEAD
    assert html_title.subtitle(page, title, 1).value is None  # it is the text's first paragraph
