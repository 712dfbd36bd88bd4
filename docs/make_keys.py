"""Writes what is made from the table of commands: docs/keys.md and the keys in the README."""

from __future__ import annotations

import re
from pathlib import Path

from roadtui.ui.keymap import keys_as_markdown, readme_table

ROOT = Path(__file__).parents[1]
HEAD = """\
# Keys

Made from `roadtui/ui/command_table.py` by `make docs`. The config sets a key by its id:

```toml
[keys]
tick = "space,x"
```

"""


def main() -> None:
    """Write both."""
    (ROOT / "docs" / "keys.md").write_text(HEAD + keys_as_markdown({}), encoding="utf-8")
    readme = ROOT / "README.md"
    table = f"<!-- keys -->\n{readme_table()}<!-- /keys -->"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(
        re.sub("<!-- keys -->.*<!-- /keys -->", lambda _: table, text, flags=re.DOTALL), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
