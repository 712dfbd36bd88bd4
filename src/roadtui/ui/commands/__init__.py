"""From a key to a transaction: what each command with a `handler` in `roadtui.ui.command_table` does.

A handler looks at what is selected, asks for what is missing in a dialog, and has the result submitted. It
writes nothing and decides nothing about notes: that is the work of `session.actions`.
"""
