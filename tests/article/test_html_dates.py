"""Dates of pages: what is read from which signal, what is passed over, and what is chosen in the end."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from tasks.article import dates
from tasks.article.html_dates import dates_in_page
from tasks.article.model import DateCandidate
from tasks.article.page import read

TITLE = "New bridge for Tarn Hollow has to wait until autumn"
BODY = (
    "The council of Tarn Hollow will decide about the new bridge in autumn, its speaker said after the meeting in "
    "the town hall, which had been called because the old bridge is closed to carts and buses."
)
SECOND = (
    "The old bridge was opened by the mayor's father and has been repaired four times since, most recently after the "
    "flood of last spring, when two of its pillars were damaged by timber that had come down the river."
)
CAPTURED = datetime(2024, 5, 10, 12, 0, tzinfo=UTC)


def page(
    head: str = "", *, above: str = "", below: str = "", after: str = "", heading: str = f"<h1>{TITLE}</h1>"
) -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>{TITLE} | Tarn Gazette</title>{head}</head><body>"
        f"<nav><ul><li>News</li><li>Sport</li></ul></nav>{above}<article>{heading}{below}"
        f"<p>{BODY}</p><p>{SECOND}</p></article>{after}<footer>© 2026 Tarn Gazette, since 3 May 1904</footer></body>"
        "</html>"
    )


def linked(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def judged(
    html: str, url: str | None = None, language: str | None = "en", captured: datetime | None = None
) -> dates.Dates:
    return dates.chosen(dates_in_page(read(html), url=url, language=language, captured_at=captured), captured)


def chosen(html: str, url: str | None = None, language: str | None = "en") -> tuple[str | None, str | None]:
    found = judged(html, url, language, CAPTURED)
    return (
        found.published.value if found.published else None,
        found.modified.value if found.modified else None,
    )


def candidates(html: str) -> list[DateCandidate]:
    return list(judged(html).candidates)


def test_a_page_without_dates_has_none() -> None:
    found = judged(page())
    assert (found.published, found.modified, found.reason) == (None, None, "not_stated")


def test_comments_of_the_source_and_copyright_lines_are_no_signal() -> None:
    assert candidates(page(after="<!-- generated 2024-05-03 10:00 --><p>Copyright 2024</p>")) == []


@pytest.mark.parametrize(
    ("parts", "published", "modified"),
    [
        (
            {"head": linked(datePublished="2024-05-03T10:00:00+02:00", dateModified="2024-05-04T09:00:00+02:00")},
            "2024-05-03T10:00:00+02:00",
            "2024-05-04T09:00:00+02:00",
        ),
        ({"head": '<meta property="article:published_time" content="2024-05-03">'}, "2024-05-03", None),
        ({"head": '<meta name="DC.date.issued" content="2024-05-03">'}, "2024-05-03", None),
        ({"head": '<meta name="last-modified" content="2024-05-03">'}, None, "2024-05-03"),
        ({"below": '<time datetime="2024-05-03T10:00:00+02:00">Friday</time>'}, "2024-05-03T10:00:00+02:00", None),
        (
            {"below": 'Published <time datetime="2024-05-03">x</time>, updated <time datetime="2024-05-04">y</time>'},
            "2024-05-03",
            "2024-05-04",
        ),
        (
            {"below": '<time class="entry-date published" datetime="2024-05-03">x</time>'
                      '<time class="updated" datetime="2024-05-04">y</time>'},
            "2024-05-03",
            "2024-05-04",
        ),
        ({"below": '<span itemprop="datePublished" content="2024-05-03">Friday</span>'}, "2024-05-03", None),
        ({"below": '<span property="dc:created" content="2024-05-03">Friday</span>'}, "2024-05-03", None),
        ({"below": '<abbr class="published" title="2024-05-03T10:00+02:00">x</abbr>'}, "2024-05-03T10:00+02:00", None),
        ({"below": '<div data-published-at="1714730400">Friday</div>'}, "2024-05-03T10:00:00+00:00", None),
        ({"below": "<div>By Jane Aldous | 3 May 2024</div>"}, "2024-05-03", None),
        ({"below": "<div>Posted by Jane Aldous in Town on 3 May 2024</div>"}, "2024-05-03", None),
        ({"below": "<div>Published</div><div>3 May 2024</div>"}, "2024-05-03", None),
        ({"below": "<p class='post-meta'>Town 3 May 2024 Bridges, Council, Traffic</p>"}, "2024-05-03", None),
        ({"below": "<div>3 May 2024 · 4 min read</div>"}, "2024-05-03", None),
        ({"above": "<h2>Friday, 3 May 2024</h2>"}, "2024-05-03", None),
        ({"above": "<div><span>3</span></div><div>May</div><div>2024</div>"}, "2024-05-03", None),
        ({"after": "<p>Published: 3 May 2024</p>"}, "2024-05-03", None),
        ({"heading": f"<div class='t'>{TITLE}</div>", "below": "<div>3 May 2024</div>"}, "2024-05-03", None),
    ],
)  # fmt: skip
def test_signals(parts: dict[str, str], published: str | None, modified: str | None) -> None:
    assert chosen(page(**parts)) == (published, modified)


def test_the_opening_of_the_text_may_date_it() -> None:
    assert chosen(page().replace(BODY, f"TARN HOLLOW, 3 May 2024 – {BODY}")) == ("2024-05-03", None)
    assert chosen(page().replace(BODY, f"On 3 May 2024 {BODY}"))[0] is None


def test_a_date_in_the_running_text_is_noted_as_such() -> None:
    found = judged(page().replace(BODY, f"{BODY} The old one was opened on 4 August 1962."))
    assert found.published is None
    noted = judged(
        page(below="<p>It was opened on 4 August 1962 by Ann Roe, who had paid for much of it herself.</p>")
    )
    assert [(c.value, c.rejected) for c in noted.candidates] == [("1962-08-04", "in_body")]


def test_what_belongs_to_others_is_passed_over() -> None:
    comment = '<section class="comments"><p>Ann <time datetime="2024-05-06T10:00:00Z">6 May 2024</time></p></section>'
    related = '<div class="related-posts"><a>Market day moved</a><time datetime="2024-05-07">7 May 2024</time></div>'
    found = judged(page(after=comment + related))
    assert found.published is None
    assert {c.rejected for c in found.candidates} == {"outside"}
    assert chosen(page(below="<p>3 May 2024</p>", after=comment + related))[0] == "2024-05-03"


def test_several_days_behind_the_text_are_of_several_articles() -> None:
    after = "<div><p>Posted on 3 May 2024</p></div><div><p>Posted on 4 May 2024</p></div>"
    found = judged(page(after=after))
    assert (found.published, found.reason) == (None, "ambiguous")


def test_a_list_below_the_headline_is_no_date() -> None:
    days = "".join(f"<div>{day} May 2024</div>" for day in (3, 4, 5))
    assert judged(page(below=days)).reason == "ambiguous"


def test_a_label_above_a_time_element_says_what_it_is() -> None:
    html = page(below='<div>Last updated</div><div><time datetime="2024-05-04">Saturday</time></div>')
    assert chosen(html) == (None, "2024-05-04")


def test_of_several_json_ld_articles_the_page_s_own_counts() -> None:
    other = linked(headline="Market day moved", url="https://gazette.example/b", datePublished="2024-04-01")
    own = linked(headline=TITLE, url="https://gazette.example/a", datePublished="2024-05-03")
    found = judged(page(other + own), "https://gazette.example/a")
    assert found.published is not None and found.published.value == "2024-05-03"
    assert {(c.value, c.rejected) for c in found.candidates} >= {("2024-04-01", "outside")}


def test_an_organisation_s_founding_and_an_event_s_date_are_none() -> None:
    event = '<script type="application/ld+json">{"@type": "Event", "startDate": "2024-05-03", "name": "Fair"}</script>'
    founded = (
        '<script type="application/ld+json">{"@type": "Organization", "foundingDate": "1999-05-03"}</script>'
    )
    assert candidates(page(event + founded)) == []


def test_what_the_page_shows_beats_a_later_rewritten_date() -> None:
    html = page(linked(datePublished="2024-05-03T10:00:00Z"), below="<p>3 May 2019</p>")
    found = judged(html)
    assert found.published is not None
    assert (found.published.signal, found.published.value) == ("text:header", "2019-05-03")
    assert [c.rejected for c in found.candidates if c.signal == "json-ld"] == ["rewritten"]


def test_the_url_s_day_counts_and_its_month_completes_a_day() -> None:
    assert chosen(page(), "https://gazette.example/2024/05/03/bridge")[0] == "2024-05-03"
    assert chosen(page(), "https://gazette.example/2024/05/bridge")[0] == "2024-05"
    html = page(below="<div>3. May</div>")
    assert chosen(html, "https://gazette.example/2024/05/bridge")[0] == "2024-05-03"
    assert chosen(html, "https://gazette.example/2024/04/bridge")[0] == "2024-04"


def test_the_order_of_a_numeric_date_is_settled_by_the_page_or_left_open() -> None:
    html = page(below="<p>5/3/2024</p>")
    found = judged(html)
    assert (found.published, found.reason) == (None, "ambiguous")
    assert chosen(html, "https://gazette.example.co.uk/a")[0] == "2024-03-05"
    assert chosen(html, language="fr")[0] == "2024-03-05"
    assert (
        chosen(page('<meta name="pubdate" content="2024-05-03">', below="<p>5/3/2024</p>"))[0] == "2024-05-03"
    )
    assert judged(html, captured=datetime(2024, 4, 1, tzinfo=UTC)).published is not None


def test_a_utc_instant_is_given_in_the_offset_of_the_day_that_is_shown() -> None:
    meta = '<meta property="article:published_time" content="2024-05-03T22:30:00Z">'
    html = page(meta, below="<p>4. Mai 2024</p>")
    assert chosen(html, "https://anzeiger.example.de/a", "de")[0] == "2024-05-04T00:30:00+02:00"
    assert chosen(html, "https://anzeiger.example/a", "de")[0] == "2024-05-03T22:30:00+00:00"


def test_a_distance_counts_from_the_capture_or_not_at_all() -> None:
    html = page(below="<p>2 hours ago</p>")
    found = judged(html, captured=CAPTURED).published
    assert found is not None and (found.value, found.precision) == ("2024-05-10T10+00:00", "hour")
    assert judged(html).published is None


def test_dates_to_come_are_noted_and_refused() -> None:
    found = judged(page(below="<p>3 June 2024</p>"), captured=CAPTURED)
    assert (found.published, found.reason) == (None, "future")
    assert [c.value for c in found.candidates] == ["2024-06-03"]


@pytest.mark.parametrize(
    ("language", "line", "published", "modified"),
    [
        (
            "de",
            "Veröffentlicht am 3. Mai 2024 | Zuletzt aktualisiert: 04.05.2024",
            "2024-05-03",
            "2024-05-04",
        ),
        ("fr", "Publié le 3 mai 2024, mis à jour le 4 mai 2024", "2024-05-03", "2024-05-04"),
        (
            "es",
            "Publicado el 3 de mayo de 2024 · Actualizado el 4 de mayo de 2024",
            "2024-05-03",
            "2024-05-04",
        ),
        ("it", "Pubblicato il 3 maggio 2024 - Aggiornato il 4 maggio 2024", "2024-05-03", "2024-05-04"),
        ("pt", "Publicado em 3 de maio de 2024. Atualizado em 4 de maio de 2024", "2024-05-03", "2024-05-04"),
        ("pl", "Data publikacji: 3 maja 2024, aktualizacja: 4 maja 2024", "2024-05-03", "2024-05-04"),
        ("ru", "Опубликовано 3 мая 2024, обновлено 4 мая 2024", "2024-05-03", "2024-05-04"),
        (
            "no",
            "Publisert 03.05.2024, kl. 13.05 Oppdatert 04.05.2024, kl. 13.52",
            "2024-05-03T13:05",
            "2024-05-04T13:52",
        ),
        ("sv", "Publicerad 3 maj 2024 Uppdaterad 4 maj 2024", "2024-05-03", "2024-05-04"),
        ("tr", "Giriş Tarihi: 03.05.2024 Güncelleme: 04.05.2024", "2024-05-03", "2024-05-04"),
        ("ja", "公開日 2024年5月3日 更新日 2024年5月4日", "2024-05-03", "2024-05-04"),
        ("zh", "发布时间：2024年5月3日 更新日期：2024年5月4日", "2024-05-03", "2024-05-04"),
        ("ko", "입력 2024.05.03. 수정 2024.05.04.", "2024-05-03", "2024-05-04"),
        ("uk", "Опубліковано: 3 травня 2024. Оновлено: 4 травня 2024", "2024-05-03", "2024-05-04"),
    ],
)
def test_labels_in_many_languages(language: str, line: str, published: str, modified: str) -> None:
    assert chosen(page(below=f"<p>{line}</p>"), language=language) == (published, modified)


@pytest.mark.parametrize(
    "piece",
    [
        "<p>Published 3 May 2024</p>",
        '<time datetime="2024-05-03">x</time>',
        '<span class="comment" itemprop="datePublished">3 May 2024</span>',
        "<div>2024</div>",
        "<p>2024-05-3 2024-05-3 1/1/1 99 </p>",
        "3 May 2024<br>",
        f"<time>{'x ' * 500}",
        f"<h2>{TITLE} ",
        f'<meta itemprop="datePublished" name="date" content="{TITLE}">',
    ],
)
def test_a_hostile_page_costs_little(piece: str) -> None:
    parsed = read(page(after=piece * 10_000))
    start = time.process_time()
    dates.chosen(dates_in_page(parsed, url="https://gazette.example/" + "2024/05/" * 500), CAPTURED)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "shown", ["<p>Updated: 3 May 2024</p>", "<div>Last updated on</div><div>May 3, 2024</div>"]
)
def test_a_page_that_shows_only_an_update_is_dated_by_it(shown: str) -> None:
    found = judged(page(below=shown))
    assert found.published is not None
    assert (found.published.signal, found.published.value) == ("modified", "2024-05-03")


def test_an_update_that_only_machines_read_dates_no_publication() -> None:
    found = judged(page(linked(headline=TITLE, dateModified="2024-05-03T10:00:00Z")))
    assert (found.published, found.reason) == (None, "only_modified")
