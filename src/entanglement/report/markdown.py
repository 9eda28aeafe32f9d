"""Markdown with formulas between dollars, to HTML and MathML that need no network."""

from functools import cache
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape

from entanglement.claims.document import DocumentError

MATHML = "http://www.w3.org/1998/Math/MathML"
INDEX = {"msub": "sub", "msup": "sup"}
PRIME = "\u2032"
# Signs with a space on either side, unless nothing stands before them.
BETWEEN = ("=", "<", ">", "≤", "≥", "+", "−", "×")


def render(text: str) -> Markup:
    """Turn Markdown into HTML; raw HTML in it is shown, never obeyed."""
    return Markup(_parser().render(text))


def render_inline(text: str) -> Markup:
    """Turn one line of Markdown into HTML without a paragraph round it."""
    return Markup(_parser().renderInline(text))


def plain(text: str) -> str:
    """Give the words of a Markdown text alone, for an image's alternative text."""
    tokens = [child for token in _parser().parse(text) for child in token.children or []]
    kept = [t.content if t.content else " " for t in tokens if t.type != "html_inline"]
    return " ".join("".join(kept).split())


def mathml(latex: str, block: bool = False) -> Markup:
    r"""Turn one formula into MathML, or into text where it is one line of letters and signs.

    Raises
    ------
    DocumentError
        Part of the formula would reach the reader as LaTeX (`\aligned` and its like).
    """
    try:
        made = convert(latex, display="block" if block else "inline")
        tree = ElementTree.fromstring(made)
        words = "".join(tree.itertext())
    except Exception as error:
        raise DocumentError(f"formula {latex!r} cannot be shown: {error}") from error
    if "\\" in words or "&" in words:
        raise DocumentError(
            f"formula {latex!r} cannot be shown: {words!r} is left over; write one equation a line"
        )
    _unwrap(tree)
    line = None if block else _line(list(tree))
    if line is not None:
        return line
    ElementTree.register_namespace("", MATHML)
    return Markup(ElementTree.tostring(tree, encoding="unicode"))


def _line(nodes: list[ElementTree.Element]) -> Markup | None:
    """Write what stands on one line as text: a fraction of the elements; None if it does not."""
    pieces: list[Markup] = []
    for index, node in enumerate(nodes):
        signed = index > 0 and nodes[index - 1].text not in BETWEEN
        piece = _text(node, signed)
        if piece is None:
            return None
        pieces.append(piece)
    return Markup(Markup("").join(pieces).replace("</i><i>", ""))


def _text(node: ElementTree.Element, between: bool) -> Markup | None:
    """Write a letter, a number, a sign (`between` two terms or before one) or an index."""
    name, text = node.tag.removeprefix(f"{{{MATHML}}}"), node.text or ""
    if name == "mrow":
        return _line(list(node))
    if name in INDEX:
        base, index = (_line([child]) for child in node)
        if base is not None and node[1].text == PRIME:
            return base + PRIME
        if base is None or index is None:
            return None
        tag = INDEX[name]
        return Markup(f"{{}}<{tag}>{{}}</{tag}>").format(base, index)
    if name == "mi" and len(text) == 1 and text.isalpha():
        return Markup("<i>{}</i>").format(text)
    if name == "mo" and text in BETWEEN and between:
        return Markup("\u00a0{}\u00a0").format(text)
    if text in (",", ";"):
        return Markup("{}\u00a0").format(text)
    plain = name == "mn" or (name == "mo" and text in (*BETWEEN, *"/|()[]"))
    return escape(text) if plain else None


def _unwrap(node: ElementTree.Element) -> None:
    """Drop rows that group nothing: half of a page's elements, were they kept."""
    for child in node:
        _unwrap(child)
    for index, child in enumerate(node):
        if child.tag == f"{{{MATHML}}}mrow" and len(child) == 1:
            node[index] = child[0]
    inferred = node.tag in (f"{{{MATHML}}}math", f"{{{MATHML}}}msqrt")
    if inferred and len(node) == 1 and node[0].tag == f"{{{MATHML}}}mrow":
        node[:] = list(node[0])


@cache
def _parser() -> MarkdownIt:
    # Pictures in a text would be requests to somewhere; panels are embedded elsewhere.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.inline.ruler.after("escape", "formula", _formula)
    parser.add_render_rule("formula", _show_formula)
    return parser


def _formula(state: StateInline, silent: bool) -> bool:
    """Inline rule: $...$ and $$...$$, no space inside the dollars (so "5 $ and 6 $" stays)."""
    text, start = state.src, state.pos
    if text[start] != "$":
        return False
    fence = "$$" if text.startswith("$$", start) else "$"
    first = start + len(fence)
    end = text.find(fence, first)
    body = text[first:end]
    if end < 0 or not body.strip() or (fence == "$" and body != body.strip()):
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = body.strip(), fence
    state.pos = end + len(fence)
    return True


def _show_formula(
    _self: RendererHTML, tokens: list[Token], index: int, _options: object, _env: object
) -> str:
    token = tokens[index]
    return str(mathml(token.content, block=token.markup == "$$"))


def quoted(text: object) -> str:
    """Escape text for an attribute of hand-made markup."""
    return str(escape(text))
