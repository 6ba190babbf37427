"""A sentence with places, found again in a text by the words around them."""

import re
from dataclasses import dataclass
from itertools import pairwise

PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Pattern:
    """A sentence with places, by the words around them; each place is filled with anything, but not with nothing."""

    sentence: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    telling: str
    """The longest of the words behind a place: most texts are told apart by them at once."""

    def values_in(self, text: str) -> dict[str, str]:
        """What fills its places where the text is all this sentence, each as short as can be; {} where it is not.

        In time that grows with the text alone: what people wrote in it may be made to be slow for a regular expression.
        """
        first, *between, last = self.words
        end = len(text) - len(last)
        if not (text.startswith(first) and text.endswith(last)):
            return {}
        bounds = [(0, len(first))]
        for words in between:
            start = text.find(words, bounds[-1][1] + 1, end)
            if start < 0:
                return {}
            bounds.append((start, start + len(words)))
        if bounds[-1][1] >= end:
            return {}
        values = [text[before[1] : after[0]] for before, after in pairwise([*bounds, (end, len(text))])]
        return dict(zip(self.names, values, strict=True))


def pattern_of(sentence: str) -> Pattern:
    """Of a sentence that has a place at least."""
    parts = PLACE.split(sentence)
    names, words = tuple(parts[1::2]), tuple(parts[::2])
    return Pattern(sentence, names, words, telling=max(words[1:], key=len))
