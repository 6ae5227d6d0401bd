"""Fits the line classifier: ``python -m tasks.train_lines --guides DIR --out FILE``."""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import Features, features
from tasks.article.line_model import REACH, Network, apply, structure, windows
from tasks.article.line_vocabulary import terms

Floats = NDArray[np.float32]


@dataclass
class Page:
    lines: list[str]
    body: NDArray[np.bool_]


def read(folder: Path) -> dict[str, Page]:
    labels = {}
    with (folder / "gold.jsonl").open(encoding="utf8") as rows:
        for row in map(json.loads, rows):
            labels[row["id"]] = row["labels"]
    pages = {}
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf8") as rows:
        for row in map(json.loads, rows):
            pairs = [(line.strip(), label) for line, label in zip(row["text"].split("\n"), labels[row["id"]], strict=bool(row["text"]))]
            pairs = [pair for pair in pairs if pair[0]]
            pages[row["id"]] = Page([line for line, _ in pairs], np.array([bool(label) for _, label in pairs]))
    return pages


# ---- foreign ----
LATIN = "etaoinshrdlucmfwypvbgkqjxzäöüéèáíóúçñåøšžğıłęą"
STYLES = {  # alphabet, characters a letter, has spaces, has case, languages whose terms stand in
    "latin": (LATIN, 1.1, True, True, ("de", "fr", "es", "it", "pt", "nl", "nordic", "pl", "tr")),
    "cyrillic": ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщ", 1.1, True, True, ("slavic",)),
    "arabic": ("ايلمنتربوعدسفحكقجشطخصثزغضظذ", 0.8, True, False, ("other",)),
    "hangul": ("".join(chr(0xAC00 + 97 * n) for n in range(110)), 0.45, True, False, ("ko",)),
    "han": ("".join(chr(0x4E00 + 53 * n) for n in range(300)), 0.33, False, False, ("zh",)),
    "kana": ("".join(chr(0x3042 + n) for n in range(60)) + "".join(chr(0x4E00 + 71 * n) for n in range(200)), 0.42, False, False, ("ja",)),
}
CJK_MARKS = str.maketrans({".": "。", ",": "、", "?": "？", "!": "！", "“": "「", "”": "」", ":": "："})
TOKEN = re.compile(r"[^\W_]+")
TERMS = terms()
ENGLISH = {term: kind for kind, languages in TERMS.items() for term in languages["en"]}


def foreign(lines: list[str], style: str, rng: np.random.Generator) -> list[str]:
    alphabet, ratio, spaced, cased, languages = STYLES[style]
    salt = int(rng.integers(1 << 30))
    nouns = cased and style == "latin" and rng.random() < 0.4
    shown = rng.random() * 0.4 + 0.6  # how much of the furniture the lists know
    stand_in = {kind: [t for name in languages for t in by[name]] for kind, by in TERMS.items()}
    known: dict[str, str] = {}

    def word(match: re.Match[str]) -> str:
        text = match.group()
        if text.isdigit():
            return text
        out = known.get(text.lower())
        if out is None:
            seed = zlib.crc32(text.lower().encode(), salt)
            kind = ENGLISH.get(text.lower())
            if kind and seed % 1000 < shown * 1000:
                out = stand_in[kind][seed % len(stand_in[kind])]
            else:
                length = max(1, round(len(text) * ratio + (seed >> 8) % 3 - 1 if ratio > 1 else len(text) * ratio))
                out = "".join(alphabet[zlib.crc32(bytes([n & 255]), seed) % len(alphabet)] for n in range(length))
            known[text.lower()] = out
        if cased and (text[0].isupper() or (nouns and zlib.crc32(out.encode()) % 4 == 0)):
            return out.upper() if text.isupper() and len(text) > 1 else out[0].upper() + out[1:]
        return out

    def pair(match: re.Match[str]) -> str:
        kind = ENGLISH[match.group().lower()]
        seed = zlib.crc32(match.group().lower().encode(), salt)
        return f"\0{kind}\1{seed % len(stand_in[kind])}\2" if seed % 1000 < shown * 1000 else match.group()

    result = []
    for line in lines:
        marked = PAIRS.sub(pair, line)
        out = "".join(
            stand_in[part.split("\1")[0]][int(part.split("\1")[1])] if n % 2 else TOKEN.sub(word, part)
            for n, part in enumerate(re.split("[\0\2]", marked))
        )
        if not spaced:
            out = out.translate(CJK_MARKS).replace(" ", "")
        elif style == "arabic":
            out = out.replace(",", "،").replace("?", "؟")
        result.append(out or line)
    return result


PAIRS = re.compile(r"\b(?:" + "|".join(sorted((t for t in ENGLISH if " " in t), key=len, reverse=True)) + r")\b", re.IGNORECASE)


# ---- augmentation ----
def teasers(others: list[Page], rng: np.random.Generator) -> list[str]:
    """A list of links to other stories: headline and, mostly, a sentence or two of each."""
    lines: list[str] = []
    with_text, with_label = rng.random() < 0.75, rng.random() < 0.4
    for _ in range(int(rng.integers(1, 9))):
        other = others[int(rng.integers(len(others)))]
        gold = np.flatnonzero(other.body)
        if with_label:
            lines.append(other.lines[int(rng.integers(max(int(gold[0]), 1)))])
        before = [line for line in other.lines[max(int(gold[0]) - 4, 0) : int(gold[0])] if 25 < len(line) < 140]
        lines.append(max(before, key=len) if before else other.lines[int(gold[0])][:80])
        if with_text:
            lines.append(other.lines[int(rng.choice(gold))])
    return lines


def varied(page: Page, others: list[Page], rng: np.random.Generator) -> Page:
    lines, labels = list(page.lines), page.body.tolist()
    if rng.random() < 0.6:
        gold = np.flatnonzero(page.body)
        keep = np.ones(len(lines), bool)
        if rng.random() < 0.6 and len(gold) > 2:
            some = min(int(np.exp(rng.uniform(0, np.log(45)))) + 1, len(gold) - 1)
            start = 0 if rng.random() < 0.5 else int(rng.integers(len(gold) - some + 1))
            stop = start + some
            keep[gold[0] : gold[start]] = False
            keep[gold[stop - 1] + 1 : gold[-1] + 1] = False
            gold = gold[start:stop]
        if rng.random() < 0.5:
            keep[: max(0, page.body.argmax() - int(rng.choice([0, 0, 1, 2, 3, 6, 12])))] = False
        after = len(page.body) - int(page.body[::-1].argmax())
        if rng.random() < 0.5:
            keep[after + int(rng.choice([0, 0, 1, 2, 4, 8, 16])) :] = False
        if rng.random() < 0.3:
            inner = np.arange(len(lines))
            keep[(inner > gold[0]) & (inner < gold[-1]) & ~page.body] = False
        chosen = np.flatnonzero(keep)
        lines, labels = [lines[i] for i in chosen], [labels[i] for i in chosen]
    if rng.random() < 0.4:  # after the body or somewhere behind it
        last = len(labels) - labels[::-1].index(True)
        where = last if rng.random() < 0.5 else int(rng.integers(last, len(lines) + 1))
        added = teasers(others, rng)
        lines[where:where] = added
        labels[where:where] = [False] * len(added)
    if rng.random() < 0.15:
        where = int(rng.integers(0, labels.index(True) + 1))
        added = teasers(others, rng)
        lines[where:where] = added
        labels[where:where] = [False] * len(added)
    if rng.random() < 0.15:  # one in mid-body
        where = int(rng.integers(labels.index(True), len(lines) - labels[::-1].index(True)))
        added = teasers(others, rng)[:3]
        lines[where:where] = added
        labels[where:where] = [False] * len(added)
    if rng.random() < 0.25:
        where = max(labels.index(True) - int(rng.integers(1, 4)), 0)
        if not labels[where]:
            lines.insert(where, lines[where])
            labels.insert(where, False)
    if rng.random() < 0.15:
        first = labels.index(True)
        if first >= 4:
            start = int(rng.integers(0, first - 3))
            stop = min(start + int(rng.integers(3, 30)), first)
            lines[start:stop] = [str(rng.choice(["", " ", " "])).join(lines[start:stop])]
            labels[start:stop] = [False]
    if rng.random() < 0.5:
        lines = foreign(lines, str(rng.choice(list(STYLES), p=[0.45, 0.15, 0.1, 0.1, 0.08, 0.12])), rng)
    return Page(lines, np.array(labels))


def importance(page: Page, words: Floats) -> Floats:
    weight = words + 1.5
    weight = weight / (weight[page.body].sum() + 30)
    wrong = weight[~page.body].sum()
    if wrong > 1.5:
        weight[~page.body] *= 1.5 / wrong
    return weight.astype(np.float32)


# ---- networks ----
Sample = tuple[Floats, Floats, Floats]  # rows, target, weight


def fit(samples_of_epoch: list[list[Sample]], hidden: tuple[int, int], epochs: int, seed: int, rate: float = 3e-3) -> Network:
    rng = np.random.default_rng(seed)
    sample = np.concatenate([rows for rows, _, _ in samples_of_epoch[0]])
    mean, std = sample.mean(axis=0), np.maximum(sample.std(axis=0), 0.05)
    width, (h1, h2) = sample.shape[1], hidden
    span = 2 * REACH + 1
    p = [
        rng.normal(0, np.sqrt(2 / width), (width, h1)), np.zeros(h1),
        rng.normal(0, np.sqrt(2 / (span * h1)), (span * h1, h2)), np.zeros(h2),
        rng.normal(0, np.sqrt(1 / h2), (h2,)), np.zeros(()),
    ]
    p = [np.asarray(a, np.float32) for a in p]
    m, v = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
    step, batch = 0, 24
    pad = np.zeros((REACH, width), np.float32)
    total = epochs * ((len(samples_of_epoch[0]) + batch - 1) // batch)
    for epoch in range(epochs):
        samples = samples_of_epoch[epoch % len(samples_of_epoch)]
        order = rng.permutation(len(samples))
        for at in range(0, len(order), batch):
            rows, target, weight, valid = [], [], [], []
            for number in order[at : at + batch]:
                r, t, w = samples[number]
                rows += [(r - mean) / std, pad]
                target += [t, pad[:, 0]]; weight += [w, pad[:, 0]]
                valid += [np.ones(len(t), np.float32), pad[:, 0]]
            x = np.concatenate(rows).astype(np.float32); y = np.concatenate(target); w = np.concatenate(weight)
            ok = np.concatenate(valid)[:, None]
            a1 = x @ p[0] + p[1]
            z1 = np.maximum(a1, 0) * ok
            c = windows(np.ascontiguousarray(z1.T)).T
            a2 = c @ p[2] + p[3]
            z2 = np.maximum(a2, 0)
            drop = (rng.random(z2.shape[1]) > 0.1).astype(np.float32)
            z2d = z2 * drop
            o = 1 / (1 + np.exp(-np.clip(z2d @ p[4] + p[5], -30, 30)))
            d = (o - y) * w / batch
            g4 = z2d.T @ d; g5 = d.sum()
            d2 = (d[:, None] * p[4]) * drop * (a2 > 0)
            g2 = c.T @ d2; g3 = d2.sum(axis=0)
            dc = d2 @ p[2].T
            d1 = np.zeros_like(z1)
            for shift in range(span):
                part = dc[:, shift * h1 : (shift + 1) * h1]
                move = shift - REACH
                if move < 0: d1[:move] += part[-move:]
                elif move > 0: d1[move:] += part[:-move]
                else: d1 += part
            d1 *= (a1 > 0) * ok
            g0 = x.T @ d1; g1 = d1.sum(axis=0)
            step += 1
            lr = rate * 0.5 * (1 + np.cos(np.pi * step / total)) * min(1, step / 50)
            for k, g in enumerate((g0, g1, g2, g3, g4, g5)):
                m[k] = 0.9 * m[k] + 0.1 * g; v[k] = 0.99 * v[k] + 0.01 * g * g
                p[k] = p[k] - lr * (m[k] / (1 - 0.9**step) / (np.sqrt(v[k] / (1 - 0.99**step)) + 1e-7) + (2e-2 * p[k] if k in (0, 2) else 0))
                p[k] = p[k].astype(np.float32)
    w1 = (p[0] / std[:, None]).astype(np.float32)
    return Network(w1.T.copy(), (p[1] - mean @ w1).astype(np.float32)[:, None], p[2].T.copy(), p[3][:, None], p[4], p[5])
