"""For all tests: no property fails because the machine is busy, and what is the same in each is done once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tests.examples import register_profile

register_profile()


@pytest.fixture(autouse=True, scope="session")
def parsed_styles() -> Iterator[None]:
    """Every start of the program parses the same styles: in one process, once is enough."""
    known: dict[object, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, css: str, read_from, *more, **named) -> list[RuleSet]:  # type: ignore[no-untyped-def]
        key = (css, read_from, more, *named.items(), tuple(sheet._variables.items()))
        if key not in known:
            known[key] = parse(sheet, css, read_from, *more, **named)
        return list(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield
