"""From a key to a transaction: what each verb of `roadtui.ui.verbs` does.

A verb looks at what is selected, asks for what is missing in a panel, and has the result submitted. It writes
nothing and decides nothing about notes: that is the work of `Edits`.
"""
