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
    ("en", "(Corrects day of the opening in paragraph 2)"),
    ("en", "Correction\nThe harbour opens on Monday."),
    ("en", "This article has been\nupdated to include an answer."),
    ("fr", "Mise à jour du 3 mai à 10h : la réponse du port a été ajoutée."),
    ("es", "Este artículo ha sido corregido: el puerto abre el lunes."),
    ("pt", "Errata: o porto abre na segunda-feira."),
    ("it", "Questo articolo è stato aggiornato con la risposta del porto."),
    ("nl", "In een eerdere versie van dit artikel stond een andere dag."),
    ("tr", "DÜZELTME: Liman pazartesi açılıyor."),
    ("el", "ΔΙΟΡΘΩΣΗ: Το λιμάνι ανοίγει τη Δευτέρα."),
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
    ("en", "Updated: 9.45pm"),
    ("en", "Updated: 5 minutes ago"),
    ("en", "The mayor told this reporter that the plan had been revised."),
    ("en", "This post office was recently updated."),
    ("en", "This article of the constitution was amended in 1991."),
    ("en", "In this report, the fund revised its forecast."),
    ("en", "Check back for an updated version of this story."),
    ("en", "By continuing to use this page you accept our updated privacy policy."),
    ("en", "This article is updated regularly by our team of experts."),
    ("en", "Corrections: if you see an error, please write to us."),
    ("en", "Update: 2-1 Rovers (Smith 45)"),
    ("de", "In der ursprünglichen Fassung des Gesetzentwurfs fehlte der Satz."),
    ("de", "Aktualisiert: vor 3 Stunden"),
    ("de", "Update folgt."),
    ("es", "El titular de Hacienda presentó el presupuesto modificado."),
    ("fr", "Correction (0-4) pour Lens à Paris."),
    ("fr", "Ce texte a été modifié par le Sénat."),
    ("nl", "De koploper heeft zijn record verbeterd."),
    ("no", "Saken er sendt tilbake etter at loven ble endret."),
    ("pl", "Artykuł 10 ustawy został zmieniony."),
    ("pl", "W tym kontekście plan został zmieniony."),
    ("ru", "По первоначальной версии следствия, пожар начался ночью."),
    ("ru", "В текст законопроекта внесены изменения."),
    ("ru", "Обновлено: 12:45"),
    ("ar", "سيتم تحديث هذا الخبر لاحقا."),
    ("zh", "日本文化厅更新了名录。"),
    ("ko", "기자들이 기사를 수정했다고 말했다."),
    ("ja", "更新：3時間前"),
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
    found = notes("CORRECTED-Harbour is open", f"{TEXT}\n\n{note}", [["Update: pier", note]], "en")
    assert found.value == ("CORRECTED-Harbour is open", note)
    assert notes("UPDATE 2-Tennis: Holm beats Berg", TEXT, (), "en").value == ()


def test_a_paragraph_may_have_several_lines() -> None:
    verse = "Correction:\nthe first line\nof the poem was wrong."
    assert told(verse, "en").value == (verse,)


def test_what_stands_below_a_bare_label() -> None:
    note = "The harbour opens on Monday, not on Sunday."
    below = ["Share", "Correction", note, "All rights are with the Saltby Courier, of course."]
    assert notes("Harbour", TEXT, [below], "en").value == (note,)
    assert notes("Harbour", TEXT, [["Correction: May 4, 2026", note]], "en").value == (note,)
    assert notes("Harbour", f"{TEXT}\n\nCorrection:\n\n{note}", (), "en").value == (note,)
    for apart in (["Updated", note], ["Updated 05/03/2026 10:30", note], ["Updated", "3 May 2026"]):
        assert notes("Harbour", TEXT, [apart], "en").value == ()
    assert notes("Harbour", TEXT, [["Correction"], [note]], "en").value == ()


def test_only_near_its_ends_a_text_may_speak_of_itself_without_a_label() -> None:
    line = "This story was updated with an answer."
    middle = "\n\n".join([*[TEXT] * 3, line, *[TEXT] * 3])
    assert notes(None, middle, (), "en").value == ()
    assert told(line, "en").value == (line,)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_norwegian_by_either_of_its_codes(language: str) -> None:
    assert told("Rettelse: Havnen åpner mandag.", language).value == ("Rettelse: Havnen åpner mandag.",)


def test_unknown_where_no_words_are_listed_or_there_is_no_article() -> None:
    for language in (None, "xx"):
        assert notes(None, TEXT, (), language) == Found(None, reason="unlisted_language")
    assert notes("Correction: Harbour", "", (), "en") == Found(None, reason="no_article")


def test_only_what_is_near_the_text_is_beside_it() -> None:
    assert around([15, 17], 40) == [[*range(9, 15)], [16], [*range(18, 18 + AFTER)]]
    assert around([0], 1) == around([], 40) == []
