"""What changed between two versions of a text: its paragraphs in order, and within a changed one its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

State = Literal["same", "removed", "added"]

# Words and numbers; of scripts that write no spaces each character; all else character by character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORDS = re.compile(rf"\s+|[{_UNSPACED}]|[^\W{_UNSPACED}]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a paragraph, and in which of the versions they are."""

    text: str
    state: State


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of one version or of both. ``kind``: moved, where the other version has it at another place."""

    kind: Literal["same", "changed", "added", "removed", "moved"]
    parts: tuple[Part, ...]


def compared(
    before: Sequence[str], after: Sequence[str], changed: Sequence[tuple[str, str]] = ()
) -> list[Paragraph]:
    """The paragraphs of both versions in reading order, those removed where they stood.

    ``changed``: pairs of which the second is what became of the first. What moved is shown where it is now.
    """
    became = dict(changed)
    origins = {new: old for old, new in changed}
    old_keys = [became.get(paragraph, paragraph) for paragraph in before]
    shown: list[Paragraph] = []
    for tag, first, last, start, end in SequenceMatcher(None, old_keys, after, autojunk=False).get_opcodes():
        if tag in {"delete", "replace"}:
            gone = (
                p for p, key in zip(before[first:last], old_keys[first:last], strict=True) if key not in after
            )
            shown.extend(Paragraph("removed", (Part(paragraph, "removed"),)) for paragraph in gone)
        for paragraph in after[start:end]:
            if paragraph in origins:
                shown.append(Paragraph("changed", words(origins[paragraph], paragraph)))
            elif tag == "equal":
                shown.append(Paragraph("same", (Part(paragraph, "same"),)))
            elif paragraph in before:
                shown.append(Paragraph("moved", (Part(paragraph, "same"),)))
            else:
                shown.append(Paragraph("added", (Part(paragraph, "added"),)))
    return shown


def words(before: str, after: str) -> tuple[Part, ...]:
    """The words of both texts in order; what is removed stands before what took its place."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[Part] = []
    removed = added = ""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, first, last, start, end) in enumerate(codes):
        same = "".join(new[start:end])
        inside = 0 < number < len(codes) - 1
        if tag == "equal" and not (inside and same.isspace()):  # a space alone holds no two changes apart
            parts += _replaced(removed, added)
            parts.append(Part(same, "same"))
            removed = added = ""
        else:
            removed += "".join(old[first:last])
            added += same
    return (*parts, *_replaced(removed, added))


def _replaced(removed: str, added: str) -> list[Part]:
    both = (Part(removed, "removed"), Part(added, "added"))
    return [part for part in both if part.text]
