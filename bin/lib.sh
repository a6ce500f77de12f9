# Shared by everything in bin/. Sourced, not run. POSIX sh: it must work before anything is installed.
#
# It finds a Python 3.11 or newer; the rest (uv, packages, Node.js, front ends, Chromium) is tools/bootstrap.py.

ROOT=$(cd "$(dirname "$0")/.." && pwd)

say() { printf '· %s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 "$ROOT/.venv/bin/python"; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    return 1
}

# run_with NEEDS MODULE [ARGUMENT...]: bring the checkout to where MODULE can run, then become it.
# NEEDS is a comma-separated list of: packages, npm, web, chromium, nginx, calc.
run_with() {
    PYTHON=$(find_python) || die "Alongside needs Python 3.11 or newer, and none was found.
  Debian, Ubuntu:  apt-get install python3 python3-venv
  macOS:           brew install python@3.12"
    cd "$ROOT" || exit 1
    exec "$PYTHON" -m tools.bootstrap "$@"
}
