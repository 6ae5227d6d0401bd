"""Stories of texts in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.link_stories import features_of
from tasks.linking.sieve import places
from tasks.linking.stories import SILENCE, Articles, Clusterer
from tasks.linking.story_candidates import before, sharing
from tasks.linking.story_split import cut
from tasks.linking.story_terms import Features, number, opening
from tasks.linking.story_told import similarities, told
from tasks.linking.story_vectors import HEADS, TERMS, Frequencies, Vectors, unpacked
from tests.linking.samples import EVENTS, report


def features(texts: list[str]) -> Iterator[Features]:
    return features_of([opening(text) for text in texts])


def clustered(texts: list[str], days: list[float] | None = None, language: str = "en") -> Clusterer:
    of = Frequencies.of(language)
    vectors = [of.vector(terms) for terms in features(texts)]
    published = np.array(days if days is not None else [0.0] * len(texts))
    articles = Articles(
        [str(place) for place in range(len(texts))],
        Vectors.of([(vector.numbers, vector.weights) for vector in vectors]),
        published,
        np.zeros(len(texts)),
    )
    clusterer = Clusterer(articles)
    for row in range(len(texts)):
        clusterer.add(row)
    return clusterer


def parted(clusterer: Clusterer) -> set[frozenset[int]]:
    return {frozenset(story.rows) for story in clusterer.story.values()}


def test_each_event_is_a_story() -> None:
    texts = [report(event, seed) for seed in range(8) for event in EVENTS]
    found = parted(clustered(texts))
    assert found == {frozenset(range(place, len(texts), len(EVENTS))) for place in range(len(EVENTS))}


def test_texts_on_different_matters_stay_alone() -> None:
    assert len(parted(clustered([report(event, 0) for event in EVENTS] + ["", "Yes."]))) == len(EVENTS) + 2


def test_a_story_ends_in_silence() -> None:
    texts = [report("ferry", seed) for seed in range(4)]
    assert len(parted(clustered(texts, [0, SILENCE, 2 * SILENCE, 3 * SILENCE]))) == 1
    assert parted(clustered(texts, [0, 1, 2 + SILENCE, 3 + SILENCE])) == {
        frozenset({0, 1}),
        frozenset({2, 3}),
    }


def test_where_a_date_is_unknown_the_time_of_arrival_holds() -> None:
    texts = [report("ferry", seed) for seed in range(3)]
    assert len(parted(clustered(texts, [0, 250, 500]))) == 3
    assert len(parted(clustered(texts, [0, np.nan, 500]))) == 1  # all arrived at one time


def test_what_turns_out_to_be_two_stories_is_split() -> None:
    both = [f"{report('ferry', seed)} {report('strike', seed)}" for seed in range(2)]
    texts = both + [report(event, seed) for seed in range(10, 18) for event in ("ferry", "strike")]
    clusterer = clustered(texts)
    assert len({clusterer.story[row].id for row in range(2, len(texts), 2)}) == 1
    assert len({clusterer.story[row].id for row in range(2, len(texts))}) == 2
    assert "split" in clusterer.change.values()


def test_what_turns_out_to_be_one_story_is_merged() -> None:
    text = report("museum", 0)
    clusterer = clustered([text, report("vaccine", 0), f"{text} {report('vaccine', 0)}"])
    assert clusterer.story[0] is clusterer.story[2] or clusterer.story[1] is clusterer.story[2]
    texts = [
        "Aurelian Vase stolen in Port Ellory overnight",
        "Inspector Tamsin Rowe seeks museum thieves for ransom",
    ]
    texts += [
        "Aurelian Vase stolen in Port Ellory overnight: Inspector Tamsin Rowe seeks museum thieves for ransom"
    ]
    clusterer = clustered(texts)
    assert parted(clusterer) == {frozenset({0, 1, 2})}
    assert len(clusterer.merged) == 1 and "merged" in clusterer.change.values()


def test_a_large_story_is_found_in_little_room() -> None:
    clusterer = clustered([report("ferry", seed) for seed in range(400)])
    assert len(parted(clusterer)) == 1


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ["Die Fähre lief vor Saltby auf Grund, alle Fahrgäste wurden gerettet.",
                "Nach dem Unglück der Fähre vor Saltby sind die Fahrgäste gerettet.",
                "Das Stahlwerk in Dunmere wird seit Montag bestreikt, sagte die Gewerkschaft."]),
        ("zh", ["渡轮在马伦岛附近搁浅，乘客全部获救。", "马伦岛附近搁浅的渡轮上乘客已经获救，调查开始。",
                "钢铁厂工人星期一开始罢工，要求提高工资。"]),
    ],
)  # fmt: skip
def test_other_languages_by_the_same_means(language: str, texts: list[str]) -> None:
    assert parted(clustered(texts, language=language)) == {frozenset({0, 1}), frozenset({2})}


def test_short_words_tell_nothing_unless_they_are_names() -> None:
    (read,) = features(["I dag var de som det var, sier EU, og det er av det som var på vei i 2026."])
    told = {read.term(place) for place, dwelt in enumerate(read.dwelt) if dwelt}
    assert told == {"sier", "eu", "2026"}
    apart = [
        "Søndag gikk landet ut og fordømte det som var av angrep på naboen, der det var uro.",
        "Stavhopperen er en av dem som er klar for finalen, og det var det som var målet på lørdag.",
    ]
    assert len(parted(clustered(apart, language="no"))) == 2


def test_names_weigh_more_than_words_and_pairs_of_them_count() -> None:
    (read,) = features(["The ferry met Ilse Borgh. Ferry crews praised Ilse Borgh."])
    found = {read.term(place): dwelt for place, dwelt in enumerate(read.dwelt)}
    assert found["ilse borgh"] == found["ilse"] > found["ferry"] > found["crew"]
    assert "borgh ferry" not in found


def test_a_long_text_is_read_at_its_top() -> None:
    short, long = features(["word " * 5_000, "word " * 50_000])
    assert short.dwelt.tolist() == long.dwelt.tolist()


def test_a_text_is_read_the_same_among_others() -> None:
    texts = [report(event, seed) for seed in range(60) for event in EVENTS]
    for text, among in zip(texts, features(texts), strict=True):
        (alone,) = features([text])
        terms = [[read.term(place) for place in range(len(read.numbers))] for read in (alone, among)]
        assert terms[0] == terms[1] and alone.dwelt.tolist() == among.dwelt.tolist()
        assert alone.numbers.tolist() == [number(term) for term in terms[0]]


def test_terms_that_every_text_has_fade() -> None:
    of = Frequencies.of("xx")
    for place in range(1_000):
        numbers = np.unique(np.array([number("quasi"), number(f"term{place}")], np.int32))
        of.count(numbers, 1, numbers)
    vector = of.vector(*features(["quasi zebra"]))
    assert vector.terms[0] == "zebra" and vector.weights[1] < vector.weights[0] / 4


def test_a_vector_comes_back_as_it_was_stored() -> None:
    vector = Frequencies.of("en").vector(*features([report("ferry", 1)]))
    stored = np.frombuffer(vector.packed(), np.uint8)
    numbers, weights = unpacked(stored, np.array([len(stored)]))
    assert numbers.tolist() == vector.numbers.tolist() and len(vector.terms) == HEADS
    assert len(numbers) <= TERMS and np.abs(weights - vector.weights).max() < 1e-4
    assert np.linalg.norm(vector.weights) == pytest.approx(1, abs=1e-5)
    assert number("ferry") == 1057823763  # the same on every machine


def test_candidates_share_two_heads() -> None:
    heads = np.array([1, 2, 3, 2, 3, 9, 1, 9, 2, 3, 9], np.int32)
    rows = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3])
    assert [found.tolist() for found in before(heads, rows, np.arange(5) >= 1)] == [[0], [], [0, 1], []]
    ends = np.array([0, 3, 6, 8, 11], np.int32)
    assert sharing(heads, ends, np.array([1, 9], np.int32)).tolist() == [2]


def test_a_cut_needs_two_parts_that_are_apart() -> None:
    def blocks(across: float) -> np.ndarray:
        alike = np.full((8, 8), across, np.float32)
        alike[:5, :5] = alike[5:, 5:] = 0.5
        np.fill_diagonal(alike, 0)
        return alike

    parts = cut(blocks(0.1), 0.7)
    assert parts and [part.tolist() for part in parts] == [[0, 1, 2, 3, 4], [5, 6, 7]]
    assert cut(blocks(0.45), 0.7) is None
    assert cut(blocks(0.1)[:5, :5], 0.7) is None


def test_a_story_is_told_by_its_most_central_article() -> None:
    of = Frequencies.of("en")
    texts = [
        report("ferry", 1),
        report("ferry", 2) + report("museum", 1),
        report("ferry", 1) + report("ferry", 2),
    ]
    vectors = [of.vector(terms) for terms in features(texts)]
    names = {n: term for v in vectors for n, term in zip(v.numbers.tolist(), v.terms, strict=False)}
    pairs = [(v.numbers, v.weights) for v in vectors]
    it = told(pairs, [3.0, 1.0, 2.0], lambda numbers: [names[n] for n in numbers.tolist() if n in names])
    assert (it.central, it.began, it.last) == (2, 1.0, 3.0)
    assert "ferry" in " ".join(it.vector.terms) or "saltby" in it.vector.terms
    mean = np.mean([similarities(a, Vectors.of(pairs)) for a in pairs])
    assert float(it.vector.weights @ it.vector.weights) == pytest.approx(mean, abs=0.05)


@given(st.lists(st.integers(-40, 40)), st.integers(0, 3), st.lists(st.integers(-40, 40)))
def test_hashes_are_found_among_others_that_share_their_last_bits(
    wanted: list[int], shift: int, asked: list[int]
) -> None:
    scale = 10 ** (shift * 3)  # 1,000,000 times, some share their last 20 bits
    rising = np.unique(np.array(wanted, np.int32) * scale)
    hashes = np.array(asked, np.int32) * np.int32(scale)
    expected = [rising.tolist().index(h) if h in rising else len(rising) for h in hashes.tolist()]
    assert places(rising.astype(np.int32), hashes.astype(np.int32)).tolist() == expected
