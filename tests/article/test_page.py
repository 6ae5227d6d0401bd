"""What is read from a page's markup, before anything is judged."""

import pytest

from tasks.article.page import BREAK, Page, check, lines, read


def texts(html: str) -> list[str]:
    return [block.text for block in read(html).blocks]


def test_blocks_are_what_a_reader_sees_as_one() -> None:
    html = "<h1>Flood in Ostrow</h1><p>The <b>river</b> rose <i>fast</i>.</p><ul><li>One<li>Two</ul>tail"
    assert texts(html) == ["Flood in Ostrow", "The river rose fast.", "One", "Two", "tail"]


def test_one_break_ends_a_line_and_two_a_paragraph() -> None:
    assert texts("<p>one<br>two<br> <br>three<br/><br/></p>") == ["one\ntwo", "three"]


def test_text_is_unescaped_once() -> None:
    page = read('<p title="a &amp;quot; b">Fish &amp;amp; chips &lt;3&nbsp;euros</p>')
    assert page.blocks[0].text == "Fish &amp; chips <3 euros"
    assert page.elements[page.blocks[0].element].attributes == {"title": "a &quot; b"}


def test_links_are_counted_and_kept_apart() -> None:
    page = read("<p>See <a href=/a>the report</a><a href=/b>and more</a>.</p>")
    assert page.blocks[0].text == "See the report and more."
    assert page.blocks[0].linked == len("the report") + len("and more")


def test_elements_know_their_place() -> None:
    page = read("<body><div id=a><p>one</p><p>two</p></div><p>three</p>")
    (div,) = page.tagged["div"]
    assert page.text(div) == "onetwo"
    assert [page.elements[i].tag for i in range(div, page.elements[div].end)] == ["div", "p", "p"]
    assert [page.elements[i].tag for i in page.ancestors(page.blocks[1].element)] == ["div", "body", "html"]


def test_blocks_of_a_range_of_pieces() -> None:
    page = read("<p>one <b>two</b></p><div><p>three</p><p>four</p></div>")
    bold, div = (page.elements[page.tagged[tag][0]] for tag in ("b", "div"))
    assert page.blocks_of(bold.start, bold.stop) == range(0, 1)
    assert page.blocks_of(div.start, div.stop) == range(1, 3)
    assert not page.blocks_of(len(page.pieces), len(page.pieces))


def test_lines_are_collapsed() -> None:
    assert lines(f" one \n two {BREAK}{BREAK} {BREAK}three") == ["one two", "three"]
    assert lines("one  two\n\nthree", "\n") == ["one two", "three"]


def test_pieces_have_owners() -> None:
    page = read("<p>a<b>b</b><br>c</p>")
    assert [(piece, page.elements[owner].tag) for piece, owner in zip(page.pieces, page.owner, strict=True)] == [
        ("a", "p"), ("b", "b"), (BREAK, "p"), ("c", "p"),
    ]  # fmt: skip


def test_head_and_language() -> None:
    page = read(
        '<html lang=de><head><title> Hochwasser\n in Ostrow </title><meta property="og:Title" content=" H ">'
        '<meta name=author content=""><script type="application/ld+json">{"@type": "NewsArticle"}</script></head>'
        "<body><script>var a = '<p>no</p>'</script><svg><title>Logo</title></svg><p>Text</p>"
    )
    assert (page.language, page.title, page.metas) == ("de", "Hochwasser in Ostrow", {"og:title": ["H"]})
    assert [item["@type"] for item in page.linked] == ["NewsArticle"]
    assert [block.text for block in page.blocks] == ["Text"]


def test_comments_and_odd_markup_are_no_text() -> None:
    html = (
        "<!doctype html><p>a<!-- <b>x</b> --><?php echo '>' ?>b</p><!-><p a\"b='1' =c=\"<i>\" d>c</p><p<q>d"
    )
    assert texts(html) == ["ab", "c", "d"] or texts(html)[0].startswith("a")


def test_selectors() -> None:
    page = read("<div class=story><p>one</p><p class=x>two</p></div>", (".story p", ".none"))
    assert [page.text(index) for index in page.selected[".story p"]] == ["one", "two"]
    assert page.selected[".none"] == ()
    with pytest.raises(ValueError, match="no CSS selector"):
        check("p[")


@pytest.mark.parametrize(
    "html",
    ["", " ", "<", "<!--", "</p>", "<p", "\x00<p>\x00", "\ud800<p>\udfff", "<plaintext><p>a", "<xmp><p>a</xmp>b</p>",
     "<table><p>a<td>b<tr>c</table>", "<frameset><frame></frameset>", "</html></body>x", "<title>a<p>b"],
)  # fmt: skip
def test_anything_is_read(html: str) -> None:
    page = read(html)
    assert isinstance(page, Page)
    for element in page.elements:
        assert 0 <= element.start <= element.stop <= len(page.pieces)
        assert element.end <= len(page.elements)
        assert element.parent < len(page.elements)


RAW = (
    "<div id=a><xmp><b>raw</div></xmp>after</div><p>one</p>",
    "<section><xmp>a</i> b</i> c</i></xmp>d</section><p>one</p><div>two</div>",
    "<div><p>one</p><xmp></div></xmp></div><p>two</p>",
    "<section><xmp>if (a<b && c>d) <i x='1'>e</section></xmp><a href=/>f</a></section><p>three</p>",
    "<div><p>one</p><plaintext>return{<b>bids}</div></body></html><p a=\"'>two</p></plaintext><p>three",
)


@pytest.mark.parametrize("html", [*RAW, '<p a"b=\'1\' =c="<i>" d>c</p><p<q>d</p<q><div e<f=g>h</div>'])
def test_a_block_lies_within_its_element(html: str) -> None:
    """Also where what is no tag was written like one."""
    page = read(html)
    assert page.blocks
    for block in page.blocks:
        element = page.elements[block.element]
        assert element.start <= block.start < block.stop <= element.stop
        for index in page.ancestors(block.element):
            around = page.elements[index]
            assert around.start <= block.start < block.stop <= around.stop
            assert index < block.element < around.end
