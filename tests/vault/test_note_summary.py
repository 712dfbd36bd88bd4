"""The summary of a note says what its tasks say, whichever of them are looked at for that."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.stats.activity import activity_timeline
from roadtui.core.stats.progress import CountMode, counted
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.note_content import USUAL_SETTINGS, summarize_note

_LINES = st.builds(
    lambda depth, symbol, fields: f"{'  ' * depth}- [{symbol}] word {' '.join(fields)}",
    st.integers(0, 2),
    st.sampled_from(" x/-"),
    st.lists(
        st.sampled_from(
            [
                *("✅ 2026-01-15", "➕ 2026-01-02", "[completion:: 2026-02-03]", "[start:: 2026-03-01]"),
                *(
                    "🛫 2026-04-01",
                    "🛫 2026-02-30",
                    "🆔 a1",
                    "[id:: b2]",
                    "📅 2026-05-05",
                    "größer",
                    "#tag",
                    "::",
                ),
            ]
        ),
        max_size=3,
    ),
)


@given(st.lists(_LINES, max_size=8).map("\n".join), st.sampled_from(CountMode))
def test_activity_fields_and_statuses_are_those_of_all_tasks(text: str, mode: CountMode) -> None:
    note, settings = parse(text), USUAL_SETTINGS._replace(mode=mode)
    summary, progress = summarize_note("Plan.md", note, settings)
    tasks = [*note.tasks]
    fields = [read_fields(task.text, settings.format) for task in tasks]
    of_counted = counted(tasks, progress, settings.statuses, mode)
    assert summary.facts.timeline == activity_timeline(of_counted, settings.statuses, settings.format)
    assert summary.facts.last_start == max(
        (each.start.toordinal() for each in fields if each.start), default=0
    )
    assert set(summary.ids) >= {each.id for each in fields if each.id}
    assert summary.symbols == Counter(task.status_symbol for task in tasks)
    assert set(summary.kinds) >= {field.kind for each in fields for field in each.all}
