"""The insights screen: cards about time, computed and drawn in a thread."""

from __future__ import annotations

import asyncio
import sys
from typing import ClassVar

from rich.style import Style
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.color import Color
from textual.reactive import var
from typing_extensions import override

from roadtui.session.reports.metrics import TimeSpan
from roadtui.session.reports.report_scope import ScopeLevel
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.cache import PageCache, PageRequest
from roadtui.ui.charts.layout import PageStyle, RenderedPage
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.mounting import has_children
from roadtui.ui.refusal import scroll_refusal
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.insights_view import InsightsBar, InsightsView

_PLOTS = "roadtui.ui.charts.plotext_lines"


class InsightsScreen(OverlayScreen, inherit_bindings=False):
    """Shows cards or tables of what the user looks at on the dashboard, and follows changes."""

    DEFAULT_CSS = """
    InsightsScreen {
        InsightsView { margin: 0 2; height: 1fr; }
        &.-vast KeyFooter, &.-ultrawide KeyFooter { padding: 0 1; }
        &.-medium { InsightsBar { height: 1; padding: 0 1; } InsightsView { margin: 0 1; } }
        &.-narrow { InsightsBar { height: 1; padding: 0 1; } InsightsView { margin: 0; } }
        &.-short KeyFooter { height: 1; }  /* The smallest card needs the line. */
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.INSIGHTS)]

    scope: var[ScopeLevel] = var(ScopeLevel.NOTE)
    span: var[TimeSpan] = var(TimeSpan.HALF)
    as_tables: var[bool] = var(False)

    def __init__(self, host: OverlayHost) -> None:
        super().__init__(host)
        context = host.report.context
        self._cache = PageCache(context) if context is not None else None
        self._requested: PageRequest | None = None

    @override
    def top(self) -> ComposeResult:
        yield InsightsBar().data_bind(InsightsScreen.text_styles, InsightsScreen.scope, InsightsScreen.span)

    @override
    def content(self) -> ComposeResult:
        yield InsightsView()

    def on_mount(self) -> None:
        """Follow what the user looks at."""
        self.host.report.changed.subscribe(self, self._use_context)

    @override
    def use_theme(self) -> None:
        super().use_theme()
        self.call_after_refresh(self.request)

    def _use_context(self, context: ReportContext) -> None:
        self._cache = PageCache(context)
        self.request()

    def watch_scope(self) -> None:
        """Show the page of the new choice."""
        self.request()

    def watch_span(self) -> None:
        """Show the page of the new choice."""
        self.request()

    def watch_as_tables(self) -> None:
        """Show the page of the new choice."""
        self.request()
        if has_children(self):
            self.query_one(InsightsView).scroll_home(animate=False)

    def on_resize(self) -> None:
        """Redraw for the new size."""
        self.call_after_refresh(self.request)

    @property
    def is_waiting(self) -> bool:
        """Whether the requested page is not on the screen yet."""
        if self._cache is None or self._requested is None:
            return self._cache is not None
        known = self._cache.known(self._requested)
        return known is None or known is not self.query_one(InsightsView).page

    def request(self) -> None:
        """Show the page of the current choice: at once if it is cached, else when a thread has drawn it."""
        if not has_children(self) or self._cache is None or self.text_styles is None:
            return
        cache, request = (
            self._cache,
            PageRequest(self.scope, self.span, self.as_tables, self._paper(self.text_styles)),
        )
        self._requested = request
        if not request.paper.width:
            return
        known = cache.known(request)
        if known is not None:
            self._use(cache, request, known)
            return

        self._draw(cache, request)

    @work(exclusive=True, group="insights")
    async def _draw(self, cache: PageCache, request: PageRequest) -> None:
        """Draw the page in a thread: at first without lines, if the plotting library is not loaded."""
        if request.as_tables or _PLOTS not in sys.modules:
            self._use(cache, request, await asyncio.to_thread(cache.page, request, None))
        if not request.as_tables:

            def with_lines() -> RenderedPage:
                # It takes a fifth of a second, in which the rest is shown already.
                from roadtui.ui.charts.plotext_lines import plot

                return cache.page(request, plot)

            self._use(cache, request, await asyncio.to_thread(with_lines))

    def _paper(self, text_styles: TextStyles) -> PageStyle:
        view = self.query_one(InsightsView)
        card, gap = (
            Style(bgcolor=Color.parse(self.app.theme_variables[name]).rich_color)
            for name in ("surface", "background")
        )
        return PageStyle(view.size.width, view.size.height, text_styles, card, gap)

    def _use(self, cache: PageCache, request: PageRequest, page: RenderedPage) -> None:
        if has_children(self) and cache is self._cache and request == self._requested:
            self.query_one(InsightsView).page = page
            self.query_one(InsightsBar).title = cache.numbers.scope(request.scope).title

    @on(InsightsBar.Chosen)
    def _choose(self, message: InsightsBar.Chosen) -> None:
        if isinstance(message.choice, ScopeLevel):
            self.scope = message.choice
        else:
            self.span = message.choice

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "step" and has_children(self) and not self.query_one(InsightsView).is_longer:
            return "All charts are on the screen."
        if action == "step" and has_children(self):
            return scroll_refusal(self.query_one(InsightsView), down=int(str(parameters[0])) > 0)
        if action == "scope" and ScopeLevel[str(parameters[0])] is self.scope:
            return f"The {self.scope.value} is shown already."
        if action == "span" and TimeSpan[str(parameters[0])] is self.span:
            return f"This is {self.span.label} already."
        return super().refusal(action, parameters)

    def action_step(self, steps: int) -> None:
        """Go to the next row of cards, or to the next table."""
        self.query_one(InsightsView).step(steps)

    def action_scope(self, name: str) -> None:
        """Show the vault, the note or the section under the cursor."""
        self.scope = ScopeLevel[name]

    def action_span(self, name: str) -> None:
        """Show another span of time."""
        self.span = TimeSpan[name]

    def action_toggle_tables(self) -> None:
        """Switch between tables and charts."""
        self.as_tables = not self.as_tables

    def action_close(self) -> None:
        """Go back to the dashboard."""
        self.dismiss()
