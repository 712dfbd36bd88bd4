"""What is sent to desktop and terminal when a time is up: harmless, whatever a note says."""

from __future__ import annotations

import pytest

from roadtui.session.focus_session import Phase
from roadtui.ui.terminal.desktop_notifications import (
    desktop_command,
    notify_desktop,
    terminal_sequence,
    time_is_up,
)

HOSTILE = "--icon=x <b>$(reboot)</b>;\x1b]52;c;aGk=\x07\x9b\u202e"


def find(name: str) -> str | None:
    return f"/usr/bin/{name}"


@pytest.mark.parametrize(
    ("environment", "is_found"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({}, False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4"}, False),
    ],
)
def test_asks_the_desktop_that_the_user_sits_at(environment: dict[str, str], is_found: bool) -> None:
    assert (desktop_command("Over", environment, find) is not None) == is_found
    assert desktop_command("Over", environment, lambda name: None) is None


def test_words_are_an_argument_and_no_markup_or_option() -> None:
    command = desktop_command(time_is_up(Phase.WORK, 25, HOSTILE), {"DISPLAY": ":0"}, find)
    assert command is not None
    *fixed, body = command
    assert fixed == ["/usr/bin/notify-send", "--app-name=roadtui", "--", "roadtui"]
    assert "<b>" not in body
    assert "&lt;b&gt;" in body
    assert body.isprintable()


@pytest.mark.parametrize(
    ("terminal", "start"),
    [
        ("xterm-kitty", "\x1b]9;roadtui: "),
        ("rxvt-unicode", "\x1b]777;notify;roadtui;"),
        ("foot", "\x1b]777;notify;roadtui;"),
    ],
)
def test_sequence_ends_where_it_is_meant_to(terminal: str, start: str) -> None:
    sequence = terminal_sequence(HOSTILE, terminal)
    assert sequence.startswith(start)
    assert sequence.endswith("\x1b\\")
    middle = sequence[len(start) : -2]
    assert middle.isprintable()
    assert ";" not in middle


def test_desktop_that_fails_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "roadtui.ui.terminal.desktop_notifications.desktop_command", lambda *_: ["/nowhere/notify-send"]
    )
    written: list[str] = []
    notify_desktop("Over", written.append)
    assert written == []


def test_terminal_is_asked_where_there_is_no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadtui.ui.terminal.desktop_notifications.desktop_command", lambda *_: None)
    written: list[str] = []
    notify_desktop("Over", written.append)
    assert len(written) == 1


def test_words() -> None:
    assert time_is_up(Phase.WORK, 25, "Read it 📅 2026-11-22") == "25 minutes are over: Read it"
    assert time_is_up(Phase.WORK, 1, "Read it") == "1 minute is over: Read it"
    assert time_is_up(Phase.BREAK, 25, "Read it") == "The break is over."
