import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.decode import Decoded, decode

POLISH = "Zażółć gęślą jaźń — mówiła pani Kowalska."
RUSSIAN = "Мэр города Верхнеозёрска заявил, что мост откроют в июне. Работы продолжаются третий год."
JAPANESE = "市長は記者会見で、新しい橋が六月に開通すると述べた。工事は三年目に入っている。"


def test_plain_utf8() -> None:
    assert decode(POLISH.encode()) == Decoded(POLISH, "utf-8")


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_beats_what_is_declared_and_is_removed(mark: bytes, charset: str) -> None:
    assert decode(mark + POLISH.encode(charset), "iso-8859-1") == Decoded(POLISH, charset)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["The bridge opens in June.\n" * 9, RUSSIAN * 3, (JAPANESE + "\n2 km 3 km\n") * 9]
)
def test_utf16_without_a_mark(charset: str, text: str) -> None:
    assert decode(text.encode(charset)) == Decoded(text, charset)


@pytest.mark.parametrize(
    ("text", "charset", "declared", "codec"),
    [
        (POLISH, "cp1250", "windows-1250", "cp1250"),
        (RUSSIAN, "koi8-r", "KOI8-R", "koi8-r"),
        (JAPANESE, "shift_jis", " Shift_JIS ", "cp932"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", "iso2022_jp"),
        ("“Café” – 5 €", "cp1252", "iso-8859-1", "cp1252"),
        ("İstanbul’da “köprü” açıldı", "cp1254", "iso-8859-9", "cp1254"),
    ],
)
def test_a_declared_charset_is_read_as_browsers_read_it(
    text: str, charset: str, declared: str, codec: str
) -> None:
    assert decode(text.encode(charset), declared) == Decoded(text, codec)


def test_valid_utf8_beats_a_declared_single_byte_charset() -> None:
    assert decode(POLISH.encode(), "iso-8859-2") == Decoded(POLISH, "utf-8")


@pytest.mark.parametrize("declared", [None, "", "no-such-charset", "base64", "utf-16", "idna", "\0"])
def test_an_undeclared_or_senseless_charset_is_guessed(declared: str | None) -> None:
    assert decode((RUSSIAN * 4).encode("cp1251"), declared).text == RUSSIAN * 4


def test_ascii_wrongly_declared_wide_stays_ascii() -> None:
    assert decode(b"The bridge opens in June.\n", "utf-16le").text == "The bridge opens in June.\n"


def test_damaged_utf8_stays_utf8_and_says_so() -> None:
    found = decode((POLISH * 20).encode()[:-1] + b"\xc5")
    assert found.charset == "utf-8"
    assert found.errors
    assert found.text.startswith(POLISH)
    assert found.text.endswith("\ufffd")


def test_nothing() -> None:
    assert decode(b"", "utf-8") == Decoded("", "utf-8")


@given(
    st.binary(max_size=300), st.sampled_from([None, "utf-8", "ascii", "cp1252", "utf-16-le", "hz", "big5"])
)
def test_any_bytes_give_a_text(data: bytes, declared: str | None) -> None:
    found = decode(data, declared)
    assert found.errors or found.text.encode(found.charset, "surrogatepass") is not None
    assert isinstance(found.text, str)
