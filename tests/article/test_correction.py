"""Which lines tell readers that an article was changed, and which only look so."""

from __future__ import annotations

import pytest

from tasks.article.correction import AFTER, around, notes
from tasks.article.date_words import table
from tasks.article.model import Found

TEXT = "The harbour is closed until Monday, the office said.\n\nNobody was hurt."
NOTES = (
    ("en", "Correction: the day was wrong."),
    ("en", "CORRECTION (3 May): the day was wrong."),
    ("en", "Update, 3:45 p.m.: the office has answered."),
    ("en", "*This story was updated at 5:45 p.m. to include an answer of the office."),
    ("en", "We have corrected this article, which named another day."),
    ("en", "Editor’s note, 4 May: the second paragraph was amended."),
    ("en", "A previous version of this report misspelt the name of the pier."),
    ("de", "Korrekturhinweis: In einer früheren Fassung stand ein anderer Tag."),
    ("de", "Wir haben diesen Artikel am 3. Mai aktualisiert."),
    ("de", "Anm. d. Red.: Die Zahl der Schiffe wurde berichtigt."),
    ("fr", "Mise à jour du 3 mai à 10h : la réponse du port a été ajoutée."),
    ("es", "Este artículo ha sido corregido: el puerto abre el lunes."),
    ("pt", "Errata: o porto abre na segunda-feira."),
    ("it", "Questo articolo è stato aggiornato con la risposta del porto."),
    ("nl", "In een eerdere versie van dit artikel stond een andere dag."),
    ("pl", "W poprzedniej wersji artykułu podaliśmy inny dzień."),
    ("ru", "Обновлено 3 мая в 12:00: добавлен ответ порта."),
    ("uk", "Текст було оновлено після відповіді порту."),
    ("tr", "Bu haber, limanın yanıtıyla güncellenmiştir."),
    ("ar", "تصحيح: يفتح الميناء يوم الاثنين."),
    ("ja", "この記事は5月3日に修正しました。"),
    ("zh", "更正：本文早前误写了日期。"),
    ("ko", "이 기사는 3일 수정되었습니다."),
)
OTHERS = (
    ("en", "Corrections officer charged in 2021 case: court hears of a feud"),
    ("en", "Update your home inventory: take an inventory of what you own."),
    ("en", "This story is developing and will be updated."),
    ("en", "This article was edited by Ada Holm."),
    ("en", "Editor's note: the views expressed are the author's own."),
    ("en", "Updated: 3 May 2026 10:00"),
    ("de", "Aktualisiert am 07.01.2026 - 18:50 Uhr | Lesedauer: 4 Min."),
    ("en", "The original version of the telephone was larger."),
    ("de", "Dieser Artikel wird laufend aktualisiert."),
    ("de", "Update folgt."),
    ("fr", "Cet article sera mis à jour."),
    ("zh", "本文将持续更新。"),
)


def told(line: str, language: str) -> Found[tuple[str, ...]]:
    return notes(None, f"{TEXT}\n\n{line}", (), language)


@pytest.mark.parametrize(("language", "line"), NOTES)
def test_is_a_note(language: str, line: str) -> None:
    assert told(line, language) == Found((line,), "text:note")


@pytest.mark.parametrize(("language", "line"), OTHERS)
def test_is_no_note(language: str, line: str) -> None:
    assert told(line, language) == Found((), reason="not_stated")


def test_every_language_has_its_words() -> None:
    for language, words in table("correction_words").items():
        line = f"{words['labels'][0]}: 3."
        assert told(line, language).value == (line,), language


def test_title_text_and_what_is_beside_each_once() -> None:
    note = "Correction: the harbour opens on Monday."
    found = notes("CORRECTED: Harbour is open", f"{TEXT}\n\n{note}", ["Update: pier", note], "en")
    assert found.value == ("CORRECTED: Harbour is open", note)


def test_a_paragraph_may_have_several_lines() -> None:
    verse = "Correction:\nthe first line\nof the poem was wrong."
    assert told(verse, "en").value == (verse,)


def test_what_stands_below_a_bare_label() -> None:
    below = ["Share", "Correction", "The harbour opens on Monday, not on Sunday.", "All rights reserved."]
    assert notes("Harbour", TEXT, below, "en").value == (below[2],)
    assert notes("Harbour", TEXT, ["Updated", "3 May 2026"], "en").value == ()


def test_unknown_where_no_words_are_listed_or_there_is_no_article() -> None:
    for language in (None, "xx"):
        assert notes(None, TEXT, (), language) == Found(None, reason="unlisted_language")
    assert notes("Correction: Harbour", "", (), "en") == Found(None, reason="no_article")


def test_only_what_is_near_the_text_is_beside_it() -> None:
    lines = [f"line {number}" for number in range(40)]
    near = around(lines, [15, 17])
    assert near == [lines[n] for n in (*range(9, 15), 16, *range(18, 18 + AFTER))]
    assert around(lines, []) == []
