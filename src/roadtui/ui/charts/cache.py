"""Where the insights are worked out and kept, for one state of the vault: each page is drawn once."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.session.metrics import Metrics, ScopeStats, Span, metrics_for, stats_for
from roadtui.session.report_scope import ReportScope, ScopeLevel
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.layout import PageStyle, RenderedPage, draw_cards, draw_tables
from roadtui.ui.charts.line_charts import Plotter


class PageRequest(NamedTuple):
    """What the user wants to see."""

    scope: ScopeLevel
    span: Span
    as_tables: bool
    paper: PageStyle


class PageCache:
    """Counts and draws what is wished for. For threads: two of them may do the same work, and agree."""

    def __init__(self, gaze: ReportContext) -> None:
        """Make the cache for what the user looks at; a change of it needs a new cache."""
        self._gaze = gaze
        self._records: dict[ScopeLevel, ScopeStats] = {}
        self._facts: dict[tuple[ScopeLevel, Span], Metrics] = {}
        self._pages: dict[PageRequest, RenderedPage] = {}

    def known(self, wish: PageRequest) -> RenderedPage | None:
        """The page, where it was drawn before. Takes no time."""
        return self._pages.get(wish)

    def facts(self, scope: ScopeLevel, span: Span) -> Metrics:
        """The numbers."""
        today = self._gaze.view.today
        if scope not in self._records:
            self._records[scope] = stats_for(ReportScope.of(self._gaze, scope), today)
        if (scope, span) not in self._facts:
            self._facts[scope, span] = metrics_for(self._records[scope], today, span)
        return self._facts[scope, span]

    def page(self, wish: PageRequest, plot: Plotter | None) -> RenderedPage:
        """The page; without lines, and not kept, as long as there is nothing to draw them with."""
        facts = self.facts(wish.scope, wish.span)
        page = draw_tables(facts, wish.paper) if wish.as_tables else draw_cards(facts, wish.paper, plot)
        return page if plot is None and not wish.as_tables else self._pages.setdefault(wish, page)
