"""Parses the YAML of the frontmatter, within limits, so that hostile notes cannot block the program.

YAML 1.2, as in Obsidian: dates are texts, `yes` is a text, `1:30` is not a number. It is only read: writing
YAML would change the user's quotes and order. Importing this module imports the YAML library.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import ClassVar

import yaml
from frontmatter.default_handlers import YAMLHandler

from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import escape_terminal

OBJECT_KEY = "[object Object]"
"""The text of a mapping that is used as a key (JavaScript, and so Obsidian)."""

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
"""How deep lists and mappings may nest."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A JSON value."""


_TABS = re.compile(r"^[ \t]*\t[ \t]*$", re.MULTILINE)


class FrontmatterError(RoadtuiError):
    """The frontmatter is invalid, or refused for its size, depth or aliases."""


def load(text: str) -> dict[str, Json]:
    """The properties in `text`, the YAML without its `---` lines, in their order.

    Dates, and numbers that neither JSON nor a double can hold, are texts as they are written.

    Raises:
        FrontmatterError: the text is not valid YAML, has no properties, or exceeds a limit.
    """
    _refuse_size(text)
    # The `---` is on a line of its own. A line of tabs is blank for js-yaml and an error for libyaml.
    text = _TABS.sub("", f"{text}\n")
    _refuse_unfit(text)
    try:
        found = YAMLHandler().load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise FrontmatterError(_sentence(error)) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise FrontmatterError("The frontmatter holds no properties (lines such as `tags: a`).")
    return found


def _refuse_size(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise FrontmatterError("The frontmatter holds bytes that are not UTF-8.") from error
    if size > MAX_BYTES:
        raise FrontmatterError(f"The frontmatter is larger than {MAX_BYTES // 1024} KiB and is not read.")


def _refuse_unfit(text: str) -> None:
    """Check depth and aliases by the events of the YAML, whose memory is bounded by the text."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                raise FrontmatterError(
                    "The frontmatter uses YAML anchors (&) or aliases (*), which are not read."
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise FrontmatterError(f"The frontmatter nests deeper than {MAX_DEPTH} and is not read.")
    except yaml.YAMLError as error:
        raise FrontmatterError(_sentence(error)) from error


def _sentence(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it holds characters that YAML does not allow"
    place = f" in line {mark.line + 2} of the note" if mark is not None else ""
    return f"The frontmatter is not valid YAML{place}: {problem}."


_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C if PyYAML was built with it."""


class _Loader(_Base):  # type: ignore[misc,valid-type]
    """The core schema of YAML 1.2 (10.3.2) as in js-yaml; it never constructs Python objects."""

    # PyYAML's own attributes, empty so that nothing is inherited.
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}
    yaml_constructors: ClassVar[dict[str | None, Callable[[_Loader, yaml.Node], Json]]] = {}

    def number(self, node: yaml.ScalarNode) -> Json:
        """The value of a number, or its text if the value would lose digits."""
        text = str(node.value)
        digits = text.replace("_", "")
        value: int | float
        try:
            value = int(digits, 0) if _HAS_BASE.match(digits) else int(digits)
        except ValueError:
            value = float(digits)
        is_exact = math.isfinite(value) and (isinstance(value, float) or abs(value) < 2**53)
        return value if is_exact else text

    def mapping(self, node: yaml.MappingNode) -> dict[str, Json]:
        """A mapping with texts as keys, as in JSON; a repeated key is an error."""
        found: dict[str, Json] = {}
        seen: set[str] = set()
        for key, value in node.value:
            same = self._key(key)
            if same in seen:
                problem = f"the key “{escape_terminal(same)}” is there twice, so Obsidian reads no property"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(same)
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else same
            found[name] = self.construct_object(value, deep=True)
        return found

    def _key(self, node: yaml.Node) -> str:
        """The text of a key in JavaScript, and so in Obsidian.

        `{{date}}`, a placeholder of a template, is a mapping whose key is a mapping.
        """
        if isinstance(node, yaml.SequenceNode):
            if any(isinstance(entry, yaml.SequenceNode) for entry in node.value):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is a list in a list", node.start_mark
                )
            return ",".join(map(self._key, node.value))
        if isinstance(node, yaml.MappingNode):
            return OBJECT_KEY
        value = self.construct_object(node)
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    def anything(self, node: yaml.Node) -> Json:
        """A value with a tag of its own (`!!python/…`, `!x`), which is ignored."""
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.construct_object(value, deep=True) for value in node.value]
        return str(node.value)


def _resolve(tag: str, pattern: str, starts: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"\A(?:{pattern})\Z"), list(starts))


_resolve("null", "~|null|Null|NULL|", "~nN")
_resolve("bool", "true|True|TRUE|false|False|FALSE", "tTfF")
_INTEGER = r"[-+]?(?:[0-9][0-9_]{0,40}|0b[01_]{1,80}|0o[0-7_]{1,40}|0x[0-9a-fA-F_]{1,40})(?<!_)"
_DECIMAL = r"[-+]?(?:[0-9][0-9_]{0,40}(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]{1,4})?(?<!_)"
_HAS_BASE = re.compile("[-+]?0[box]")
_resolve("number", f"{_INTEGER}|{_DECIMAL}", "-+.0123456789")
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"\A\Z"), [""])
_Loader.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)
_Loader.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value.lower() == "true")
_Loader.add_constructor("tag:yaml.org,2002:number", _Loader.number)
_Loader.add_constructor(None, _Loader.anything)
