"""Invented reports on invented events: several a story, in words of their own."""

from __future__ import annotations

import random

_EVENTS = {
    "ferry": (
        ["Marren", "Saltby", "Captain Ilse Borgh", "Tidewater Line", "Gannet Rock"],
        [
            "ferry",
            "aground",
            "passengers",
            "hull",
            "lifeboat",
            "pilot",
            "rudder",
            "tide",
            "rescued",
            "inquiry",
        ],
    ),
    "vaccine": (
        ["Doctor Amara Quist", "Velland", "Northmoor Institute", "Halvard Prize", "Minister Oke"],
        [
            "vaccine",
            "trial",
            "malaria",
            "doses",
            "children",
            "fever",
            "immunity",
            "clinic",
            "approval",
            "mosquito",
        ],
    ),
    "strike": (
        ["Corvane Steel", "Union Leader Piet Marsh", "Dunmere", "Ostrava Road", "Chancellor Vey"],
        [
            "strike",
            "wages",
            "furnace",
            "picket",
            "workers",
            "ballot",
            "overtime",
            "pensions",
            "walkout",
            "mediator",
        ],
    ),
    "museum": (
        ["Lindqvist Museum", "Aurelian Vase", "Inspector Tamsin Rowe", "Port Ellory", "Count Berenger"],
        [
            "museum",
            "thieves",
            "vase",
            "alarm",
            "curator",
            "insurance",
            "gallery",
            "ransom",
            "burglary",
            "antique",
        ],
    ),
}
_COMMON = "said the on was of people who and that had been it after more they would in a to their new".split()


def report(event: str, seed: int) -> str:
    """A report of some 120 words; another ``seed`` words it differently."""
    rng = random.Random(f"{event} {seed}")
    names, words = _EVENTS[event]
    sentences = []
    for _ in range(12):
        some = rng.sample(words, 3) + rng.sample(_COMMON, 6)
        rng.shuffle(some)
        sentences.append(f"{rng.choice(names)} {' '.join(some)} {rng.choice(words)}.")
    return " ".join(sentences)


EVENTS = list(_EVENTS)
