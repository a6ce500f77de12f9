"""What is on this machine, and how to get what is not: uv, Python packages, Node.js, npm packages, Chromium, nginx.

Standard library only. Works as root or not on Debian and its kin, and on macOS.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from tools.frontends import has_node, version_of
from tools.paths import DEV, ROOT, WEB

UV_AT_LEAST = (0, 8)
NOT_YET = (3, 15)
DEBIAN_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Machine:
    """The machine as the commands will see it: `environment` grows as tools are found."""

    def __init__(self) -> None:
        self.environment = dict(os.environ)

    def clean_environment(self) -> None:
        """Forget another project's activated environment: this checkout has its own.

        Compiled modules are kept whatever the shell says: every start of a server would compile two seconds.
        """
        for name in ("VIRTUAL_ENV", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "PYTHONDONTWRITEBYTECODE"):
            self.environment.pop(name, None)
        self.environment["PYTHONUNBUFFERED"] = "1"

    def trust_what_the_machine_trusts(self) -> None:
        """uv and npm bring lists of authorities of their own, which do not know a company's proxy."""
        self.environment.setdefault("UV_SYSTEM_CERTS", "true")
        if DEBIAN_CERTIFICATES.exists():
            self.environment.setdefault("NODE_EXTRA_CA_CERTS", str(DEBIAN_CERTIFICATES))

    @staticmethod
    def say(text: str) -> None:
        """One line per step, at once."""
        print(f"· {text}", flush=True)

    # ---- Python

    def need_packages(self, *, node: bool) -> None:
        """The locked Python packages in .venv; with `node`, Node.js too where the machine's will not do."""
        add_node = node and not has_node(self.environment.get("PATH"))
        stamp = DEV / "packages"
        wanted = fingerprint([ROOT / "uv.lock", ROOT / "pyproject.toml"])
        installed = read(stamp).split() if (ROOT / ".venv/bin/alongside").exists() else []
        had_node = "node" in installed
        if wanted not in installed or (add_node and not had_node):
            self.say("installing the locked Python packages" + (" and Node.js" if add_node and not had_node else ""))
            self._sync(["--group", "node"] if add_node or had_node else [])
            stamp.write_text(wanted + (" node" if add_node or had_node else ""))
        self._prepend_path(ROOT / ".venv" / "bin")

    def _sync(self, groups: list[str]) -> None:
        command = [self._uv(), "sync", "--locked", "--quiet", *groups]
        if not (ROOT / ".venv").exists():
            # The embedded PostgreSQL has wheels up to 3.14; for a machine with newer ones alone, uv gets an older.
            fits = sys.version_info < NOT_YET
            command += ["--python", sys.executable if fits else f">=3.11,<{NOT_YET[0]}.{NOT_YET[1]}"]
        self.run(command, "The Python packages could not be installed (see above).")

    def _uv(self) -> str:
        own = DEV / "uv" / "bin" / "uv"
        for found in (shutil.which("uv", path=self.environment.get("PATH")), str(own)):
            if found and version_of(found) >= UV_AT_LEAST:
                return found
        self.say("installing uv into .dev/uv")
        shutil.rmtree(DEV / "uv", ignore_errors=True)
        self._install_uv()
        return str(own)

    def _install_uv(self) -> None:
        """With venv; where Debian left that out, with pip into a folder; else after installing venv."""
        if not self._can("ensurepip") and not self._can("pip"):
            self.install_package({"apt": "python3-venv", "brew": "python"}, "Python's venv")
        if self._can("ensurepip"):
            self.run([sys.executable, "-m", "venv", str(DEV / "uv")], "No virtual environment could be made.")
            installer = [str(DEV / "uv/bin/python"), "-m", "pip", "install"]
        else:
            installer = [sys.executable, "-m", "pip", "install", "--target", str(DEV / "uv")]
        options = ["--quiet", "--disable-pip-version-check", "uv"]
        self.run([*installer, *options], "uv could not be installed: is the package index within reach?")

    @staticmethod
    def _can(module: str) -> bool:
        command = [sys.executable, "-m", module, "--version"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    # ---- Node.js

    def need_npm_packages(self) -> None:
        """`npm ci`, unless the installed packages are those of the lock file."""
        stamp = WEB / "node_modules" / ".installed"
        workspaces = [path for folder in ("apps", "packages") for path in sorted(WEB.glob(f"{folder}/*/package.json"))]
        lists = [WEB / "package-lock.json", WEB / "package.json", *workspaces]
        wanted = fingerprint(lists)
        if read(stamp) == wanted:
            return
        self.say("installing the locked npm packages")
        self.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"],
            "npm ci failed (see above).",
            WEB,
        )
        stamp.write_text(wanted)

    # ---- Chromium

    def need_chromium(self) -> None:
        """A browser for the browser tests, in `ALONGSIDE_CHROMIUM`."""
        found = self._chromium()
        if not found:
            self.install_package({"apt": "chromium", "brew": "--cask chromium"}, "Chromium")
            found = self._chromium()
        if not found:
            raise SystemExit("Chromium was installed but is not on PATH: name it with ALONGSIDE_CHROMIUM=/path/to/it.")
        self.environment["ALONGSIDE_CHROMIUM"] = found

    def _chromium(self) -> str | None:
        named = self.environment.get("ALONGSIDE_CHROMIUM")
        if named:
            if not os.access(named, os.X_OK):
                raise SystemExit(f"ALONGSIDE_CHROMIUM names {named}, which is not a program. Mend or unset it.")
            return named
        path = self.environment.get("PATH")
        on_path = (shutil.which(name, path=path) for name in BROWSERS)
        on_mac = (name for name in MAC_BROWSERS if os.access(name, os.X_OK))
        return next((found for found in (*on_path, *on_mac) if found), None)

    # ---- LibreOffice

    def need_calc(self) -> None:
        """LibreOffice's spreadsheet for the proof that no export calculates, in `ALONGSIDE_SOFFICE`."""
        named = self.environment.get("ALONGSIDE_SOFFICE") or self._calc()
        if not named:
            self.install_package({"apt": "libreoffice-calc", "brew": "--cask libreoffice"}, "LibreOffice")
            named = self._calc()
        if not named:
            raise SystemExit(
                "LibreOffice was installed but is not on PATH: name it with ALONGSIDE_SOFFICE=/path/to/it."
            )
        self.environment["ALONGSIDE_SOFFICE"] = named

    def _calc(self) -> str | None:
        mac = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
        return shutil.which("soffice", path=self.environment.get("PATH")) or (mac if os.access(mac, os.X_OK) else None)

    # ---- nginx

    def want_nginx(self) -> None:
        """The machine's nginx, else Debian's, in `ALONGSIDE_NGINX`; without either, the test behind it is left out.

        Debian's is unpacked into .dev, not installed: an installed one would start a service on port 80.
        """
        path = os.pathsep.join((self.environment.get("PATH", os.defpath), "/usr/sbin"))
        found = shutil.which("nginx", path=path) or str(self._unpacked_nginx())
        if os.access(found, os.X_OK):
            self.environment.setdefault("ALONGSIDE_NGINX", found)
        else:
            self.say("no nginx here: the test of docs/proxy.md is left out")

    def _unpacked_nginx(self) -> Path:
        folder = DEV / "nginx"
        program = folder / "usr/sbin/nginx"
        if not program.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
            self.say("unpacking Debian's nginx into .dev/nginx")
            folder.mkdir(exist_ok=True)
            if not self._quietly(["apt-get", "download", "nginx"], folder):
                self._quietly([*self._as_root(), "apt-get", "update"])
                self._quietly(["apt-get", "download", "nginx"], folder)
            for package in folder.glob("nginx_*.deb"):
                self._quietly(["dpkg", "-x", str(package), str(folder)])
        return program

    # ---- the machine's own package manager

    def install_package(self, names: dict[str, str], what: str) -> None:
        """Install with brew on macOS, apt-get elsewhere; where we may not, say the line to type and exit."""
        if platform.system() == "Darwin":
            line = ["brew", "install", *names["brew"].split()]
            allowed = shutil.which("brew") is not None
        else:
            line = [*self._as_root(), "apt-get", "install", "--yes", names["apt"]]
            allowed = shutil.which("apt-get") is not None and (os.geteuid() == 0 or line[0] == "sudo")
        if not allowed:
            hint = f"brew install {names['brew']}" if line[0] == "brew" else f"sudo apt-get install {names['apt']}"
            raise SystemExit(f"{what} is missing, and this user may not install it. Type:\n  {hint}")
        self.say(f"installing {what}: {' '.join(line)}")
        if not self._quietly(line) and "apt-get" in line:
            self._quietly([*self._as_root(), "apt-get", "update"])
            self.run(line, f"{what} could not be installed (see above).")

    def _as_root(self) -> list[str]:
        """`sudo`, where this user may use it without being asked for a password."""
        may_sudo = os.geteuid() != 0 and shutil.which("sudo") and self._quietly(["sudo", "-n", "true"])
        return ["sudo", "-n"] if may_sudo else []

    # ---- running

    def _quietly(self, command: list[str], folder: Path = ROOT) -> bool:
        environment = self.environment | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True)
        return done.returncode == 0

    def run(self, command: list[str], on_failure: str, folder: Path = ROOT) -> None:
        """Run with output shown; exit with `on_failure` where it fails."""
        environment = self.environment | {"DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, check=False, cwd=folder, env=environment).returncode != 0:
            raise SystemExit(on_failure)

    def _prepend_path(self, folder: Path) -> None:
        self.environment["PATH"] = f"{folder}{os.pathsep}{self.environment.get('PATH', os.defpath)}"


def fingerprint(paths: list[Path], extra: str = "") -> str:
    """A hash over the names and contents of files."""
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read(stamp: Path) -> str:
    """What a stamp says; empty where there is none."""
    return stamp.read_text() if stamp.exists() else ""
