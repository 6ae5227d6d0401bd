"""Language codes of bodies, and the reasons where there is no telling."""

from __future__ import annotations

import pytest

from tasks.article.language import identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The council will decide about the new bridge in the autumn of this year.", "en"),
        ("Der Rat der Stadt entscheidet im Herbst über die neue Brücke am Fluss.", "de"),
        ("Совет города решит вопрос о новом мосте через реку этой осенью.", "ru"),
        ("海沿いの町で古い灯台の一般公開が始まった。", "ja"),
        ("THE COUNCIL WILL DECIDE ABOUT THE NEW BRIDGE IN THE AUTUMN OF THIS YEAR.", "en"),
    ],
)
def test_identifies(text: str, code: str) -> None:
    found, confidence = identify(text)
    assert found.value == code
    assert confidence is not None and 0.5 <= confidence <= 1


@pytest.mark.parametrize(
    ("text", "reason"), [("", "too_short"), ("Read more", "too_short"), ("xq zzkv " * 20, "low_confidence")]
)
def test_unsure_is_none(text: str, reason: str) -> None:
    found, _ = identify(text)
    assert (found.value, found.reason) == (None, reason)
