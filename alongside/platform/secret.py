"""A text that must not be seen: passwords, tokens, addresses that carry a password."""

from __future__ import annotations

HIDDEN = "(hidden)"


class Secret:
    """Wraps a text so that printing, formatting, logging, pickling or encoding it never shows it.

    `reveal()` is the only way in, so that a search for it lists every use.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Hand it straight to whoever needs it; never to a log or an error."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be pickled")
