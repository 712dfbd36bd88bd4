"""Where the insights are worked out and kept, for one state of the vault: each page is drawn once."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.session.metrics import MetricsService, Span
from roadtui.session.report_scope import ScopeLevel
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
        self.numbers = MetricsService(gaze)
        """What the pages are drawn from."""
        self._pages: dict[PageRequest, RenderedPage] = {}

    def known(self, wish: PageRequest) -> RenderedPage | None:
        """The page, where it was drawn before. Takes no time."""
        return self._pages.get(wish)

    def page(self, wish: PageRequest, plot: Plotter | None) -> RenderedPage:
        """The page; without lines, and not kept, as long as there is nothing to draw them with."""
        facts = self.numbers.metrics(wish.scope, wish.span)
        page = draw_tables(facts, wish.paper) if wish.as_tables else draw_cards(facts, wish.paper, plot)
        return page if plot is None and not wish.as_tables else self._pages.setdefault(wish, page)
