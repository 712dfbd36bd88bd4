"""The insights full screen: shows what a key asks for as soon as a thread has counted and drawn it."""

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
from textual.screen import Screen
from typing_extensions import override

from roadtui.session.metrics import Span
from roadtui.session.report_scope import ScopeLevel
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.cache import PageCache, PageRequest
from roadtui.ui.charts.layout import PageStyle, RenderedPage
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.insights_view import InsightsBar, InsightsView

_PLOTS = "roadtui.ui.charts.plotext_lines"


class InsightsScreen(Screen[None], inherit_bindings=False):
    """Cards about time, of what the user looks at on the dashboard, and follows it as it changes."""

    HORIZONTAL_BREAKPOINTS = DashboardScreen.HORIZONTAL_BREAKPOINTS

    DEFAULT_CSS = """
    InsightsScreen {
        background: $background;
        InsightsView { margin: 0 2; height: 1fr; }
        &.-wide KeyFooter { padding: 0 2; }
        &.-medium { InsightsBar { height: 1; padding: 0 1; } InsightsView { margin: 0 1; } }
        &.-narrow { InsightsBar { height: 1; padding: 0 1; } InsightsView { margin: 0; } }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.INSIGHTS)]

    text_styles: var[TextStyles | None] = var(None)
    scope: var[ScopeLevel] = var(ScopeLevel.NOTE)
    span: var[Span] = var(Span.HALF)
    as_tables: var[bool] = var(False)

    def __init__(self, home: DashboardScreen) -> None:
        """Make the insights into what `home` shows."""
        super().__init__()
        self._home = home
        self._cache = PageCache(home.gaze) if home.gaze is not None else None
        self._wish: PageRequest | None = None

    @override
    def compose(self) -> ComposeResult:
        self._use_theme()
        yield InsightsBar().data_bind(InsightsScreen.text_styles, InsightsScreen.scope, InsightsScreen.span)
        yield InsightsView()
        yield KeyFooter().data_bind(InsightsScreen.text_styles)

    def on_mount(self) -> None:
        """Follow the dashboard and the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._use_theme())
        self.watch(self._home, "gaze", self._look, init=False)

    def _use_theme(self) -> None:
        self.text_styles = TextStyles.of_theme(self.app.theme_variables)
        self.call_after_refresh(self._request)

    def _look(self, gaze: ReportContext | None) -> None:
        self._cache = PageCache(gaze) if gaze is not None else None
        self._request()

    def watch_scope(self) -> None:
        """Show what is chosen."""
        self._request()

    def watch_span(self) -> None:
        """Show what is chosen."""
        self._request()

    def watch_as_tables(self) -> None:
        """Show what is chosen."""
        self._request()
        if has_children(self):
            self.query_one(InsightsView).scroll_home(animate=False)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self._request)

    @property
    def is_waiting(self) -> bool:
        """Whether what is wished for is not on screen yet."""
        if self._cache is None or self._wish is None:
            return self._cache is not None
        known = self._cache.known(self._wish)
        return known is None or known is not self.query_one(InsightsView).page

    def _request(self) -> None:
        """Show the page that is wished for: at once, or when a thread has drawn it."""
        if not has_children(self) or self._cache is None or self.text_styles is None:
            return
        cache, wish = (
            self._cache,
            PageRequest(self.scope, self.span, self.as_tables, self._paper(self.text_styles)),
        )
        self._wish = wish
        if not wish.paper.width:
            return
        known = cache.known(wish)
        if known is not None:
            self._use(cache, wish, known)
            return

        self._draw(cache, wish)

    @work(exclusive=True, group="insights")
    async def _draw(self, cache: PageCache, wish: PageRequest) -> None:
        """Show the page, drawn in a thread: without lines first, where what draws them is not loaded yet."""
        if wish.as_tables or _PLOTS not in sys.modules:
            self._use(cache, wish, await asyncio.to_thread(cache.page, wish, None))
        if not wish.as_tables:

            def with_lines() -> RenderedPage:
                # It takes a fifth of a second, in which the rest is shown already.
                from roadtui.ui.charts.plotext_lines import plot

                return cache.page(wish, plot)

            self._use(cache, wish, await asyncio.to_thread(with_lines))

    def _paper(self, text_styles: TextStyles) -> PageStyle:
        view = self.query_one(InsightsView)
        card, gap = (
            Style(bgcolor=Color.parse(self.app.theme_variables[name]).rich_color)
            for name in ("surface", "background")
        )
        return PageStyle(view.size.width, view.size.height, text_styles, card, gap)

    def _use(self, cache: PageCache, wish: PageRequest, page: RenderedPage) -> None:
        if has_children(self) and cache is self._cache and wish == self._wish:
            self.query_one(InsightsView).page = page
            self.query_one(InsightsBar).title = cache.numbers.scope(wish.scope).title

    @on(InsightsBar.Chosen)
    def _choose(self, message: InsightsBar.Chosen) -> None:
        if isinstance(message.choice, ScopeLevel):
            self.scope = message.choice
        else:
            self.span = message.choice

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where all is in sight there is nothing to go on to."""
        if action == "step" and has_children(self):
            return self.query_one(InsightsView).is_longer
        return super().check_action(action, parameters)

    def action_step(self, steps: int) -> None:
        """Go to the next row of cards, or to the next table."""
        self.query_one(InsightsView).step(steps)

    def action_scope(self, name: str) -> None:
        """Look at the vault, the note or the part under the cursor."""
        self.scope = ScopeLevel[name]

    def action_span(self, name: str) -> None:
        """Look so far back."""
        self.span = Span[name]

    def action_toggle_tables(self) -> None:
        """Show tables in place of pictures, or pictures again."""
        self.as_tables = not self.as_tables

    def action_close(self) -> None:
        """Go back to the dashboard."""
        self.dismiss()
