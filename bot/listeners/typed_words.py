"""The words that people type, in the bot's languages and in those for which a campaign brings words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.campaign.bot_words import BotWords
from bot.listeners.word_splitting import Token, key
from bot.locales import catalogues

LONGEST_PHRASE = 6
"""The most words of a command, or letters of one that is spelled out: s t o p."""

_CACHED = 1024


@dataclass(frozen=True)
class TypedWords:
    """The words under `typed.` in every catalogue, and in the words that a campaign brings."""

    brought: BotWords

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are understood, the bot's own first."""
        return tuple(dict.fromkeys((*catalogues.languages(), *self.brought.by_language)))

    def spelled(self, name: str) -> tuple[str, ...]:
        """Return the words under `typed.<name>`, in all languages."""
        return _spelled(self.brought, name)

    def phrases(self, name: str) -> frozenset[str]:
        """Return the keys of all words under `typed.<name>`, in all languages."""
        return _keys(self.brought, (name,))

    def without(self, words: list[Token], *names: str) -> list[Token]:
        """Strip the words under the given names from both ends."""
        kept = self.after(words, *names)
        while (before := self._rest(_trailing(kept), names)) is not None:
            kept = before
        return kept

    def after(self, words: list[Token], *names: str) -> list[Token]:
        """Strip the words under the given names from the beginning."""
        kept = words
        while (rest := self._rest(leading(kept), names)) is not None:
            kept = rest
        return kept

    def _rest(self, found: Iterator[tuple[str, list[Token]]], names: tuple[str, ...]) -> list[Token] | None:
        known = _keys(self.brought, names)
        return next((rest for phrase, rest in found if phrase in known), None)


def leading(words: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    """Iterate over the keys of the first words, and the words after them; the longest first."""
    for length in range(min(len(words), LONGEST_PHRASE), 0, -1):
        yield "".join(token.key for token in words[:length]), words[length:]


def _trailing(words: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    for length in range(min(len(words), LONGEST_PHRASE), 0, -1):
        yield "".join(token.key for token in words[-length:]), words[:-length]


@lru_cache(_CACHED)
def _keys(brought: BotWords, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key(word) for name in names for word in _spelled(brought, name))


@lru_cache(_CACHED)
def _spelled(brought: BotWords, name: str) -> tuple[str, ...]:
    own = [catalogues.words(language)(f"typed.{name}") for language in catalogues.languages()]
    more = [texts.get(f"typed.{name}", "") for texts in brought.by_language.values()]
    return tuple(word.strip() for text in (*own, *more) for word in text.split(",") if word.strip())
