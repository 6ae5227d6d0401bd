# ruff: noqa: E501 (sample texts have a paragraph a line)
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.clean import clean, clean_many, reasons
from tasks.article.line_features import features
from tasks.article.line_model import judge, model
from tasks.article.normalise import normalise

BODIES = {
    "en": """\
The council of Larkmoor voted on Tuesday to rebuild the old ferry pier before winter, ending a quarrel that had split the town for nearly four years.
Eleven of the nineteen members backed the plan, which had been changed three times since it was first put forward by the harbour office.
“It was never about the pier.”
“It was about who gets asked and who does not,” said Odile Brandt, who runs the bakery across from the harbour and led the campaign against the first plan.
The work is to begin in May and will cost about two million crowns, half of which the province has promised to pay.
Mayor Henrik Solis called the vote a relief. “We can now talk about something else,” he told reporters outside the town hall.
The pier was closed in 2019 after a storm broke four of its posts. Since then, the ferry to Ostrand has left from the fishing port, a walk of twenty minutes.""",
    "de": """\
Der Stadtrat von Larkmoor hat am Dienstag beschlossen, den alten Fähranleger noch vor dem Winter wieder aufzubauen. Damit endet ein Streit, der die Stadt fast vier Jahre lang gespalten hatte.
Elf der neunzehn Mitglieder stimmten für den Plan, den das Hafenamt seit dem ersten Entwurf dreimal geändert hatte.
„Um den Anleger ging es nie“, sagte Odile Brandt, die gegenüber dem Hafen eine Bäckerei betreibt. „Es ging darum, wer gefragt wird und wer nicht.“
Die Arbeiten sollen im Mai beginnen und rund zwei Millionen Kronen kosten. Die Hälfte davon will die Provinz übernehmen.
Bürgermeister Henrik Solis nannte die Abstimmung eine Erleichterung. Nun könne man endlich über etwas anderes reden, sagte er vor dem Rathaus.""",
    "es": """\
El ayuntamiento de Larkmoor aprobó el martes la reconstrucción del antiguo muelle antes del invierno y puso fin a una disputa que había dividido a la ciudad durante casi cuatro años.
Once de los diecinueve concejales votaron a favor del plan, que la oficina del puerto había modificado tres veces.
«Nunca se trató del muelle», dijo Odile Brandt, dueña de una panadería frente al puerto. «Se trataba de a quién se pregunta y a quién no».
Las obras empezarán en mayo y costarán unos dos millones de coronas, la mitad de los cuales pagará la provincia.""",
    "ru": """\
Городской совет Ларкмура во вторник проголосовал за восстановление старого паромного причала до наступления зимы. Спор о нём делил город почти четыре года.
За план, который управление порта меняло трижды, высказались одиннадцать из девятнадцати депутатов.
«Дело никогда не было в причале, — сказала Одиль Брандт, хозяйка пекарни напротив гавани. — Дело в том, кого спрашивают, а кого нет».
Работы начнутся в мае и обойдутся примерно в два миллиона крон, половину суммы обещала выделить провинция.""",
    "ja": """\
ラークムア市議会は火曜日、古い渡し場の桟橋を冬までに再建する計画を賛成多数で可決した。町を四年近く二分してきた争いに終止符が打たれた。
港湾局が三度にわたって修正した計画には、議員十九人のうち十一人が賛成した。
「問題は桟橋ではなかった。誰が意見を聞かれ、誰が聞かれないかという問題だった」と、港の向かいでパン屋を営むオディール・ブラントさんは話した。
工事は五月に始まり、費用はおよそ二百万クローネに上る見通しで、半分は州が負担すると約束している。""",
    "ar": """\
صوّت مجلس مدينة لاركمور يوم الثلاثاء لصالح إعادة بناء رصيف العبّارات القديم قبل حلول الشتاء، منهياً خلافاً قسّم المدينة طوال ما يقرب من أربع سنوات.
وأيّد أحد عشر عضواً من أصل تسعة عشر الخطة التي عدّلتها إدارة الميناء ثلاث مرات منذ طرحها للمرة الأولى.
وقالت أوديل برانت، صاحبة المخبز المقابل للميناء: "لم يكن الأمر يتعلق بالرصيف قط، بل بمن يُسأل ومن لا يُسأل".
ومن المقرر أن تبدأ الأعمال في مايو، وستبلغ تكلفتها نحو مليوني كرونة، تعهدت المقاطعة بدفع نصفها.""",
    "ko": """\
라크무어 시의회는 화요일 오래된 나루터의 부두를 겨울이 오기 전에 다시 짓기로 의결했다. 4년 가까이 도시를 둘로 갈라놓았던 다툼이 이로써 끝났다.
항만청이 세 차례나 고친 이 계획에 의원 열아홉 명 가운데 열한 명이 찬성했다.
"문제는 부두가 아니었습니다. 누구에게 묻고 누구에게 묻지 않느냐의 문제였죠." 항구 맞은편에서 빵집을 운영하는 오딜 브란트 씨가 말했다.
공사는 5월에 시작되며 비용은 약 200만 크로네로, 절반은 주에서 부담하기로 약속했다.""",
}

PAGE = f"""\
icon arrow-licon arrow-ricon bellicon burgericon closeicon downicon fbicon heart-oicon linkicon mailicon pinicon playicon searchicon tweeticon user
Menu
Home
World
Sport
Weather
Sign in
Larkmoor votes to rebuild ferry pier before winter
Larkmoor votes to rebuild ferry pier before winter

by

Published: Updated:

Share
Facebook
WhatsApp
0:00
1:47
The closed pier of Larkmoor, seen from the harbour office in March 2023. (Anna Feld/Bay Pictures)
The closed pier of Larkmoor, seen from the harbour office in March 2023. (Anna Feld/Bay Pictures)

{BODIES["en"]}

.

Read more:
Ostrand ferry to run twice a day in summer
Five things to know about the harbour tunnel
You May Also Like
Recommended for you
Baker of the year lives in Larkmoor
Get the latest stories in our app
Cheap Loans Today
"""


@pytest.mark.parametrize("language", BODIES)
@pytest.mark.parametrize("separator", ["\n", "\n\n"])
def test_a_text_without_leftovers_comes_through_whole(language: str, separator: str) -> None:
    lines = BODIES[language].split("\n")
    assert clean(separator.join(lines)).body.split("\n\n") == lines


@pytest.mark.parametrize("language", BODIES)
def test_two_paragraphs_are_an_article(language: str) -> None:
    lines = BODIES[language].split("\n")[:2]
    assert clean("\n".join(lines)).body.split("\n\n") == lines


@pytest.mark.parametrize("language", BODIES)
def test_one_paragraph_is_an_article(language: str) -> None:
    line = BODIES[language].split("\n")[0]
    assert clean(line).kept == (0,)


def test_a_page_is_reduced_to_its_article() -> None:
    assert clean(PAGE).body.split("\n\n") == BODIES["en"].split("\n")


def test_head_and_tail_are_the_lines_around_the_body() -> None:
    found = clean(PAGE)
    head, tail = [found.lines[index] for index in found.head], [found.lines[index] for index in found.tail]
    assert head[1] == "Menu"
    assert head[-1] == head[-2] != ""
    assert tail[:2] == [".", "Read more:"]
    assert "" not in head + tail
    assert found.lines == [line.strip() for line in PAGE.split("\n")]


def test_a_promotion_within_the_article_is_left_out() -> None:
    lines = BODIES["en"].split("\n")
    page = [
        *lines[:3],
        "For more breaking stories, follow our WhatsApp channel or subscribe to our newsletter",
        *lines[3:],
    ]
    assert clean("\n\n".join(page)).body.split("\n\n") == lines


@pytest.mark.parametrize("gap", [" ", "  "])
def test_a_line_that_is_one_text_twice_is_no_body(gap: str) -> None:
    lines = BODIES["en"].split("\n")
    twice = gap.join([lines[4], lines[4]])
    found = clean("\n".join([*lines[:4], twice, *lines[5:]]))
    assert found.body.split("\n\n") == lines[:4] + lines[5:]
    assert reasons(found)[4] == "repeated"


def test_sub_headings_stay() -> None:
    lines = BODIES["en"].split("\n")
    page = [*lines[:4], "A walk of twenty minutes", *lines[4:]]
    assert clean("\n".join(page)).body.split("\n\n") == page


def test_a_text_wrapped_at_a_column_becomes_paragraphs() -> None:
    lines = BODIES["en"].split("\n")
    wrapped = "\n\n".join(_wrap(line) for line in lines)
    assert clean(wrapped).body.split("\n\n") == lines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" * 5,
        ".\n-\n...",
        "Menu\nHome\nWorld\nSport\nSign in\nSubscribe\nCookies",
        "Home | World | Sport | Culture | Weather | Sign in",
        "404 Not Found",
    ],
)
def test_what_is_no_article_has_no_body(text: str) -> None:
    found = clean(text)
    assert found.kept == ()
    assert found.body == ""
    assert found.tail == []
    assert found.head == [index for index, line in enumerate(found.lines) if line]


def test_reasons_name_every_line() -> None:
    found = clean(PAGE)
    codes = dict(zip(found.lines, reasons(found), strict=True))
    assert codes[""] == "empty"
    assert codes["."] == "punctuation"
    assert codes["Larkmoor votes to rebuild ferry pier before winter"] == "repeated"
    assert codes["Sign in"] == "menu"
    assert codes["Facebook"] == "share"
    assert codes["Read more:"] == "related"
    assert codes["Baker of the year lives in Larkmoor"] == "after"
    assert [line for line, code in zip(found.lines, reasons(found), strict=True) if code == "body"] == [
        found.lines[index] for index in found.kept
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 400_000, id="one line of 2 MB"),
        pytest.param("漢" * 700_000, id="one line of ideographs"),
        pytest.param("\n" * 100_000, id="empty lines"),
        pytest.param("Home\n" * 50_000, id="the same line"),
        pytest.param("?!\n" * 50_000, id="punctuation"),
        pytest.param("😀\n\U0001f1e9\U0001f1ea\n" * 20_000, id="beyond the basic plane"),
        pytest.param("\ud800\n\udfff", id="lone surrogates"),
    ],
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    start = time.process_time()
    assert len(clean(text).lines) == text.count("\n") + 1
    assert time.process_time() - start < 4


@given(st.text(st.one_of(st.characters(), st.sampled_from("\n\n .,a漢ا한")), max_size=200))
def test_any_text_gives_lines_in_order(text: str) -> None:
    found = clean(normalise(text))
    assert list(found.kept) == sorted(set(found.kept))
    assert all(found.lines[index] for index in found.kept)
    assert {*found.head, *found.kept, *found.tail} <= {i for i, line in enumerate(found.lines) if line}


def test_many_texts_are_cleaned_as_each_alone() -> None:
    texts = [
        PAGE,
        "",
        *BODIES.values(),
        "Menu",
        PAGE[::-1],
        PAGE.upper(),
        "word " * 30_000,
        "\n",
        "404 Not Found",
    ]
    alone = [clean(text) for text in texts]
    assert clean_many(texts) == alone
    assert clean_many(texts[::-1]) == alone[::-1]
    assert clean_many([]) == []


@given(st.lists(st.sampled_from([*PAGE.split("\n"), "", *"".join(BODIES.values()).split("\n")]), max_size=60))
def test_how_likely_a_line_is_body_does_not_depend_on_other_texts(lines: list[str]) -> None:
    filled = [line for line in lines if line] or ["Menu"]
    beside = [line for line in PAGE.split("\n") if line]
    alone = judge(model(), features(filled), np.array([len(filled)]))
    counts = np.array([len(beside), len(filled), len(beside)])
    among = judge(model(), features([*beside, *filled, *beside], counts), counts)
    assert among[len(beside) : len(beside) + len(filled)].tobytes() == alone.tobytes()


def test_sums_of_the_trees_are_exact() -> None:
    for trees in (model().first, model().second):
        assert (trees.leaves == np.rint(trees.leaves)).all()
        assert np.abs(trees.leaves).max(axis=1).sum() < 2**24


def _wrap(line: str, width: int = 72) -> str:
    rows, row = [], ""
    for word in line.split():
        if len(row) + len(word) >= width:
            rows.append(row)
            row = ""
        row = f"{row} {word}".strip()
    return "\n".join([*rows, row])
