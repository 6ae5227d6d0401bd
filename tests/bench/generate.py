"""Synthetic crawled news texts: different from each other, with the leftovers and quotations of real ones."""

from __future__ import annotations

import random
import sys
from pathlib import Path

PLACES = "Port Ellery,Marren,Saltby,Norhaven,Vell,Castrin,Upper Toll,Quayford,Drumlin,Estavar".split(",")
FIRST = "Ada Jon Mira Tomas Ines Karel Ruth Omar Lena Pavel Sofia Henrik Nadia Colm Yusuf".split()
LAST = "Holm Vik Castell Orban Lindqvist Farrow Adeyemi Novak Strand Okafor Brandt Quill Serrano".split()
ROLES = "Transport Minister,Mayor,union spokeswoman,Harbour Master,opposition leader,chief engineer".split(
    ","
)
VERBS = "said,told reporters,added,warned".split(",")
SUBJECTS = (
    "the ferry company,the council,the ministry,the regional court,the port authority,a group of residents,"
    "the rail operator,the hospital,the fishing cooperative,the energy regulator,the university"
).split(",")
ACTIONS = (
    "rejected,approved,delayed,published,questioned,revised,withdrew,defended,cancelled,reopened,audited"
).split(",")
OBJECTS = (
    "the plan to close the old bridge,a report on storm damage,the timetable for the winter season,"
    "a budget of 40 million crowns,the tender for two new ships,an inquiry into the flooding,"
    "the agreement with neighbouring districts,a ban on night landings,the sale of the shipyard"
).split(",")
REASONS = (
    "after weeks of protest,because costs had risen faster than expected,despite objections from fishermen,"
    "ahead of a vote in parliament,as water levels kept rising,under pressure from the insurers,"
    "following talks that lasted until dawn,in spite of a warning from its own engineers"
).split(",")
MONTHS = "January February March April May June July August September October November December".split()
TAIL = "Read more:,{place} waits for answers,What we know about {place},Most read,{place} in pictures".split(
    ","
)


def article(number: int, size: int = 4_000) -> str:
    """The text numbered ``number``, about ``size`` characters; the same number gives the same text."""
    rng = random.Random(number)
    place = rng.choice(PLACES)
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    role = rng.choice(ROLES)

    def sentence() -> str:
        clause = f"{rng.choice(SUBJECTS)} {rng.choice(ACTIONS)} {rng.choice(OBJECTS)} {rng.choice(REASONS)}"
        return (
            f"{clause[0].upper()}{clause[1:]}, {rng.randint(2, 98)} people in {rng.choice(PLACES)} were told."
        )

    title = f"{place}: {rng.choice(SUBJECTS)} {rng.choice(ACTIONS)} {rng.choice(OBJECTS)} ({number})"
    body: list[str] = [f"{role} {name} spoke in {place} on Tuesday. {sentence()} {sentence()}"]
    while sum(map(len, body)) < size - 400:
        kind = rng.random()
        if kind < 0.3:
            body.append(f"“{sentence()[:-1]},” {name.split()[1]} {rng.choice(VERBS)}. {sentence()}")
        else:
            body.append(" ".join(sentence() for _ in range(rng.randint(1, 3))))
    clock = f"{rng.randint(10, 23)}:{rng.randint(10, 59)}"
    date = f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(2018, 2025)} {clock}"
    caption = f"A view of {place} harbour. File photo: {rng.choice(FIRST)} {rng.choice(LAST)}/Shore Pictures"
    body.insert(len(body) // 2, "For the latest headlines, follow our channel online or via the app")
    tail = [line.format(place=place) for line in TAIL]
    return (
        "\n\n".join([title, f"By {rng.choice(FIRST)} {rng.choice(LAST)}", date, caption, title, *body, *tail])
        + "\n"
    )


def write(folder: Path, count: int, size: int = 4_000) -> None:
    """``count`` texts as files in ``folder``, 1,000 a sub-folder."""
    for number in range(count):
        file = folder / f"{number // 1000:04}" / f"{number:07}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article(number, size), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
