"""Where things are in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "contract"
GENERATED_TS = ROOT / "web" / "packages" / "contract" / "src" / "generated.ts"
STATIC = ROOT / "alongside" / "static"
WEB = ROOT / "web"
DEV = ROOT / ".dev"
