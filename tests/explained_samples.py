"""Extractions made by hand, of invented documents: what is shown of them does not depend on the extractor."""

from __future__ import annotations

from typing import Any

from tasks.article.model import Article, Candidate, DateCandidate, Examined, Found, Quote, Shown
from tasks.explain_model import Origin

ORIGIN = Origin(
    "https://shorepost.example/night-ferry", "Fetched just now; nothing was stored.", "2026-11-20 21:30 UTC"
)

PARAGRAPHS = (
    "The night ferry between Ardle and the outer islands will sail again from Monday, six weeks after a fire in "
    "the engine room put it out of service, the harbour office said on Friday.",
    "“We tested every pump twice and then we tested the people who test the pumps,” said Oona Strand, who runs "
    "the harbour. “Nobody on this coast wants to hear that alarm again.”",
    "Fishermen had called the repair “a winter’s tale” after the third delay.",
    "Tickets that were paid for in October stay valid until the end of March.",
)


def said(
    text: str, words: str, speaker: str | None, written: str | None, kind: Any, verb: str | None
) -> Quote:
    start = text.index(words)
    return Quote(words, speaker, written, verb, kind, start, start + len(words))


def dropped(why: str, *texts: str, tag: str = "li", likely: float = 0.02) -> list[Shown]:
    return [Shown(text, False, why, likely, tag) for text in texts]


def story() -> Examined:
    """An article of a page, with something of everything."""
    text = "\n\n".join(PARAGRAPHS)
    title, outlet = "Night ferry to sail again on Monday", "Shore Post"
    dates = (
        DateCandidate("2026-11-20T18:05:00+00:00", "second", "json-ld", "2026-11-20T18:05:00Z", "published"),
        DateCandidate("2026-11-20", "day", "text:header", "20 November 2026", "published", "weaker_signal"),
        DateCandidate("2026-10-09", "day", "text:caption", "9 October 2026", "published", "caption"),
        DateCandidate("2026-11-20T19:40:00+00:00", "second", "json-ld", "2026-11-20T19:40:00Z", "modified"),
    )
    quotes = (
        said(
            text, "We tested every pump twice and then we tested the people who test the pumps,", "Oona Strand",
            "Oona Strand", "direct", "said",
        ),
        said(
            text, "Nobody on this coast wants to hear that alarm again.", "Oona Strand", "who", "direct", None
        ),
        said(text, "a winter’s tale", None, "Fishermen", "scare", "called"),
    )  # fmt: skip
    fields: dict[str, Found[Any]] = {
        "title": Found(
            title, "h1", None,
            (
                Candidate(title, "h1"),
                Candidate(title, "meta:og:title", "weaker_signal"),
                Candidate(f"{title} - {outlet}", "title", "weaker_signal"),
            ),
        ),
        "subtitle": Found("Repairs took six weeks", "markup:standfirst"),
        "authors": Found(
            ("Mary Quill", "Ben Cole"), "json-ld", None,
            (
                Candidate(("Mary Quill", "Ben Cole"), "json-ld"),
                Candidate(("Shore Post Newsroom",), "meta:author", "not_a_person"),
            ),
        ),
        "agencies": Found(None, reason="photo_credit"),
        "dateline": Found("Ardle", "text:dateline"),
        "outlet": Found(outlet, "json-ld"),
        "published_at": Found(dates[0].value, "json-ld"),
        "modified_at": Found(dates[3].value, "json-ld"),
        "language": Found("en", "text"),
        "section": Found(None, reason="not_stated"),
        "tags": Found(("ferries", "Ardle"), "meta:keywords"),
        "canonical_url": Found("https://shorepost.example/night-ferry", "canonical"),
        "image_url": Found("https://shorepost.example/ferry.jpg", "meta:og:image"),
        "is_paywalled": Found(False, "json-ld"),
        "text": Found(text, "blocks"),
        "quotes": Found(quotes, "text"),
    }  # fmt: skip
    blocks = [
        *dropped("menu", "News", "Harbour", "Weather", "Sport", "Letters"),
        *dropped("legal", "We store cookies on your device. You can say no."),
        *dropped("before", title, tag="h1", likely=0.31),
        *dropped("before", "Repairs took six weeks", tag="p", likely=0.28),
        *dropped("credit", "By Mary Quill and Ben Cole, 20 November 2026", tag="p", likely=0.06),
        *(Shown(paragraph, True, "body", 0.98, "p") for paragraph in PARAGRAPHS[:2]),
        *dropped("follow", "Get the tides by email every morning", tag="p", likely=0.11),
        *(Shown(paragraph, True, "body", 0.93, "p") for paragraph in PARAGRAPHS[2:]),
        *dropped("related", "Lighthouse keeper finds a message", "Storm shuts two piers", "Seals counted"),
        *dropped("menu", "Contact", "About us"),
    ]
    article = Article(
        title=title, subtitle="Repairs took six weeks", authors=("Mary Quill", "Ben Cole"), dateline="Ardle",
        outlet=outlet, canonical_url="https://shorepost.example/night-ferry", published_at=dates[0].value,
        published_precision="second", published_from="json-ld", date_candidates=dates,
        modified_at=dates[3].value, language="en", language_confidence=0.99, tags=("ferries", "Ardle"),
        is_paywalled=False, text=text, quotes=quotes, field_errors={"agencies": "photo_credit"},
    )  # fmt: skip
    return Examined(article, fields, tuple(blocks))


def of_text(text: str, title: str, language: str, quotes: tuple[Quote, ...] = ()) -> Examined:
    """An article of a plain text, one paragraph a line."""
    blocks = [Shown(title, False, "before"), *(Shown(line, True, "body") for line in text.split("\n\n"))]
    fields: dict[str, Found[Any]] = {
        "title": Found(title, "text:headline"),
        "text": Found(text, "text:lines"),
    }
    article = Article(title=title, text=text, language=language, quotes=quotes)
    return Examined(article, fields, tuple(blocks))


def arabic() -> Examined:
    text = (
        "أعلنت سلطات الميناء يوم الجمعة أن العبّارة الليلية ستستأنف رحلاتها إلى الجزر الخارجية "
        "ابتداء من يوم الاثنين.\n\n"
        "وقالت مديرة الميناء ليلى حداد: «فحصنا كل مضخة مرتين قبل أن نسمح لها بالإبحار»."
    )
    words = "فحصنا كل مضخة مرتين قبل أن نسمح لها بالإبحار"
    return of_text(
        text,
        "العبّارة الليلية تعود إلى الخدمة",
        "ar",
        (said(text, words, "ليلى حداد", "ليلى حداد", "direct", None),),
    )


def chinese() -> Examined:
    text = (
        "港务局周五表示，往返外岛的夜间渡轮将于周一恢复航行，此前六周因机舱起火而停航。\n\n"
        "港务局局长林海燕说：“每台水泵我们都检查了两遍。”"
    )
    return of_text(
        text,
        "夜间渡轮周一复航",
        "zh",
        (said(text, "每台水泵我们都检查了两遍。", "林海燕", "港务局局长林海燕", "direct", "说"),),
    )


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
ESCAPES = "\x1b[31mred\x1b]0;owned\x07\x9b2J\x7f\r\u202egnp.exe\u2066\ud800"
MARKUP = "[bold red]not markup[/] :smile: [link=https://evil.example]here[/link] {{ 7 * 7 }}"


def hostile() -> Examined:
    """What a page may say to take over a terminal or a browser, in every place that is shown."""
    nasty = f"{ATTACK}{ESCAPES}{MARKUP}\"'><b x=`>"
    link = "javascript:alert(3)//https://x.example"
    fields: dict[str, Found[Any]] = {
        name: Found(nasty, nasty, None, (Candidate(nasty, nasty), Candidate(f"{nasty}!", nasty, nasty)))
        for name in ("title", "subtitle", "outlet", "section", nasty)
    }
    fields["canonical_url"] = Found(link, "canonical")
    fields["image_url"] = Found('https://x.example/"onmouseover=alert(4)//', "meta:og:image")
    fields["authors"] = Found((nasty, nasty), nasty)
    fields["tags"] = Found(None, reason=nasty)
    text = f"“{nasty}”"
    quote = Quote(nasty, nasty, f"{nasty}?", nasty, "direct", 1, 1 + len(nasty))
    date = DateCandidate(nasty, "day", nasty, nasty, "published", nasty)
    blocks = (Shown(text, True, nasty, 0.5, nasty), Shown(nasty, False, nasty, 0.5, "p"))
    article = Article(
        title=nasty, outlet=nasty, canonical_url=link, language='en" onload="', text=text, quotes=(quote,),
        date_candidates=(date,), field_errors={"tags": nasty},
    )  # fmt: skip
    return Examined(article, fields, blocks)
