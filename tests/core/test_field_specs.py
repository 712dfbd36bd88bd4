"""The table of fields: every row is complete and unlike the others, and all else is made from it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import roadtui
from roadtui.core.tasks import field_specs
from roadtui.core.tasks.field_specs import (
    FIELD_SPECS,
    TAG_READ_ORDER,
    FieldKind,
    Priority,
    TaskFormat,
    field_pattern,
    markers_of,
    start_pattern,
)
from roadtui.core.tasks.fields import field_text, read_fields, value_text

SOURCE = Path(roadtui.__file__).parent
VALUES: dict[FieldKind, Priority | str] = {
    FieldKind.ID: "a1",
    FieldKind.DEPENDS_ON: "a1, b2",
    FieldKind.PRIORITY: Priority.LOW,
    FieldKind.RECURRENCE: "every week",
    FieldKind.ON_COMPLETION: "delete",
}


def test_every_kind_has_a_row_in_the_order_in_which_the_plugin_writes_them() -> None:
    assert list(FIELD_SPECS) == list(FieldKind)


def test_no_sign_means_two_fields() -> None:
    signs = "".join(spec.signs for spec in FIELD_SPECS.values())
    assert len(set(signs)) == len(signs)


def test_the_plugin_tries_each_field_and_tags_in_a_turn_of_its_own() -> None:
    turns = [TAG_READ_ORDER, *(spec.read_order for spec in FIELD_SPECS.values())]
    assert sorted(turns) == list(range(len(turns)))


@pytest.mark.parametrize("format", TaskFormat)
@pytest.mark.parametrize("kind", FieldKind)
def test_what_a_row_writes_it_reads(kind: FieldKind, format: TaskFormat) -> None:
    raw = value_text(kind, VALUES.get(kind, "2026-03-14"), format)
    written = field_text(kind, raw, format)
    field = read_fields(f"a {written}", format).get(kind)
    assert field is not None
    assert (field.raw, field.plugin_reads) == (raw, True)
    assert FIELD_SPECS[kind].parse(raw) is not None
    assert any(marker in written for marker in markers_of(kind))
    assert re.fullmatch(field_pattern(kind), written)
    assert re.match(start_pattern(kind), written)


def test_signs_of_fields_are_written_in_the_table_alone() -> None:
    signs = {sign for spec in FIELD_SPECS.values() for sign in spec.signs}
    elsewhere = [
        f"{path.name}:{node.lineno}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path != Path(field_specs.__file__)
        for node in literals(ast.parse(path.read_text(encoding="utf-8")))
        if not signs.isdisjoint(str(node.value))
    ]
    assert not elsewhere


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """The constants of a module, without its docstrings."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    docstrings = {id(statement.value) for statement in statements}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node
