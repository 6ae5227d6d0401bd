import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.normalise import normalise

TRICKY = st.text(
    st.one_of(st.characters(), st.sampled_from("âÃÂ€™œ\x80\x99\x85\u200d\u200c\xa0ï»¿éÅ\u212b\u0301a\r\n"))
)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        pytest.param("a\r\nb\rc\x0bd\x0ce\u2028f\u2029g\x85h", "a\nb\nc\nd\ne\nf\ng\nh", id="line ends"),
        pytest.param("a\u00a0b\u202fc\u3000d\te", "a b c d e", id="spaces, one for one"),
        pytest.param("so\u00adcial\u200b \ufeff\u2060me\u200edia\x07\ue001", "social media", id="invisible"),
        pytest.param("cafe\u0301", "café", id="composed"),
        pytest.param("e\u200b\u0301", "é", id="composed across what is removed"),
        pytest.param("“Well …” he said – ﬁne²", "“Well …” he said – ﬁne²", id="typography stays"),
        pytest.param("\x93Yes\x94, he said\x85", "“Yes”, he said…", id="Windows-1252 read as Latin-1"),
        pytest.param("Itâ€™s â€œfineâ€\x9d", "It’s “fine”", id="mojibake"),
        pytest.param("cafÃ© Ã\xa0 la", "café à la", id="mojibake with a no-break space"),
        pytest.param("ÃƒÂ©tÃƒÂ©", "été", id="mojibake twice"),
        pytest.param("É… «À» Ã… naïve», Â", "É… «À» Ã… naïve», Â", id="accents that look like mojibake"),
        pytest.param("می\u200cروم", "می\u200cروم", id="joiner that Persian needs"),
        pytest.param("क्\u200dष", "क्\u200dष", id="joiner that Hindi needs"),
        pytest.param("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", id="joiner within emoji"),
        pytest.param("ne\u200cws\u200d", "news", id="joiner that nobody needs"),
        pytest.param("x\ud83d\ude00y\ud800", "x😀y\ufffd", id="surrogates"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_spelling(written: str, spelled: str) -> None:
    assert normalise(written) == spelled


def test_a_repair_touches_only_lines_with_signs() -> None:
    assert normalise("Itâ€™s\nfaÃ§ade — “naïve”\nok") == "It’s\nfaçade — “naïve”\nok"


@given(TRICKY)
def test_idempotent_and_composed(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\r\t\x00\x7f\u00a0\u00ad\u2028\ufeff")


def test_only_a_text_as_long_as_articles_are_is_repaired() -> None:
    garbled = "The river â€™ rose. "
    assert normalise(garbled * 100) == "The river ’ rose. " * 100
    assert normalise(garbled * 10_000) == garbled * 10_000
