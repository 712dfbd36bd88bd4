"""The screen of a user without a vault."""

from pathlib import Path

import pytest
from textual.widgets import Input

from roadtui.ui.screens.vault_picker import VaultChoice, VaultPickerScreen


@pytest.mark.parametrize("size", [(160, 45), (60, 20), (40, 12)], ids=str)
async def test_a_known_vault_is_picked(size: tuple[int, int]) -> None:
    app = VaultPickerScreen([Path("/home/me/Vault"), Path("/home/me/Old [bold]")])
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "enter")
    assert app.return_value == VaultChoice(Path("/home/me/Old [bold]"))


async def test_the_sample_is_offered() -> None:
    app = VaultPickerScreen([])
    async with app.run_test() as pilot:
        await pilot.press("enter")
    assert app.return_value == VaultChoice(Path(), is_demo=True)


async def test_a_folder_is_typed(tmp_path: Path) -> None:
    app = VaultPickerScreen([])
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        await pilot.press(*"nowhere", "enter")
        assert "no such folder" in str(app.query_one("#answer").render())
        app.query_one(Input).value = str(tmp_path)
        await pilot.press("enter")
    assert app.return_value == VaultChoice(tmp_path)


@pytest.mark.parametrize("keys", [["x"], ["backspace"], ["tab", "down"]], ids=str)
async def test_what_was_wrong_with_a_path_is_not_said_of_another(keys: list[str]) -> None:
    app = VaultPickerScreen([Path("/home/me/Vault"), Path("/home/me/Old")])
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        await pilot.press(*"nowhere", "enter")
        assert "no such folder" in str(app.query_one("#answer").render())
        await pilot.press(*keys)
        assert str(app.query_one("#answer").render()) == ""


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_leaving_picks_nothing(key: str) -> None:
    app = VaultPickerScreen([])
    async with app.run_test() as pilot:
        await pilot.press(key)
    assert app.return_value is None
