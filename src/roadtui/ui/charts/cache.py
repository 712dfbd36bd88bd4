"""Where the insights are worked out and kept, for one state of the vault: each page is drawn once."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.session.metrics import Facts, Record, Span, facts_of, record_of
from roadtui.session.report_scope import ScopeLevel, Subject
from roadtui.session.view_model import Gaze
from roadtui.ui.charts.layout import Page, Paper, draw_cards, draw_tables
from roadtui.ui.charts.line_charts import Plot


class Wish(NamedTuple):
    """What the user wants to see."""

    scope: ScopeLevel
    span: Span
    as_tables: bool
    paper: Paper


class Desk:
    """Counts and draws what is wished for. For threads: two of them may do the same work, and agree."""

    def __init__(self, gaze: Gaze) -> None:
        """Make the desk for what the user looks at; a change of it needs a new desk."""
        self._gaze = gaze
        self._records: dict[ScopeLevel, Record] = {}
        self._facts: dict[tuple[ScopeLevel, Span], Facts] = {}
        self._pages: dict[Wish, Page] = {}

    def known(self, wish: Wish) -> Page | None:
        """The page, where it was drawn before. Takes no time."""
        return self._pages.get(wish)

    def facts(self, scope: ScopeLevel, span: Span) -> Facts:
        """The numbers."""
        today = self._gaze.view.today
        if scope not in self._records:
            self._records[scope] = record_of(Subject.of(self._gaze, scope), today)
        if (scope, span) not in self._facts:
            self._facts[scope, span] = facts_of(self._records[scope], today, span)
        return self._facts[scope, span]

    def page(self, wish: Wish, plot: Plot | None) -> Page:
        """The page; without lines, and not kept, as long as there is nothing to draw them with."""
        facts = self.facts(wish.scope, wish.span)
        page = draw_tables(facts, wish.paper) if wish.as_tables else draw_cards(facts, wish.paper, plot)
        return page if plot is None and not wish.as_tables else self._pages.setdefault(wish, page)
