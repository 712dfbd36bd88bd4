"""Pasted texts: bounded, over at some time, and never taken for keys."""

from __future__ import annotations

import pytest
from textual import events

from roadtui.ui.terminal.bracketed_paste import (
    END,
    MOST_CHARACTERS,
    START,
    BracketedPaste,
    DropReason,
    PasteDropped,
)


class Input:
    """A terminal that sends, and what comes of it."""

    def __init__(self) -> None:
        self.now = 0.0
        self._paste = BracketedPaste(lambda: self.now)
        self.keys = ""
        """What a parser of keys is given, without the marks of a paste."""
        self.pasted: list[str] = []
        self.dropped: list[DropReason] = []

    def send(self, text: str) -> None:
        self._take(self._paste.feed(text))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self._take(self._paste.tick())

    @property
    def is_open(self) -> bool:
        return self._paste.is_open

    def _take(self, parts: object) -> None:
        sent = ""
        for part in parts:  # type: ignore[attr-defined]
            if isinstance(part, str):
                sent += part
            elif isinstance(part, events.Paste):
                self.pasted.append(part.text)
            else:
                assert isinstance(part, PasteDropped)
                self.dropped.append(part.reason)
        self.keys = (self.keys + sent).replace(START, "").replace(END, "")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_text_is_told_from_keys_wherever_it_is_cut(size: int) -> None:
    sent = f"jk{START}some {START}text\0\x1b[A{END}x\x1b[B{START}{END}{START}more{END}q"
    terminal = Input()
    for at in range(0, len(sent), size):
        terminal.send(sent[at : at + size])
    assert terminal.keys == "jkx\x1b[Bq"
    assert terminal.pasted == [f"some {START}text\x1b[A", "", "more"]
    assert not terminal.is_open


def test_the_longest_text_is_pasted_and_a_longer_one_is_dropped() -> None:
    terminal = Input()
    terminal.send(START + "x" * MOST_CHARACTERS + END)
    assert [len(text) for text in terminal.pasted] == [MOST_CHARACTERS]
    terminal.send(START + "x" * (MOST_CHARACTERS + 1) + END + "q")
    assert terminal.dropped == [DropReason.TOO_LONG]
    assert (len(terminal.pasted), terminal.keys) == (1, "q")


def test_a_text_without_end_is_over_once_keys_are_pressed_or_nothing_comes() -> None:
    for typed in ("", "j", "\x1b[B"):
        terminal = Input()
        terminal.send(START + "x" * 5_000)
        for _ in range(50):
            terminal.send(typed)
            terminal.wait(0.1)
        assert terminal.dropped == [DropReason.NO_END]
        assert not terminal.is_open
        terminal.send("q")
        assert terminal.keys.endswith(typed + "q")


def test_a_text_that_comes_slowly_is_pasted() -> None:
    """As over a line of 9,600 baud."""
    terminal = Input()
    terminal.send(START)
    for _ in range(1_000):
        terminal.send("0123456789")
        terminal.wait(0.01)
    terminal.send(END)
    assert terminal.pasted == ["0123456789" * 1_000]


def test_the_rest_of_a_text_that_comes_after_a_long_pause_is_not_taken_for_keys() -> None:
    terminal = Input()
    terminal.send(START + "first lines\n")
    terminal.wait(1.0)
    terminal.wait(1.5)
    assert terminal.dropped == [DropReason.NO_END]
    terminal.send("dddd " * 100)
    terminal.send("the last line" + END + "j")
    assert terminal.keys == "j"
    terminal.send("k" * 100)
    assert terminal.keys == "j" + "k" * 100, "the end has come"


def test_such_a_rest_is_not_expected_for_ever() -> None:
    terminal = Input()
    terminal.send(START)
    terminal.wait(3)
    terminal.wait(60)
    terminal.send("j" * 100)
    assert terminal.keys == "j" * 100
