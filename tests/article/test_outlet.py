"""The outlet as a page names itself; platforms, agencies and companies are none."""

from __future__ import annotations

import pytest

from tasks.article.outlet import from_lines


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        (["Get the latest stories from ElMirador on Google News"], "El Mirador"),
        (["Follow HarbourTimes on Telegram"], "Harbour Times"),
        (["© 2024 The Calder Times. All rights reserved"], "The Calder Times"),
        (["Copyright 2024 Luma Today Inc", "More from Luma Today"], "Luma Today"),
        (["Copyright © 2026 Brinmoor Valley | Terms | Privacy"], "Brinmoor Valley"),
        (["© Ostwälder Bote 2026"], "Ostwälder Bote"),
        (["© La Voz de la Ribera, 2026. Aviso legal"], "La Voz de la Ribera"),
        (["Get all the latest from BrinmoorCourier in your inbox"], "Brinmoor Courier"),
        (["For the latest, follow our Brinmoor Valley channel on the app or the web"], "Brinmoor Valley"),
    ],
)
def test_self_reference(tail: list[str], name: str) -> None:
    assert from_lines([], tail, None).value == name


@pytest.mark.parametrize(
    "tail",
    [
        ["For the latest headlines, follow our Google News channel online or via the app"],
        ["Follow Facebook on Twitter"],
        ["© AFP"],
        ["© 2024 Brenner Verlag GmbH"],
        ["© Somebody Else"],
        ["Photo: © 2024 Somebody Else"],
        ["© 2024 Somebody Else/Reuters"],
        ["© 2024 WordPress"],
        ["© 2024 Calder Software Ltd"],
        ["© 2024 The owners of the works shown"],
    ],
)
def test_other_names_are_no_outlets(tail: list[str]) -> None:
    assert from_lines([], tail, None).value is None


def test_a_url_alone_names_a_host() -> None:
    assert from_lines([], [], "https://courier.example/a").reason == "host_only"
    assert from_lines([], [], None).reason == "not_stated"
