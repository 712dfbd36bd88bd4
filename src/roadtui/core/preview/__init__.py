"""Reads the text of a note into blocks of styled text that a screen can show. Pure.

`chunks` divides a note so that only the visible part has to be parsed, `blocks` says what a block is,
`block_parser` makes blocks, with markdown-it for what CommonMark defines; their text is read by
`core.inline_parser`.
"""
