"""From Markdown to a tree, to HTML and to words: nothing of it runs, nothing of it leads where it must not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.articles import markdown
from alongside.domains.articles.schemas import BodyNode
from tests.security.payloads import PAYLOADS

PICTURE = "/files/00000000-0000-4000-8000-000000000000/picture.webp"
ALLOWED = {
    "a": {"href", "rel"}, "img": {"src", "alt", "loading"}, "ol": {"start"}, "p": set(), "h2": set(), "h3": set(),
    "h4": set(), "ul": set(), "li": set(), "blockquote": set(), "pre": set(), "hr": set(), "table": set(),
    "thead": set(), "tbody": set(), "tr": set(), "th": set(), "td": set(), "strong": set(), "em": set(), "s": set(),
    "code": set(), "br": set(),
}  # fmt: skip
HONEST = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)


class Strict(HTMLParser):
    """Fails on any element, attribute or address that is not on the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ALLOWED[tag], attrs
        for name, value in attrs:
            if name == "href":
                assert HONEST.match(value or ""), value
            if name == "src":
                assert (value or "").startswith("/files/"), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def check(text: str) -> None:
    parser = Strict(convert_charrefs=True)
    parser.feed(markdown.to_html(text))
    parser.close()
    for node in walk(markdown.tree(text)):
        assert node.href is None or HONEST.match(node.href), node
        assert node.src is None or node.src.startswith("/files/"), node
    msgspec.json.encode(markdown.tree(text))


def walk(nodes: tuple[BodyNode, ...] | list[BodyNode]) -> Iterator[BodyNode]:
    for node in nodes:
        yield node
        yield from walk(node.children or [])


@pytest.mark.parametrize(
    "frame", ["{}", "# {}", "- {}", "[x]({})", "![x]({})", "<{}>", "> {}\n{}", "| {} |\n|---|\n| {} |"]
)
def test_payloads_stay_words(frame: str) -> None:
    for payload in PAYLOADS:
        check(frame.replace("{}", payload))


@given(st.text(alphabet="<>[]()!#*_`~|\\:/\"'&;-+.= \n\tahrefscriptjv0123\x01\u202e", max_size=200))
def test_whatever_is_typed_stays_within_the_list(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", "<h2>Title</h2>"),
        ("### Small", "<h3>Small</h3>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'),
        ("**a** _b_ ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("[x](javascript:pwn())", "<p>x</p>"),
        ("[x](//evil.test)", "<p>x</p>"),
        ("[x](/help/returns)", '<p><a href="/help/returns" rel="noopener noreferrer nofollow">x</a></p>'),
        ("![A tent](https://evil.test/pixel.png)", "<p>A tent</p>"),
        (f"![A tent]({PICTURE})", f'<p><img src="{PICTURE}" alt="A tent" loading="lazy"></p>'),
        ("![x](/files/../secret)", "<p>x</p>"),
    ],
)
def test_what_is_made_of_it(text: str, html: str) -> None:
    assert markdown.to_html(text) == html


def test_words_for_the_search_have_no_markup() -> None:
    text = "## Head\n\nSome **bold** [link](https://example.com/secret-path).\n\n| a | b |\n|---|---|\n| c | d |"
    assert markdown.to_words(text) == "Head\nSome bold link.\na\nb\nc\nd"


def test_deep_nesting_ends() -> None:
    for text in ("> " * 3_000 + "x", "- " * 3_000 + "x", "*" * 5_000 + "x", "[" * 5_000):
        check(text)
