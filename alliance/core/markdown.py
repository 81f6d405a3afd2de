"""Markdown that curators and governments write, as HTML that is safe on any page."""

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

# The page's own headings go down to the second level.
HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


def _make_parser():
    # CommonMark without raw HTML, which is printed as text. Pictures would be asked of somebody else's server.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.core.ruler.push("house_style", _house_style)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    return parser


def _house_style(state):
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = HEADINGS.get(token.tag, token.tag)
        # Columns of numbers stand right; the policy of the site lets no style stand in an element.
        if token.attrs.pop("style", "").endswith("right"):
            token.attrs["class"] = "n"


def _open_table(renderer, tokens, index, options, env):
    return '<div class="scroll" tabindex="0"><table>\n'


def _close_table(renderer, tokens, index, options, env):
    return "</table></div>\n"


_parser = _make_parser()


def render(text):
    """Return safe HTML of CommonMark with tables; raw HTML stays text, and no link leads to a script."""
    return mark_safe(_parser.render(text))
