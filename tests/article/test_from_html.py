"""Pages: what belongs to the header is a field and no part of the text; what is no article has no text."""

from __future__ import annotations

import pytest

from tasks.article.from_html import from_html

PARAGRAPHS = (
    "The old weir above Tarn Hollow was opened for the first time in thirty years on Monday, and by noon "
    "the water had found its former bed again, two fields further to the east than anyone remembered.",
    "Farmers had been asked to move their fences before the opening, and most had done so; one fence went "
    "down the river with a scarecrow still tied to it, to the delight of the school children.",
    "“We let the river choose, and it chose the cabbages,” said Ilse Brandner, who looks after the weir "
    "and had spent the winter greasing its wheels with a broom and a bucket of lard.",
    "The weir will stay open until the first frost, after which the town council is to decide whether the "
    "new course of the river may be kept, and who is going to pay for the cabbages.",
)
TITLE = "River finds its old bed after weir is opened"
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def page(header: str, body: str = BODY, meta: str = "") -> str:
    return (
        f'<html><head><title>{TITLE}</title><meta property="og:title" content="{TITLE}">{meta}</head>'
        f"<body><article><header>{header}</header><div>{body}</div></article></body></html>"
    )


@pytest.mark.parametrize(
    ("below", "meta"),
    [
        ("<h2>Two fields and a fence are gone, and the cabbages too.</h2>", ""),
        ('<p class="standfirst">Two fields and a fence are gone, and the cabbages too.</p>', ""),
        (
            '<div class="article__sub-headline">Two fields and a fence are gone, and the cabbages too.</div>',
            "",
        ),
        (
            "<p>Two fields and a fence are gone, and the cabbages too.</p><div>By Pia Holm</div>",
            '<meta property="og:description" content="Two fields and a fence are gone, and the cabbages too.">',
        ),
    ],
)
def test_standfirst_is_the_subtitle_and_no_part_of_the_text(below: str, meta: str) -> None:
    found = from_html(page(f"<h1>{TITLE}</h1>{below}", meta=meta)).article
    assert found.title == TITLE
    assert found.subtitle == "Two fields and a fence are gone, and the cabbages too."
    assert found.text == "\n\n".join(PARAGRAPHS)


def test_description_that_repeats_the_first_paragraph_leaves_it_in_the_text() -> None:
    meta = f'<meta name="description" content="{PARAGRAPHS[0]}">'
    found = from_html(page(f"<h1>{TITLE}</h1>", meta=meta)).article
    assert found.subtitle is None
    assert found.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "header",
    [
        f"<p>On the water</p><h1>{TITLE}</h1><p>By Pia Holm</p>",
        f"<h1>{TITLE}</h1><p>By Pia Holm, Staff writer</p><p>3 May 2024, 9.15am</p>",
        f'<h1>{TITLE}</h1><p><a rel="author">Pia Holm</a></p>',
    ],
)
def test_lines_of_the_header_are_no_part_of_the_text(header: str) -> None:
    found = from_html(page(header)).article
    assert found.authors == ("Pia Holm",)
    assert found.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Page not found</h1><p>The page you are looking for was moved or deleted. Please check the address.</p>",
        "<h1>Seite nicht gefunden</h1><p>Die aufgerufene Seite gibt es nicht mehr, bitte nutzen Sie die Suche.</p>",
        "<p>Please enable JavaScript to continue. We are checking your browser before you can enter the site.</p>",
        "<nav><a href='/'>Home</a><a href='/news'>News</a><a href='/contact'>Contact</a></nav>",
        "<ul>"
        + "".join(
            f"<li><a href='/{n}'>Story {n} of the harbour, the mole and the gulls</a></li>" for n in range(9)
        )
        + "</ul>",
    ],
)
def test_page_without_an_article_has_no_text(body: str) -> None:
    found = from_html(f"<html><head><title>Calder</title></head><body>{body}</body></html>").article
    assert (found.text, found.field_errors["text"]) == ("", "no_article")


def test_addresses_and_dates_out_of_order_are_no_reason_to_fail() -> None:
    page = (
        '<html><head><meta property="article:published_time" content="2024-01-01T00:00:00+99:00">'
        '<link rel="canonical" href="http://[::1/x"></head><body><article><h1>Ferry cancelled</h1>'
        "<p>The evening ferry from Saltby to Marren was cancelled on Monday after a pump failed in the engine "
        "room, the company said in a statement.</p><p>Passengers were taken to the island by bus and by a fishing "
        "boat, which needed three journeys for the forty people who were waiting.</p></article></body></html>"
    )
    article = from_html(page, url="http://[broken/2024/05/06/x").article
    assert article.canonical_url is None
    assert article.text.startswith("The evening ferry")


def test_a_byline_and_a_date_above_the_text_are_no_part_of_it() -> None:
    header = f"<h1>{TITLE}</h1>"
    body = f"<p>By Pia Holm and Jan Ode</p><p>3 May 2024, 14:05</p>{BODY}"
    article = from_html(page(header, body)).article
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.authors == ("Pia Holm", "Jan Ode")
    assert article.published_at == "2024-05-03T14:05"
