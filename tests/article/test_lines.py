from hypothesis import given
from hypothesis import strategies as st

from tasks.article.lines import blocks

WRAPPED = """\
The council of Larkmoor voted on Tuesday to rebuild the old ferry pier
before winter, ending a quarrel that had split the town for nearly four
years and cost two mayors their office.

"It was never about the pier," said Odile Brandt, who runs the bakery
across from the harbour. "It was about who gets asked and who does not,
and that has not changed."

The work is to begin in May. It will cost about two million crowns, half
of which the province has promised to pay.
"""


def test_each_line_is_a_block_and_empty_ones_stay() -> None:
    assert blocks(" Title \n\nFirst paragraph.\nSecond.\n") == [
        "Title",
        "",
        "First paragraph.",
        "Second.",
        "",
    ]


def test_paragraphs_wrapped_at_a_column_are_joined() -> None:
    joined = blocks(WRAPPED)
    assert [line for line in joined if line] == [
        part.replace("\n", " ") for part in WRAPPED.strip().split("\n\n")
    ]
    assert joined[1] == ""


def test_wrapped_text_without_word_spaces_is_joined_without_spaces() -> None:
    sentence = "市議会は火曜日、古い渡し場の桟橋を冬までに再建することを決めた"
    paragraph = (sentence + "が、この問題をめぐっては町が四年近くにわたって二つに割れて") * 3
    wrapped = "\n".join(paragraph[at : at + 50] for at in range(0, len(paragraph), 50))
    assert blocks(f"{wrapped}\n\n{wrapped}") == [paragraph, "", paragraph]


def test_short_paragraphs_that_end_their_sentences_are_not_joined() -> None:
    text = "\n".join(
        f"Sentence number {n} of the report is about as long as all the others." for n in range(9)
    )
    assert blocks("Title\n\n" + text) == ["Title", "", *text.split("\n")]


def test_a_menu_is_not_joined() -> None:
    text = "Home\nWorld\nSport\nWeather\n\nCulture\nBooks\nFilm\nStage\n\nContact\nImprint\nJobs"
    assert blocks(text) == text.split("\n")


@given(st.text(st.sampled_from("ab \n.漢"), max_size=200))
def test_no_character_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(blocks(text)).split()) == "".join(text.split())
