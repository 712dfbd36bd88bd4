"""Renders the pages of the insights for one state of the vault, each once."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.session.reports.metrics import MetricsService, TimeSpan
from roadtui.session.reports.report_scope import ScopeLevel
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.layout import PageStyle, RenderedPage, draw_cards, draw_tables
from roadtui.ui.charts.line_charts import Plotter


class PageRequest(NamedTuple):
    """What the user wants to see."""

    scope: ScopeLevel
    span: TimeSpan
    as_tables: bool
    paper: PageStyle


class PageCache:
    """Computes and renders the requested page.

    Thread-safe: concurrent calls may do the same work twice, but give equal results.
    """

    def __init__(self, context: ReportContext) -> None:
        """Make the cache for what the user looks at; a change of it needs a new cache."""
        self.numbers = MetricsService(context)
        """What the pages are drawn from."""
        self._pages: dict[PageRequest, RenderedPage] = {}

    def known(self, request: PageRequest) -> RenderedPage | None:
        """The page if it is in the cache, else None."""
        return self._pages.get(request)

    def page(self, request: PageRequest, plot: Plotter | None) -> RenderedPage:
        """The page. Without `plot` it has no lines, and is not cached."""
        data = self.numbers.metrics(request.scope, request.span)
        if request.as_tables:
            page = draw_tables(data, request.paper)
        else:
            page = draw_cards(data, request.paper, plot)
        is_whole = plot is not None or request.as_tables
        return self._pages.setdefault(request, page) if is_whole else page
