"""Pages as outlets print them: the article amid navigation, teasers, newsletter boxes and comments."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, NamedTuple

from tests.newsroom.articles import Article


class _Words(NamedTuple):
    """What stands around an article, in one language."""

    by: str
    also: str
    newsletter: str
    comments: str
    comment: str
    cookies: str
    rights: str
    search: str
    picture: str


_AROUND = {
    "en": _Words(
        "By", "Read also", "Sign up for our morning newsletter and never miss a story.", "Comments",
        "About time somebody wrote about this. My aunt has been saying it for years.",
        "We use cookies. By staying with us you agree to our cookie policy.", "All rights reserved.",
        "Search", "Photo",
    ),
    "de": _Words(
        "Von", "Lesen Sie auch", "Abonnieren Sie unseren Newsletter und verpassen Sie keine Nachricht.",
        "Kommentare", "Endlich schreibt das mal jemand. Bei uns im Ort ist es genauso.",
        "Wir verwenden Cookies. Mit der Nutzung der Seite stimmen Sie dem zu.", "Alle Rechte vorbehalten.",
        "Suche", "Foto",
    ),
    "fr": _Words(
        "Par", "À lire aussi", "Inscrivez-vous à notre lettre du matin.", "Commentaires",
        "Enfin un article là-dessus. Chez nous c'est pareil depuis des années.",
        "Nous utilisons des cookies. En poursuivant, vous les acceptez.", "Tous droits réservés.",
        "Recherche", "Photo",
    ),
    "es": _Words(
        "Por", "Lea también", "Suscríbase a nuestro boletín y reciba las noticias cada mañana.", "Comentarios",
        "Ya era hora de que alguien lo contara. En mi pueblo pasa lo mismo.",
        "Utilizamos cookies. Al continuar, acepta su uso.", "Todos los derechos reservados.",
        "Buscar", "Foto",
    ),
    "ru": _Words(
        "Автор:", "Читайте также", "Подпишитесь на нашу утреннюю рассылку.", "Комментарии",
        "Наконец-то об этом написали. У нас в городе то же самое.",
        "Мы используем файлы cookie.", "Все права защищены.", "Поиск", "Фото",
    ),
}  # fmt: skip
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Teaser:
    """A link to another article."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page is printed with. ``base``: scheme, host and port; ``canonical``: the article's own address."""

    base: str
    canonical: str
    sections: Sequence[str]
    related: Sequence[Teaser]
    newest: Sequence[Teaser] = ()
    amp: str | None = None


def page(article: Article, frame: Frame) -> str:
    """The article's page in its outlet's template."""
    return _TEMPLATES[article.outlet.template](article, frame)


def amp(article: Article, frame: Frame) -> str:
    """The article as an AMP page, which names the article's own address as canonical."""
    return (
        f'<!doctype html>\n<html amp lang="{article.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_x(article.title)}</title>\n"
        f'<link rel="canonical" href="{_x(frame.canonical)}">\n'
        '<script async src="/amp/v0.js"></script>\n'
        f'<meta name="viewport" content="width=device-width">\n{_linked_data(article, frame)}\n</head>\n<body>\n'
        f'<header><a href="/">{_x(article.outlet.name)}</a></header>\n<article>\n<h1>{_x(article.title)}</h1>\n'
        f'<p class="byline">{_x(_byline(article))}</p>\n{_body(article, frame)}\n</article>\n'
        f"{_related(article, frame)}\n</body>\n</html>\n"
    )


def index(name: str, language: str, links: Sequence[Teaser], sections: Sequence[str], head: str = "") -> str:
    """A front page or a section's page: links to articles."""
    items = "\n".join(f'<li><a href="{_x(link.url)}">{_x(link.title)}</a></li>' for link in links)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{_x(name)}</title>\n'
        f"{head}\n</head>\n<body>\n<header><h1>{_x(name)}</h1>{_menu(sections)}</header>\n"
        f'<main>\n<ul class="teasers">\n{items}\n</ul>\n</main>\n'
        f'<footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></footer>\n</body>\n</html>\n'
    )


def _classic(article: Article, frame: Frame) -> str:
    words = _AROUND[article.language]
    credit = (
        f'{words.by} <a rel="author" href="/authors/x">{_x(article.authors[0])}</a>'
        if article.authors
        else _x(_byline(article))
    )
    return _document(
        article, frame,
        f"{_open_graph(article, frame)}\n{_linked_data(article, frame)}",
        f'<article>\n<header>\n<h1>{_x(article.title)}</h1>\n<p class="standfirst">{_x(article.subtitle)}</p>\n'
        f'<div class="byline">{credit}</div>\n'
        f'<time datetime="{article.published.isoformat()}">{_date(article)}</time>\n</header>\n'
        f"{_figure(article)}\n<div class=\"article-body\">\n{_body(article, frame)}\n</div>\n"
        f'<aside class="newsletter"><h3>Newsletter</h3><p>{words.newsletter}</p><input type="email"></aside>\n'
        f'<ul class="share"><li><a href="#">Facebook</a></li><li><a href="#">WhatsApp</a></li></ul>\n</article>',
    )  # fmt: skip


def _plain(article: Article, frame: Frame) -> str:
    meta = (
        f'<meta property="article:published_time" content="{article.published.isoformat()}">\n'
        f'<meta property="article:modified_time" content="{article.modified.isoformat()}">\n'
        f'<meta property="article:section" content="{_x(article.section)}">'
    )
    return _document(
        article, frame, f"{_open_graph(article, frame)}\n{meta}",
        f'<div class="story" id="story-{article.number}">\n<h1 class="headline">{_x(article.title)}</h1>\n'
        f'<h2 class="deck">{_x(article.subtitle)}</h2>\n<div class="meta"><span class="author">'
        f'{_x(_byline(article))}</span> <span class="date">{_date(article)}</span></div>\n'
        f'<div class="story-text">\n{_body(article, frame)}\n</div>\n</div>',
    )  # fmt: skip


def _old(article: Article, frame: Frame) -> str:
    meta = (
        f'<meta name="date" content="{article.published.isoformat()}">\n'
        f'<meta name="author" content="{_x(", ".join(article.authors))}">\n'
        f'<meta name="keywords" content="{_x(", ".join(article.tags))}">'
    )
    return _document(
        article, frame, meta,
        f'<div id="left">{_menu(frame.sections)}</div>\n'
        f'<div id="content">\n<h1>{_x(article.title)}</h1>\n<p class="subtitle"><b>{_x(article.subtitle)}</b></p>\n'
        f'<p class="byline">{_x(_byline(article))}</p>\n<p class="date">{_date(article)}</p>\n'
        f"{_body(article, frame)}\n</div>",
    )  # fmt: skip


def _graph(article: Article, frame: Frame) -> str:
    words = _AROUND[article.language]
    return _document(
        article, frame, f"{_open_graph(article, frame)}\n{_linked_data(article, frame, graph=True)}",
        f'<main>\n<article itemscope itemtype="https://schema.org/NewsArticle">\n'
        f'<p class="kicker">{_x(article.section)}</p>\n<h1 itemprop="headline">{_x(article.title)}</h1>\n'
        f'<p class="dek" itemprop="alternativeHeadline">{_x(article.subtitle)}</p>\n'
        f'<p class="author-line">{_x(_byline(article))} · {_date(article)}</p>\n{_figure(article)}\n'
        f'<section itemprop="articleBody">\n{_body(article, frame)}\n</section>\n'
        f'<p class="gallery"><a href="#">{words.picture} 1/8</a></p>\n</article>\n</main>',
    )  # fmt: skip


_TEMPLATES: dict[str, Callable[[Article, Frame], str]] = {
    "classic": _classic, "plain": _plain, "old": _old, "graph": _graph,
}  # fmt: skip


def _document(article: Article, frame: Frame, meta: str, content: str) -> str:
    words = _AROUND[article.language]
    name = _x(article.outlet.name)
    variant = f'<link rel="amphtml" href="{_x(frame.amp)}">\n' if frame.amp else ""
    return (
        f'<!doctype html>\n<html lang="{article.language}">\n<head>\n<meta charset="{article.outlet.encoding}">\n'
        f'<title>{_x(article.title)} | {name}</title>\n<link rel="canonical" href="{_x(frame.canonical)}">\n'
        f'{variant}<meta name="description" content="{_x(article.subtitle)}">\n{meta}\n</head>\n<body>\n'
        f'<div class="cookie-consent"><p>{words.cookies}</p><button>OK</button></div>\n'
        f'<header class="site"><a href="/">{name}</a>{_menu(frame.sections)}'
        f'<form><input name="q" placeholder="{words.search}"></form></header>\n{content}\n{_related(article, frame)}\n'
        f'{_newest(frame)}<section id="comments"><h3>{words.comments} (2)</h3><div class="comment"><b>seagull_7</b>'
        f'<p>{words.comment}</p></div><div class="comment"><b>Jo</b><p>+1</p></div></section>\n'
        f"<footer><p>© {article.published.year} {name}. {words.rights}</p></footer>\n</body>\n</html>\n"
    )


def _body(article: Article, frame: Frame) -> str:
    also = _AROUND[article.language].also
    parts = [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs]
    if frame.related:
        first = frame.related[0]
        parts.insert(
            3,
            f'<div class="read-more"><strong>{also}</strong> <a href="{_x(first.url)}">{_x(first.title)}</a></div>',
        )
    if article.correction:
        parts.append(f'<p class="correction"><em>{_x(article.correction)}</em></p>')
    return "\n".join(parts)


def _figure(article: Article) -> str:
    picture = _AROUND[article.language].picture
    rng = random.Random(article.guid)
    return (
        f'<figure><img src="/img/{article.number}.jpg" alt="{_x(article.tags[-1])}" width="{rng.choice((640, 1024))}">'
        f"<figcaption>{_x(article.tags[-1])}. {picture}: {article.agency or _x(article.outlet.name)}</figcaption>"
        "</figure>"
    )


def _related(article: Article, frame: Frame) -> str:
    also = _AROUND[article.language].also
    items = "".join(f'<li><a href="{_x(t.url)}">{_x(t.title)}</a></li>' for t in frame.related)
    return f'<section class="related"><h3>{also}</h3><ul>{items}</ul></section>'


def _newest(frame: Frame) -> str:
    if not frame.newest:
        return ""
    items = "".join(f'<li><a href="{_x(t.url)}">{_x(t.title)}</a></li>' for t in frame.newest)
    return f'<aside class="most-read"><h4>Newest</h4><ol>{items}</ol></aside>\n'


def _menu(sections: Sequence[str]) -> str:
    items = "".join(f'<li><a href="/{_x(section)}/">{_x(section.title())}</a></li>' for section in sections)
    return f"<nav><ul>{items}</ul></nav>"


def _byline(article: Article) -> str:
    by = _AROUND[article.language].by
    return f"{by} {article.authors[0]}" if article.authors else article.agency or article.outlet.name


def _date(article: Article) -> str:
    moment: datetime = article.published
    if article.language == "en":
        return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"
    return f"{moment:%d.%m.%Y, %H:%M}" if article.language in ("de", "ru") else f"{moment:%d/%m/%Y %H:%M}"


def _open_graph(article: Article, frame: Frame) -> str:
    return (
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{_x(article.title)}">\n'
        f'<meta property="og:site_name" content="{_x(article.outlet.name)}">\n'
        f'<meta property="og:url" content="{_x(frame.canonical)}">\n'
        f'<meta property="og:description" content="{_x(article.subtitle)}">'
    )


def _linked_data(article: Article, frame: Frame, graph: bool = False) -> str:
    publisher = {"@type": "NewsMediaOrganization", "name": article.outlet.name}
    item: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "dateModified": article.modified.isoformat(),
        "articleSection": article.section,
        "inLanguage": article.language,
        "keywords": list(article.tags),
        "mainEntityOfPage": frame.canonical,
        "author": [{"@type": "Person", "name": author} for author in article.authors]
        or {"@type": "Organization", "name": article.agency},
        "publisher": publisher,
    }
    site = {"@type": "WebSite", "name": article.outlet.name, "url": frame.base + "/"}
    document = {"@graph": [site, item]} if graph else item
    text = json.dumps({"@context": "https://schema.org", **document}, ensure_ascii=False)
    safe = text.replace("</", "<\\/")
    return f'<script type="application/ld+json">{safe}</script>'


def _x(text: str) -> str:
    return escape(text)
