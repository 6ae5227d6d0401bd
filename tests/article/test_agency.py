"""Agencies are read from credits of the text alone; datelines give place and agency."""

from __future__ import annotations

import pytest

from tasks.article.agency import credited, is_caption, lookup, signers
from tasks.article.byline_dateline import dateline


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Agence France-Presse", "AFP"), ("REUTERS", "Reuters"), ("dpa/lsw", "dpa"),
        ("Reuters/AFP", "Reuters"), ("The Canadian Press", "CP"), ("ТАСС", "TASS"),
        ("連合", None), ("REUTERS/Tomas Aldin", None), ("ap", None),
    ],
)  # fmt: skip
def test_lookup(text: str, name: str | None) -> None:
    assert lookup(text) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("AFP", ("AFP",)), ("AFP/Reuters", ("AFP", "Reuters")), ("dpa, AFP und Reuters", ("dpa", "AFP", "Reuters")),
        ("Le Courrier et AFP", ("AFP",)), ("AFP, AFP", ("AFP",)), ("dpa/lsw", ("dpa",)),
        ("Calder Courier", ()), ("", ()),
    ],
)  # fmt: skip
def test_several_agencies_are_several_values(text: str, names: tuple[str, ...]) -> None:
    assert credited(text) == names


@pytest.mark.parametrize(
    ("paragraph", "agencies"),
    [
        ("HALVERTON, May 3 (Reuters, AFP) - Grain prices fell.", ("Reuters", "AFP")),
        ("Hallstedt (dpa/AFP) - Die Seilbahn bleibt geschlossen.", ("dpa", "AFP")),
        ("HALVERTON, Ohio – Grain prices fell.", ()),
    ],
)
def test_agencies_of_a_dateline(paragraph: str, agencies: tuple[str, ...]) -> None:
    found = dateline(paragraph)
    assert found is not None
    assert found.agencies == agencies


def test_a_shouted_opening_is_no_dateline() -> None:
    assert dateline("WHAT WE KNOW SO FAR - The bridge is closed.") is None


def test_several_agencies_sign() -> None:
    assert signers("The harvest will be smaller. (dpa/AFP)") == ("dpa", "AFP")
    assert signers("With reporting by Reuters and AP") == ("Reuters", "AP")
    assert signers("The minister was quoted by Interfax.") == ()


@pytest.mark.parametrize(
    ("paragraph", "place", "agency"),
    [
        ("HALVERTON, May 3 (Reuters) - Grain prices fell.", "Halverton", "Reuters"),
        ("(AP) — Grain prices fell.", None, "AP"),
        ("NEW BRELLIN (AFP) – Grain prices fell.", "New Brellin", "AFP"),
        ("Hallstedt (dpa) - Die Seilbahn bleibt geschlossen.", "Hallstedt", "dpa"),
        ("Montclar, 3 mai 2024 (AFP) - La bibliothèque rouvre.", "Montclar", "AFP"),
        ("Valmonte, 3 may (EFE).- El museo abre sus puertas.", "Valmonte", "EFE"),
        ("СВЕТЛОГРАД, 18 ноября — ТАСС. Мост открыли.", "Светлоград", "TASS"),
        ("СВЕТЛОГРАД, 18 ноября. /ТАСС/. Мост открыли.", "Светлоград", "TASS"),
        ("【港町共同】古い灯台の公開が始まった。", "港町", "Kyodo"),
        ("（港町＝連合）古い灯台の公開が始まった。", None, None),
        ("(항구=연합뉴스) 오래된 등대가 공개됐다.", "항구", "Yonhap"),
        ("新华社海城5月3日电 灯塔开放。", "海城", "Xinhua"),
        ("HALVERTON, Ohio – Grain prices fell.", "Halverton, Ohio", None),
        ("UPDATE – Grain prices fell.", None, None),
        ("Halverton – a town of millers – waits for rain.", None, None),
        ("Officials (AFP counted nine) met again.", None, None),
        ("The minister told Reuters - and nobody else - that prices fell.", None, None),
    ],
)
def test_dateline(paragraph: str, place: str | None, agency: str | None) -> None:
    found = dateline(paragraph)
    assert (found.place, found.agency) == (place, agency) if found else (place, agency) == (None, None)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("© AFP", "AFP"), ("With reporting by Reuters", "Reuters"), ("Source: AFP", "AFP"),
        ("The harvest will be smaller. (dpa)", "dpa"), ("The harvest will be smaller. – Reuters", "Reuters"),
        ("The minister was quoted by Interfax.", None), ("Prices rose, AFP was told by traders.", None),
    ],
)  # fmt: skip
def test_signed(line: str, name: str | None) -> None:
    assert next(iter(signers(line)), None) == name


def test_photo_credits_make_a_caption() -> None:
    assert is_caption("Envoy Lena Marsh arrives for talks in Stenness. REUTERS/Tomas Aldin")
    assert is_caption("Envoy Lena Marsh arrives for talks in Stenness. (Reuters)")
    assert not is_caption("HALVERTON (Reuters) - Grain prices fell.")
