"""A company's own style sheet for the panel: what may stand in it. Pure.

The panel's policy lets it load nothing from elsewhere and the panel puts its own last words above every sheet; this is
the first wall, and the one that says what is wrong while somebody still looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import tinycss2
from tinycss2 import ast

from alongside.platform.errors import Invalid

# Rules that only choose when or how: none loads anything, names a layer or leaves the sheet.
AT_RULES = {"media", "supports", "container", "keyframes", "starting-style"}

# Functions that take an address. `url` itself may hold a picture, written out.
LOADING = {"src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element", "paint"}
OLD_SCRIPTS = {"expression", "behavior", "-moz-binding"}
PICTURE = re.compile(r"data:image/(png|gif|jpeg|webp|avif|svg\+xml)[;,]", re.IGNORECASE)


def accept(text: str) -> str:
    """The sheet as it may be used, written anew. Raises `Invalid` naming the line that cannot stand."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        _rule(rule)
    return "\n".join(rule.serialize() for rule in rules)


def _rule(rule: ast.Node) -> None:
    if isinstance(rule, ast.ParseError):
        raise _malformed(rule)
    if isinstance(rule, ast.AtRule):
        _at(rule, rule.lower_at_keyword)
    if not isinstance(rule, ast.AtRule | ast.QualifiedRule) or rule.content is None:
        raise _refused(rule, "A rule has no block in braces.")
    _tokens(rule.prelude)
    _tokens(rule.content)


def _tokens(tokens: Iterable[ast.Node]) -> None:
    for token in tokens:
        _token(token)
        _tokens(getattr(token, "content", None) or getattr(token, "arguments", None) or ())


def _token(token: ast.Node) -> None:
    match token:
        case ast.ParseError():
            raise _malformed(token)
        case ast.AtKeywordToken():
            _at(token, token.lower_value)
        case ast.URLToken():
            _picture(token, token.value)
        case ast.FunctionBlock(lower_name="url"):
            _picture(token, "".join(part.value for part in token.arguments if isinstance(part, ast.StringToken)))
        case ast.FunctionBlock() if token.lower_name in LOADING | OLD_SCRIPTS:
            raise _refused(token, f"{token.lower_name}() could load something from elsewhere.")
        case ast.IdentToken() if token.lower_value in OLD_SCRIPTS:
            raise _refused(token, f"{token.lower_value} cannot be used here.")


def _at(node: ast.Node, name: str) -> None:
    if name not in AT_RULES:
        known = ", ".join(f"@{each}" for each in sorted(AT_RULES))
        raise _refused(node, f"@{name} cannot be used here, only {known}.")


def _picture(token: ast.Node, address: str) -> None:
    if not PICTURE.match(address.strip()):
        raise _refused(token, "Write pictures out, url(data:image/…): the chat loads nothing from elsewhere.")


def _malformed(error: ast.ParseError) -> Invalid:
    return _refused(error, f"Something is not closed or in the wrong place ({error.message}).")


def _refused(node: ast.Node, why: str) -> Invalid:
    return Invalid("sheet-refused", f"Line {node.source_line} of the style sheet: {why}", line=node.source_line)
