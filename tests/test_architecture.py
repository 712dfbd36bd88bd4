"""The structure of the package: no circles of any kind, each public class name once, no folder too full."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
MOST_FILES = 24


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


@cache
def trees() -> dict[str, ast.Module]:
    """The modules, parsed; by name."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imports_of(name: str) -> Iterator[str]:
    """The modules that `name` imports: at its top, in a function, or for types only."""
    for node in ast.walk(trees()[name]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_module_imports_itself_by_way_of_others() -> None:
    left = {name: {one for one in imports_of(name) if one in MODULES and one != name} for name in MODULES}
    while free := [name for name, needed in left.items() if not needed & left.keys()]:
        for name in free:
            del left[name]
    assert not left, "in a circle, or above one: " + ", ".join(left)


def test_a_public_class_name_means_one_thing() -> None:
    where = defaultdict(list)
    for name, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(name)
    assert not {name: modules for name, modules in where.items() if len(modules) > 1}


def test_no_folder_is_too_full() -> None:
    counts = Counter(path.parent for path in MODULES.values())
    assert max(counts.values()) <= MOST_FILES, counts.most_common(1)


def lazy_imports(name: str) -> set[int]:
    """The lines of `name` in which a function imports first."""
    functions = [
        node for node in ast.walk(trees()[name]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    imports = (
        next((one for one in ast.walk(function) if isinstance(one, ast.ImportFrom)), None)
        for function in functions
    )
    return {one.lineno for one in imports if one is not None}


def test_a_lazy_import_says_why() -> None:
    unexplained = []
    for name, path in MODULES.items():
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in lazy_imports(name):
            around = lines[max(0, line - 3) : line + 1]
            if not any("#" in one for one in around):
                unexplained.append(f"{path}:{line}")
    assert not unexplained
