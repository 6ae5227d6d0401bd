"""Authors of pages: people only, stated and shown signals weighed; agencies apart from them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tasks.article.html_fields import fields
from tasks.article.model import Found
from tasks.article.page import read

TITLE = "Second bridge over the Luma to open next spring"
TEXT = (
    "The second bridge over the river could open before the end of spring, an engineer told the assembly. "
    * 3
)
URL = "https://www.calder-courier.example/news/bridge"
SITE = '<meta property="og:site_name" content="The Calder Courier">'


def page(header: str = "", *, author: Any = None, head: str = "", footer: str = "") -> dict[str, Found[Any]]:
    """The fields of a page with lines between headline and text, a JSON-LD author, and lines below the text."""
    linked = {"@type": "NewsArticle", "headline": TITLE, "author": author} if author is not None else {}
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    html = f"<head>{SITE}{head}{script}<title>{TITLE}</title></head><h1>{TITLE}</h1>{header}<p>{TEXT}</p>{footer}"
    parsed = read(html)
    start = next(i for i, block in enumerate(parsed.blocks) if block.text == TEXT.strip())
    return fields(parsed, start, start + 1, URL)


def authors(*args: Any, **options: Any) -> tuple[str, ...]:
    return page(*args, **options)["authors"].value or ()


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "name": "Jane Doe"}, ("Jane Doe",)),
        (
            [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "Juan Peña"}],
            ("Jane Doe", "Juan Peña"),
        ),
        ("Jane Doe", ("Jane Doe",)),
        ({"@type": "Person", "name": ["Jane Doe", "John Roe"]}, ("Jane Doe", "John Roe")),
        (
            {"@type": "Person", "name": "Jane Doe, John Roe and Maria Weld"},
            ("Jane Doe", "John Roe", "Maria Weld"),
        ),
        ({"@type": "Person", "name": "Jane Doe, Senior Reporter"}, ("Jane Doe",)),
        ({"@type": "Person", "name": "Jane Doe | Valley Newsroom"}, ("Jane Doe",)),
        ({"@type": "Person", "name": "By Jane Doe"}, ("Jane Doe",)),
        ({"@type": "Person", "name": "Dr. Jane Doe, Ph.D."}, ("Jane Doe",)),
        ({"@type": "Person", "name": "Doe, Jane"}, ("Jane Doe",)),
        ({"@type": "Person", "givenName": "Jane", "familyName": "Doe"}, ("Jane Doe",)),
        ({"@type": "Person", "name": "jane doe"}, ("Jane Doe",)),
        ({"@type": "Person", "name": "JANE DOE"}, ("Jane Doe",)),
        ({"@type": "Person", "name": "Jane &amp; Cie"}, ()),
        ({"@type": "Person", "name": "Анна Ветрова"}, ("Анна Ветрова",)),
        ({"@type": "Person", "name": "山田 花子"}, ("山田 花子",)),
        ({"@type": "Person", "name": "김수진 기자"}, ("김수진",)),
        ({"@type": "Person", "name": "सीमा वर्मा"}, ("सीमा वर्मा",)),
    ],
)
def test_people_of_json_ld(author: Any, names: tuple[str, ...]) -> None:
    assert authors(author=author) == names


@pytest.mark.parametrize(
    "name",
    [
        "The Calder Courier", "Calder Courier", "calder-courier.example", "Courier Staff", "Sports Desk", "admin",
        "jdoe83", "jane.doe@calder-courier.example", "@janedoe", "https://calder-courier.example/jane", "Newsroom",
        "Editorial Team", "Agence France-Presse", "dpa", "3 May 2024", "海辺新聞", "Guest Author", "",
    ],
)  # fmt: skip
def test_others_are_no_authors(name: str) -> None:
    assert (
        authors(author={"@type": "Person", "name": name}, head=f'<meta name="author" content="{name}">') == ()
    )


def test_an_organisation_is_no_author_unless_it_has_a_given_name() -> None:
    assert authors(author={"@type": "Organization", "name": "Luma Bridges"}) == ()
    assert authors(author={"@type": "Organization", "name": "Jane Doe"}) == ("Jane Doe",)


def test_references_within_a_graph_are_followed() -> None:
    graph = {"@graph": [
        {"@type": "NewsArticle", "headline": TITLE, "author": {"@id": "#jane"}},
        {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
        {"@type": "Person", "@id": "#john", "name": "John Roe"},
    ]}  # fmt: skip
    assert authors(head=f'<script type="application/ld+json">{json.dumps(graph)}</script>') == ("Jane Doe",)


@pytest.mark.parametrize(
    "header",
    [
        "<p>By Jane Doe and John Roe</p>",
        "<p>By <a href=/a/1>Jane Doe</a> and <a href=/a/2>John Roe</a>, 3 May 2024</p>",
        "<div class=byline>By<span>Jane Doe</span>News Reporter<span>and</span><span>John Roe</span></div>",
        "<div class=byline><a>Jane Doe</a><span>Reporter</span></div><div class=byline><a>John Roe</a></div>",
        "<span>Written by</span><div>Jane Doe, John Roe</div>",
        "<p>By</p><p>Jane Doe &amp; John Roe</p><p>3 May 2024</p>",
        "<p>3 May 2024 · 4 min read · By Jane Doe and John Roe</p>",
        "<p>Von Jane Doe und John Roe</p>", "<p>Par Jane Doe et John Roe</p>", "<p>Por Jane Doe y John Roe</p>",
        "<p>di Jane Doe e John Roe</p>", "<p>Door Jane Doe en John Roe</p>", "<p>Av Jane Doe och John Roe</p>",
        "<p>Автор: Jane Doe, John Roe</p>", "<p>Yazan: Jane Doe ve John Roe</p>", "<p>作者：Jane Doe、John Roe</p>",
        "<p><a rel=author href=/x>Jane Doe</a>, <a rel=author href=/y>John Roe</a></p>",
        '<p><a href="https://calder-courier.example/authors/jane-doe">Jane Doe</a></p>'
        '<p><a href="/authors/john-roe">John Roe</a></p>',
        "<p itemprop=author>Jane <b>Doe</b></p><p itemprop=author>John <b>Roe</b></p>",
        "<p>Opinion by Jane Doe and John Roe</p>",
        "<p class=byline>By Jane Doe and John Roe</p><p class=byline>Data analysis by <b>Maria Weld</b></p>",
    ],
)  # fmt: skip
def test_people_of_a_byline(header: str) -> None:
    assert authors(header) == ("Jane Doe", "John Roe")


@pytest.mark.parametrize(
    "header",
    [
        "<p>Edited by Jane Doe</p>", "<p>Photo: Jane Doe</p>", "<p>Reviewed by <a rel=author>Jane Doe</a></p>",
        "<p>Mayor <a href=/topics/1>Jane Doe</a></p>",
        "<p>By the time the rain stopped, Jane Doe was gone</p>", "<div class=comment-author>Jane Doe</div>",
        "<div class=author>Staff Reporter</div>", "<div class=byline>The Calder Courier</div>",
        "<div class=author>Rate Story</div>", "<p>Fotos von Jane Doe</p>",
    ],
)  # fmt: skip
def test_others_around_the_headline_are_no_authors(header: str) -> None:
    assert authors(header) == ()


@pytest.mark.parametrize(
    "header",
    [
        "<div class=author-name>Thandolwenkosi Veldt</div>",
        '<p><a href="/profiles/thandolwenkosi-veldt-309">Thandolwenkosi Veldt</a>, Luma College</p>',
        "<p class=date-author>3 May 2024 · Thandolwenkosi Veldt for the river desk</p>",
        "<p>What the river does when the rain does not stop, writes THANDOLWENKOSI VELDT.</p>",
    ],
)
def test_markup_tells_a_person_whose_name_is_not_known(header: str) -> None:
    assert authors(header)[0].casefold() == "thandolwenkosi veldt"
    assert authors("<p>Thandolwenkosi Veldt</p>") == ()


def test_two_unknown_names_that_the_text_opens_with() -> None:
    names = "<p><b>Thandolwenkosi Veldt/Mohloai Mpesi</b></p>"
    parsed = read(f"<h1>{TITLE}</h1><p>{TEXT}</p>{names}<p>{TEXT}</p>")
    assert fields(parsed, 1, 4)["authors"].value == ("Thandolwenkosi Veldt", "Mohloai Mpesi")
    assert authors("<p>Climate Change/Public Health</p>") == ()


def test_a_standfirst_ends_with_whom_it_quotes() -> None:
    assert authors("<p>The rain will not stop before Friday, says Jane Doe.</p>") == ()
    parsed = read(f"<h1>{TITLE}</h1><p>The rain will stop, says JANE DOE.</p><p>{TEXT} Doe opened it.</p>")
    assert fields(parsed, 2, 3)["authors"].value is None


def test_a_given_name_alone_that_a_byline_links() -> None:
    byline = '<p class=meta>by <a href="/author/jane/">Jane</a> · 3 May 2024 at 3:00 am</p>'
    assert authors(byline) == ("Jane",)
    assert authors('<p class=meta>by <a href="/author/calder/">Calder</a> · 3 May 2024</p>') == ()


def test_a_byline_that_the_text_opens_with() -> None:
    deep = f"<p>{TEXT}</p>" * 4
    signed = page(f"{deep}<p class=author>by Jane Doe, Senior Director</p>")["authors"].value
    assert signed == ("Jane Doe",)
    plain = read(f"<h1>{TITLE}</h1>{deep}<p>Jane Doe, Senior Director</p><p>{TEXT}</p>{deep}")
    assert fields(plain, 1, 10)["authors"].value is None


def test_a_byline_names_more_people_than_json_ld() -> None:
    one = page(
        "<p class=byline>By Jane Doe, John Roe and Mohloai Mpesi</p>",
        author={"@type": "Person", "name": "Jane Doe"},
    )
    assert one["authors"].value == ("Jane Doe", "John Roe", "Mohloai Mpesi")


def test_a_byline_wins_over_whoever_is_logged_in() -> None:
    one = page("<p>By Jane Doe</p>", author={"@type": "Person", "name": "Tom Weld"})["authors"]
    assert (one.value, one.signal) == (("Jane Doe",), "text:byline:header")
    assert [(c.value, c.rejected) for c in one.candidates] == [
        ("Tom Weld", "weaker_signal"),
        ("Jane Doe", None),
    ]


def test_an_editor_is_no_author_though_json_ld_says_so() -> None:
    header = "<p>By Jane Doe</p><p>Editor: Maria Weld</p>"
    assert authors(header, author={"@type": "Person", "name": "Maria Weld"}) == ("Jane Doe",)


def test_a_given_name_alone_needs_two_signals() -> None:
    author = {"@type": "Person", "name": "Jane"}
    assert authors(author=author) == ()
    assert authors(author=author, head='<meta name="author" content="Jane">') == ("Jane",)
    assert authors(
        author={"@type": "Person", "name": "Calder"}, head='<meta name="author" content="Calder">'
    ) == ("Calder",)


def test_given_names_that_are_joined_must_be_known() -> None:
    def both(name: str) -> tuple[str, ...]:
        return authors(
            author={"@type": "Person", "name": name}, head=f'<meta name="author" content="{name}">'
        )

    assert both("Jane &amp; Maria") == ("Jane", "Maria")
    assert both("Calder &amp; Maria") == ()
    assert both("Jane, Editor") == ()


def test_an_account_of_the_site_is_no_person() -> None:
    assert authors(author={"@type": "Person", "name": "Calder K"}) == ()
    assert authors(author={"@type": "Person", "name": "Weld K"}) == ("Weld K",)


def test_a_person_whose_own_site_it_is() -> None:
    owner = {"@type": ["Person", "Organization"], "name": "Thando Veldt"}
    site = {"@type": "WebSite", "name": "Thando Veldt"}
    article = {"@type": "NewsArticle", "headline": TITLE, "author": {"name": "Thando Veldt"}}
    for graph, names in (([article, site], ()), ([article, site, owner], ("Thando Veldt",))):
        script = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
        assert authors(head=script) == names


def test_all_authors_of_a_paper() -> None:
    names = ["Jane Doe", "John Roe", "Maria Weld"]
    head = "".join(f'<meta name="citation_authors" content="{name}">' for name in names)
    assert authors(head=f'<meta name="DC.Creator" content="Jane Doe">{head}') == tuple(names)


def test_a_name_alone_counts_where_the_text_does_not_tell_of_it() -> None:
    assert authors("<p>Jane Doe</p>") == ("Jane Doe",)
    parsed = read(f"<h1>{TITLE}</h1><p>Jane Doe</p><p>{TEXT} Jane Doe opened it.</p>")
    assert fields(parsed, 2, 3)["authors"].value is None


def test_a_signature_below_the_text() -> None:
    assert authors(footer="<p>This article was written by Jane Doe.</p>") == ("Jane Doe",)
    other = "<p>Something else</p>"
    far = other * 20
    assert authors(footer=f"{other * 3}<p>Posted on 3 May 2024 by Jane Doe</p>") == ("Jane Doe",)
    assert authors(footer=f"{other * 3}<p>Rain for weeks, 3 May 2024 by Jane Doe</p>") == ()
    assert authors(footer=f"{far}<p>By Jane Doe</p>") == ()
    assert authors(footer=f"{far}<h2>Article written by:</h2><h3>Jane Doe, MD</h3>") == ("Jane Doe",)
    others = "<h3>Rain</h3><p>Author: Jane Doe</p><h3>Snow</h3><p>Author: John Roe</p>"
    assert authors(footer=f"{far}{others}") == ()
    cards = "<p>Author</p><p>Jane Doe</p><p>Author</p><p>John Roe</p>"
    assert authors(footer=f"{far}{cards}") == ()
    assert authors(footer=f"{far}<p>Author</p><p>Jane Doe</p>") == ("Jane Doe",)
    assert authors(footer=f"{other}{other}<p>Author</p><p>JD</p><p>Jane Doe</p>") == ("Jane Doe",)


def test_a_reason_where_nobody_is_named() -> None:
    assert page()["authors"].reason == "not_stated"
    assert page(author={"@type": "Person", "name": "Courier Staff"})["authors"].reason == "not_a_person"


@pytest.mark.parametrize(
    ("header", "options", "agencies"),
    [
        ("<p>By Jane Doe, AFP</p>", {}, ("AFP",)),
        ("<p>By AFP and Reuters</p>", {}, ("AFP", "Reuters")),
        ("<p>Von Jane Doe, dpa/AFP</p>", {}, ("dpa", "AFP")),
        ("", {"author": [{"@type": "Organization", "name": "dpa"}]}, ("dpa",)),
        ("", {"author": {"@type": "Person", "name": "Le Courrier et AFP"}}, ("AFP",)),
        ("", {"head": '<meta name="author" content="The Associated Press">'}, ("AP",)),
        ("<figure>The bridge. Photo: REUTERS/Jane Doe</figure>", {}, None),
        ("<p>Foto: dpa</p>", {}, None),
    ],
)
def test_agencies(header: str, options: dict[str, Any], agencies: tuple[str, ...] | None) -> None:
    assert page(header, **options)["agencies"].value == agencies


def test_agencies_of_dateline_and_last_line() -> None:
    parsed = read(f"<h1>{TITLE}</h1><p>HALVERTON, May 3 (Reuters) - {TEXT}</p><p>{TEXT} (AFP)</p>")
    one = fields(parsed, 1, 3)
    assert one["agencies"].value == ("Reuters", "AFP")
    assert (one["dateline"].value, one["dateline"].signal) == ("Halverton", "text:dateline")
