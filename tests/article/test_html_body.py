"""Which blocks of a page are the article, how they are written down, and why the others are not."""

import json
import time

import pytest

from tasks.article import html_body
from tasks.article.block_reasons import CODES
from tasks.article.block_scripts import article_in_scripts
from tasks.article.html_text import text, without_copies
from tasks.article.model import Body
from tasks.article.page import read

PARAGRAPHS = (
    "OSTROW, 3 May - The river Malna rose by two metres overnight and flooded the old town of Ostrow, where about "
    "four hundred people had to leave their homes before dawn.",
    "“We had ten minutes to take what we could carry,” said Irena Halic, who runs a bakery beside the bridge. She "
    "spent the night in the gymnasium of a school with her two children.",
    "The regional government has asked the army for pumps and sandbags. Its spokesman said on Tuesday that the water "
    "was expected to fall from Thursday, although more rain had been forecast for the mountains.",
    "Three roads into the town remain closed. Trains between Ostrow and the coast will not run before the weekend, "
    "the railway company said.",
)
GERMAN = (
    "Der Fluss Malna ist in der Nacht um zwei Meter gestiegen und hat die Altstadt von Ostrow überschwemmt. Rund "
    "vierhundert Menschen mussten ihre Häuser noch vor dem Morgen verlassen.",
    "„Wir hatten zehn Minuten, um das Nötigste zu packen“, sagte die Bäckerin Irena Halic. Sie verbrachte die Nacht "
    "mit ihren zwei Kindern in der Turnhalle einer Schule.",
    "Die Landesregierung hat die Armee um Pumpen und Sandsäcke gebeten. Am Donnerstag soll das Wasser fallen, teilte "
    "ein Sprecher am Dienstag mit.",
)
JAPANESE = (
    "オストロフ市を流れるマルナ川の水位が三日未明に二メートル上昇し、旧市街が浸水した。住民約四百人が夜明け前に避難した。",
    "橋のそばでパン屋を営むイレーナさんは「十分で荷物をまとめなければならなかった」と話した。子ども二人と学校の体育館で夜を過ごした。",
    "州政府は軍に排水ポンプと土のうの提供を要請した。報道官は火曜日、水位は木曜日から下がる見通しだと述べた。",
)
NAV = (
    "<header><nav><ul>"
    + "".join(f"<li><a href=/{s}>{s}</a></li>" for s in ("World", "Politics", "Sport"))
    + "</ul></nav></header>"
)
FOOT = (
    '<aside class="related-articles"><h3>More on this</h3><ul><li><a href=/1>Rain floods the valley of Sel for the '
    "third time</a></li><li><a href=/2>Minister promises higher dams</a></li></ul></aside>"
    '<footer class="site-footer"><p>© The Ostrow Post. All rights reserved.</p><a href=/terms>Terms of use</a></footer>'
)


def news(
    body: str, *, title: str = "Flood in Ostrow drives hundreds from their homes", head: str = ""
) -> str:
    return (
        f"<html><head><title>{title} | The Ostrow Post</title>{head}</head><body>{NAV}"
        f'<main><article><h1>{title}</h1><div class="byline">By Jan Novak</div>'
        f'<div class="article-body">{body}</div></article></main>{FOOT}</body></html>'
    )


def p(*paragraphs: str) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def find(html: str) -> Body:
    return html_body.find(read(html))


@pytest.mark.parametrize("paragraphs", [PARAGRAPHS, GERMAN, JAPANESE], ids=["en", "de", "ja"])
def test_body_is_the_paragraphs(paragraphs: tuple[str, ...]) -> None:
    found = find(news(p(*paragraphs)))
    assert found.text == "\n\n".join(paragraphs)
    assert found.signal == "blocks"


def test_body_without_any_names() -> None:
    html = "<title>Flood</title><body><div><a href=/>Home</a></div><div><h1>Flood in Ostrow</h1>"
    assert find(html + "".join(f"<div>{x}</div>" for x in PARAGRAPHS)).text == "\n\n".join(PARAGRAPHS)


def test_body_in_a_layout_of_tables() -> None:
    html = (
        "<title>Flood</title><body><table><tr><td><a href=/>Home</a><br><a href=/s>Sport</a></td>"
        f"<td><h1>Flood in Ostrow</h1>{p(*PARAGRAPHS)}</td></tr></table>"
    )
    assert find(html).text == "\n\n".join(PARAGRAPHS)


def test_furniture_within_the_body_is_dropped() -> None:
    photo = "<figure><img src=a.jpg><figcaption>The bridge on Tuesday. Photo: A. Lind</figcaption></figure>"
    promo = '<div class="newsletter-signup"><p>Sign up for our newsletter and get the news every morning.</p></div>'
    more = "<p><a href=/2>Read more: Minister promises higher dams after the flood</a></p>"
    first, *rest = PARAGRAPHS
    found = find(news(p(first) + photo + promo + more + p(*rest)))
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert {"caption", "promotion"} <= set(found.why)


def test_copies_for_other_screens_are_dropped() -> None:
    first, *rest = PARAGRAPHS
    html = news(
        f'<div class="mobile"><p>{first}</p></div><div class="desktop"><p>{first}</p></div>{p(*rest)}'
    )
    assert find(html).text.count(first) == 1


def test_each_block_has_a_reason() -> None:
    html = news(p(*PARAGRAPHS))
    page = read(html)
    found = html_body.find(page)
    assert len(found.why) == len(found.likely) == len(page.blocks)
    assert set(found.why) <= CODES
    said = dict(zip([block.text for block in page.blocks], found.why, strict=True))
    assert said["Flood in Ostrow drives hundreds from their homes"] == "title"
    assert said[PARAGRAPHS[0]] == "body"
    assert said["Politics"] == "navigation"
    assert said["Minister promises higher dams"] == "related"
    assert [page.blocks[number].text for number in found.kept] == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "html",
    ["", "<p></p>", "<p>Hi</p>", f"<body>{NAV}{FOOT}</body>", "<title>x</title><h1>Page not found</h1>"],
)
def test_pages_without_an_article(html: str) -> None:
    found = find(html)
    assert (found.text, found.kept, found.signal) == ("", (), None)


def test_stated_body_where_scripts_show_it() -> None:
    stated = json.dumps(
        {"@type": "NewsArticle", "articleBody": "&lt;p&gt;" + "</p><p>".join(PARAGRAPHS) + "</p>"}
    )
    found = find(f'<script type="application/ld+json">{stated}</script><div id=app></div><p>Loading</p>')
    assert found.text == "\n\n".join(["<p>" + PARAGRAPHS[0], *PARAGRAPHS[1:]]).replace("<p>", "")
    assert found.signal == "json-ld"


def test_blocks_win_over_a_stated_body_that_is_cut() -> None:
    stated = json.dumps({"@type": "NewsArticle", "articleBody": " ".join(PARAGRAPHS)[:500]})
    found = find(news(p(*PARAGRAPHS), head=f'<script type="application/ld+json">{stated}</script>'))
    assert (found.signal, found.text) == ("blocks", "\n\n".join(PARAGRAPHS))


def test_body_in_scripts() -> None:
    markup = f'<div class="caption"><p>The bridge. Photo: A. Lind</p></div>{p(*PARAGRAPHS)}'
    flight = json.dumps("9:" + json.dumps({"story": {"id": 7, "html": markup}})).replace("<", "\\u003c")
    found = find(f"<div id=app></div><script>self.push([1,{flight}])</script>")
    assert (found.signal, found.text) == ("script", "\n\n".join(PARAGRAPHS))
    assert article_in_scripts('var a = "<p>one</p>"; "' + '\\"' * 9) == ""


def test_text_keeps_lists_tables_and_lines() -> None:
    page = read(
        "<h2>What is closed</h2><ul><li>The <code>A4</code> road</li><li>The bridge</li></ul><p>See<br>below</p>"
        "<table><tr><th>Day</th><th>Level</th></tr><tr><td>Monday</td><td>4.1 m</td></tr></table>"
        "<blockquote>Wait.</blockquote>"
    )
    assert text(page, range(len(page.blocks))) == (
        "What is closed\n\nThe A4 road\nThe bridge\n\nSee\nbelow\n\nDay | Level\nMonday | 4.1 m\n\nWait."
    )


def test_short_lines_may_stand_twice() -> None:
    page = read("<p>No.</p><p>No.</p>" + p(PARAGRAPHS[0]) * 2)
    assert without_copies(page, [0, 1, 2, 3]) == [0, 1, 2]


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "word word. " * 200_000,
        "<p>a b c.</p>" * 60_000,
        "<script>" + '"' + '\\"' * 1_000_000,
        "<script" * 200_000,
        '<div class="' + "a-b " * 500_000 + '">x</div>',
        "a<br>" * 200_000,
    ],
    ids=["one paragraph", "many", "quotes", "scripts", "names", "breaks"],
)
def test_hostile_pages_end(html: str) -> None:
    start = time.process_time()
    find(html)
    assert time.process_time() - start < 5
