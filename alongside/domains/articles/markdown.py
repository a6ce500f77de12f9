"""Markdown becomes a tree of elements from a closed list, and the tree becomes words or HTML. Pure.

What is shown anywhere goes through this one place. Raw HTML in a body stays text. A link leads to http(s), mailto, tel
or to a page of the same site; a picture is one of ours, for a foreign one would tell its owner who reads what.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from alongside.domains.articles.schemas import BodyNode, BodyTag

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
LINK_REL = "noopener noreferrer nofollow"
# Deeper than any article is nested, and shallow enough for every reader of the tree.
DEEPEST = 24

_OURS = re.compile(r"/files/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/picture\.webp")
_SITE = re.compile(r"/(?![/\\])[^\s\\]*")

# The page has its title as h1: a body's headings begin below.
_HEADINGS: dict[str, BodyTag] = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_SAME: dict[str, BodyTag] = {
    "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li", "blockquote": "blockquote",
    "hr": "hr", "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr", "th": "th", "td": "td",
    "strong": "strong", "em": "em", "s": "s", "hardbreak": "br",
}  # fmt: skip
_VOID = frozenset({"hr", "br", "img"})
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "pre", "tr", "td", "th", "blockquote"})


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the library's name for it
        """Which addresses are links is decided once, by `_href`."""
        return True


_parser = _Parser("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])

_cleaner = nh3.Cleaner(
    tags={"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "th",
          "td", "strong", "em", "s", "code", "a", "img", "br"},
    attributes={"a": {"href"}, "img": {"src", "alt", "loading"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    link_rel=LINK_REL,
)  # fmt: skip


def parse(markdown: str) -> tuple[BodyNode, ...]:
    """The body as elements. The longest prose takes some 30 ms, what is made to be slow up to a second."""
    return tuple(_nodes(SyntaxTreeNode(_parser.parse(markdown)).children))


@lru_cache(maxsize=64)
def tree(markdown: str) -> tuple[BodyNode, ...]:
    """As `parse`, for bodies that are read again and again."""
    return parse(markdown)


@lru_cache(maxsize=128)
def to_html(markdown: str) -> str:
    """The body as HTML, made from the tree and sanitized as if it were a stranger's."""
    return _cleaner.clean("".join(_html(parse(markdown))))


def to_words(markdown: str) -> str:
    """The body's words without its markup, a line for each block."""
    text = "".join(_words(parse(markdown)))
    return "\n".join(line for line in (" ".join(each.split()) for each in text.split("\n")) if line)


def _nodes(parts: Iterable[SyntaxTreeNode]) -> Iterator[BodyNode]:
    for part in parts:
        yield from _node(part)


def _node(part: SyntaxTreeNode) -> Iterator[BodyNode]:
    match part.type:
        case "text" | "html_block" | "html_inline":
            if part.content:
                yield BodyNode(tag="text", text=part.content)
        case "softbreak":
            yield BodyNode(tag="text", text="\n")
        case "inline":
            yield from _nodes(part.children)
        case "paragraph" if part.hidden:  # of a list without blank lines
            yield from _nodes(part.children)
        case "heading":
            yield BodyNode(tag=_HEADINGS[part.tag], children=list(_nodes(part.children)))
        case "code_inline":
            yield BodyNode(tag="code", children=[BodyNode(tag="text", text=part.content)])
        case "fence" | "code_block":
            yield BodyNode(tag="pre", children=[BodyNode(tag="text", text=part.content.rstrip("\n"))])
        case "image":
            yield from _image(part)
        case "link":
            yield from _link(part)
        case known if known in _SAME:
            yield _element(_SAME[known], part)


def _element(tag: BodyTag, part: SyntaxTreeNode) -> BodyNode:
    if tag in _VOID:
        return BodyNode(tag=tag)
    start = cast("int | None", part.attrs.get("start")) if tag == "ol" else None
    return BodyNode(tag=tag, start=start, children=list(_nodes(part.children)))


def _link(part: SyntaxTreeNode) -> Iterator[BodyNode]:
    """A link, or only its words where its address is none that we follow."""
    href = _href(str(part.attrs.get("href", "")))
    children = list(_nodes(part.children))
    if href is None:
        yield from children
    else:
        yield BodyNode(tag="a", href=href, children=children)


def _image(part: SyntaxTreeNode) -> Iterator[BodyNode]:
    """A picture of ours; of any other its description."""
    src = str(part.attrs.get("src", ""))
    described = part.content
    if _OURS.fullmatch(src):
        yield BodyNode(tag="img", src=src, text=described)
    elif described:
        yield BodyNode(tag="text", text=described)


def _href(address: str) -> str | None:
    address = address.strip()
    if _SITE.fullmatch(address) or re.fullmatch(r"#[\w-]*", address):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    named = parts.hostname if parts.scheme in ("http", "https") else parts.path
    return address if parts.scheme in SCHEMES and named and not re.search(r"[\s\\\x00-\x1f]", address) else None


def _html(nodes: Iterable[BodyNode]) -> Iterator[str]:
    for node in nodes:
        if node.tag == "text":
            yield html.escape(node.text or "")
        elif node.tag == "pre":
            yield f"<pre><code>{''.join(_html(node.children or ()))}</code></pre>"
        elif node.tag == "img":
            yield f'<img src="{html.escape(node.src or "")}" alt="{html.escape(node.text or "")}" loading="lazy">'
        elif node.tag in _VOID:
            yield f"<{node.tag}>"
        else:
            yield f"<{node.tag}{_attributes(node)}>{''.join(_html(node.children or ()))}</{node.tag}>"


def _attributes(node: BodyNode) -> str:
    if node.href is not None:
        return f' href="{html.escape(node.href)}"'
    return f' start="{node.start}"' if node.start is not None else ""


def _words(nodes: Iterable[BodyNode]) -> Iterator[str]:
    for node in nodes:
        if node.tag in ("text", "img"):
            yield node.text or ""
        elif node.tag in ("br", "hr"):
            yield "\n"
        else:
            yield from _words(node.children or ())
            if node.tag in _BLOCKS:
                yield "\n"
