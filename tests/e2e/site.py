"""A web site of somebody else: any page, with any headers, on an origin of its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STUB = """<script>(function (w) {
  var a = (w.Alongside = w.Alongside || function () { (a.q = a.q || []).push(arguments); });
  "identify reset show hide open close on".split(" ").forEach(function (m) {
    a[m] = a[m] || function () { return a.apply(0, [m].concat([].slice.call(arguments))); };
  });
})(window);</script>"""


@dataclass(frozen=True)
class PageOfSite:
    """What the site answers at one address."""

    body: str
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """To a browser 127.0.0.1 is another site than the product's localhost; localhost on another port is only another
    origin, to which it does send the product's cookies."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._pages: dict[str, PageOfSite] = {}
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in (page.headers if page else {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write((page.body if page else "nothing here").encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Tests have their own say."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def page(self, path: str, body: str, lang: str = "en", dir: str = "ltr", **headers: str) -> str:
        """Put a page on the site; its address. Underscores in names of headers become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        html = (
            f'<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">'
            '<link rel="icon" href="data:,"><title>A shop of somebody else</title>'
            f"</head><body><h1>Our own page</h1>{body}</body></html>"
        )
        self._pages[path] = PageOfSite(html, named)
        return self.origin + path

    def close(self) -> None:
        """Leave nothing listening."""
        self._server.shutdown()
        self._server.server_close()


def snippet(server: str, key: str) -> str:
    """What a site's owner pastes."""
    return f'<script async src="{server}/widget.js" data-channel="{key}"></script>'
