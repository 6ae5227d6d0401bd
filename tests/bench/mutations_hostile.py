"""Passages that are large, deep or endless: where time or memory may grow faster than the document."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

NESTED = (
    "div", "span", "b", "a", "p", "ul", "li", "ul><li", "table", "table><tr><td", "section", "blockquote", "form",
    "select", "option", "button", "svg", "math", "template", "ruby", "rt", "font", "nobr", "object", "noscript",
    "fieldset", "dl><dd", "h1", "article", "custom-tag", "frameset", "svg><foreignObject", "b><p", "a><div",
)  # fmt: skip


def nested(rng: random.Random) -> str:
    tag, depth = rng.choice(NESTED), rng.choice((1_000, 10_000, 50_000))
    end = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    return f"<{tag}>" * depth + "deep" + rng.choice(("", end * depth))


def formatted(rng: random.Random) -> str:
    """Formatting elements left open, each of which a parser opens anew in every paragraph."""
    tag = rng.choice("b i em strong font code".split())
    return "".join(f"<p><{tag} id={number}>word " for number in range(rng.choice((300, 2_000, 30_000))))


def long_attribute(rng: random.Random) -> str:
    value = rng.choice(("x", "x ", "&amp;", "a:b;", "https://", "2024-01-01 ", "\ud800")) * 1_000_000
    name = rng.choice("class id content datetime href title itemprop style data-x".split())
    tag = rng.choice("div p meta time a img article span".split())
    return f'<{tag} name=author property="article:published_time" {name}="{value[:1_000_000]}">word</{tag}>'


def many_attributes(rng: random.Random) -> str:
    count = rng.choice((1_000, 20_000, 200_000))
    names = [f"a{number}=1" for number in range(count)] if rng.random() < 0.5 else ["class=x"] * count
    return f"<p {' '.join(names)}>word</p>"


def many_elements(rng: random.Random) -> str:
    unit = rng.choice(
        (
            '<a href="/x/{0}">A headline of a story {0}</a> ',
            "<h1>Heading {0}</h1>",
            "<time datetime=2024-01-0{1}>{0}</time>",
            '<meta property="article:published_time" content="2024-01-0{1}">',
            '<meta name="author" content="Jane Roe {0}">',
            '<span class="author byline" rel="author">By Jane Roe</span>',
            "<p>“Quoted,” said Jane Roe {0}.</p>",
            "<br>",
            '<link rel="canonical" href="https://paper.example/{0}">',
            "<x{0}></x{0}>",
            "<tr><td>cell {0}",
            "x<!-- -->",
            '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"H{0}"}}</script>',
            "<title>T{0}</title>",
            "<p>3 May 2024, updated 5 hours ago {0}</p>",
            "<li>item {0}",
            "</b></p></div>",
            "<option>",
            "<dd><span>x",
        )
    )
    count = rng.choice((10_000, 100_000))
    opening = rng.choice(("", "<table>", "<select>", "<ul>", "<svg>"))
    return opening + "".join(unit.format(number, number % 9 + 1) for number in range(count))


def linked_data(rng: random.Random) -> str:
    """JSON-LD that is huge, deep, cyclic or broken."""
    deep = rng.choice((500, 20_000))
    inner = rng.choice(
        (
            "[" * deep + "]" * deep,
            '{"@graph":' * deep + "1" + "}" * deep,
            '{"author":' * deep + '"Jane Roe"' + "}" * deep,
            json.dumps({"@type": "NewsArticle", "articleBody": "A long sentence of the body. " * 50_000}),
            json.dumps(
                [
                    {"@type": "NewsArticle", "headline": f"H{n}", "datePublished": "2024-01-01"}
                    for n in range(20_000)
                ]
            ),
            json.dumps(
                {
                    "@type": "NewsArticle",
                    "author": [{"@type": "Person", "name": f"Jo Roe {n}"} for n in range(20_000)],
                }
            ),
            json.dumps(
                {
                    "@type": "NewsArticle",
                    "keywords": [f"tag {n}" for n in range(50_000)],
                    "datePublished": "9" * 100_000,
                }
            ),
            '{"@type":"NewsArticle","headline":"' + "\\u0041\\ud800" * 50_000,
            '{"headline":' + "9" * 5_000 + "}",
            "{" + "," * 200_000 + " " * 200_000 + "}",
            '{"@type":{"@type":[[]]},"author":1e999}',
        )
    )
    return f'<script type="application/ld+json">{inner}{rng.choice(("</script>", ""))}'


def unclosed(rng: random.Random) -> str:
    start = rng.choice(
        ('<p title="', "<!-- ", "<script>", "<style>", "<textarea>", "<title>", "<a href='", "<![CDATA[", "&")
    )
    return start + rng.choice(("x ", "<p>", "-", "--!", "]]", "</scrip", "=", "\0", "&amp;")) * 200_000


def long_line(rng: random.Random) -> str:
    unit = rng.choice(
        (
            "word ",
            "x",
            "a.",
            "“",
            "“Yes,” said Jo Roe. ",
            "' ",
            "Jo Roe, ",
            "Jo ",
            "by ",
            "By Jo Roe and ",
            "May 3, 2024 ",
            "12/",
            "1",
            " ",
            "\t",
            "-",
            "http://x.y/",
            "@",
            "«",
            "漢",
            "\u0301",
            "\U0001f600",
            "(",
            "…",
            "said ",
            "A. ",
            "\\",
        )
    )
    return rng.choice(("", "<p>")) + unit * (1_000_000 // len(unit)) + "\n"


def many_lines(rng: random.Random) -> str:
    unit = rng.choice(
        (
            "",
            "x",
            "Most read",
            "By Jo Roe",
            "3 May 2024",
            "“Yes,” said Jo Roe.",
            "— Yes, said Jo.",
            "Photo: Jo Roe/Reuters",
            "LONDON (Reuters) -",
            "A sentence of the usual length that any article might hold, and that ends with a stop.",
            "“An open quotation that goes on and on, paragraph for paragraph",
            "Updated 2 hours ago",
            "# * #",
            "12:30",
            "漢字。",
        )
    )
    return (unit + rng.choice(("\n", "\n\n", "\r", " \n"))) * rng.choice((10_000, 100_000))


def many_quotes(rng: random.Random) -> str:
    """Thousands of speakers and quotations in a text."""
    names = (
        f"J{'abcdefghij'[n % 10]}n Ro{'abcdefghij'[n // 10 % 10]}{'nmlrst'[n % 6]}e" for n in range(20_000)
    )
    return "".join(f"“We wait for number {n},” {name} said.\n\n" for n, name in enumerate(names))


IN_TEXTS: tuple[Callable[[random.Random], str], ...] = (long_line, many_lines, many_quotes)
IN_PAGES: tuple[Callable[[random.Random], str], ...] = (
    nested,
    formatted,
    long_attribute,
    many_attributes,
    many_elements,
    linked_data,
    unclosed,
    *IN_TEXTS,
)
