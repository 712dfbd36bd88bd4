"""`roadtui keys`: every key, as the config sets it."""

from __future__ import annotations

import click

from roadtui.cli.vault_argument import CliContext


@click.command("keys")
@click.option("--markdown", "form", flag_value="markdown", help="As Markdown tables.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.pass_obj
def keys_command(context: CliContext, form: str | None) -> None:
    """List every key: what it does, where, and the id by which the config sets it."""
    from roadtui.ui.keymap import keys_as_json, keys_as_markdown, keys_as_text  # Imports Textual's keys.

    listing = {"markdown": keys_as_markdown, "json": keys_as_json}.get(form or "", keys_as_text)
    click.echo(listing(context.config.keys), nl=False)
