"""`bin/contract`: write the generated files; with `--check`, say which are stale and change nothing."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from tools.contract import events, python, routes, schema, settings, shapes, typescript
from tools.paths import CONTRACT, GENERATED_TS, ROOT


def generated() -> dict[Path, str]:
    """Every generated file and what it should hold."""
    found = shapes.collect()
    app = routes.application()
    client_shapes, client_calls = python.render(app, found)
    return {
        python.SHAPES: client_shapes,
        python.CALLS: client_calls,
        GENERATED_TS: typescript.render(found),
        CONTRACT / "openapi.json": routes.render_openapi(app),
        CONTRACT / "routes.md": routes.render_routes(app),
        CONTRACT / "events.md": events.render(found),
        CONTRACT / "schema.sql": schema.render(),
        ROOT / "docs" / "configure.md": settings.render(),
    }


def main(arguments: list[str]) -> int:
    """Return 0 when every file is fresh or was written, 1 when `--check` found a stale one."""
    stale = 0
    for path, wanted in generated().items():
        held = path.read_text() if path.exists() else ""
        if held == wanted:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)} is stale. Run bin/contract and commit what it writes:")
            lines = difflib.unified_diff(held.splitlines(), wanted.splitlines(), "committed", "generated", lineterm="")
            print("\n".join(list(lines)[:60]))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted)
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
