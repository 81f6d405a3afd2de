"""Markdown becomes HTML that does no harm, whatever it says."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.markdown import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n## Two", "<h3>One</h3>\n<h4>Two</h4>\n"),
        ("###### Six", "<h6>Six</h6>\n"),
        ("a *b* **c**", "<p>a <em>b</em> <strong>c</strong></p>\n"),
        ("[x](https://example.org)", '<p><a href="https://example.org">x</a></p>\n'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](JaVaScRiPt&#58;alert(1))", "<p>[x](JaVaScRiPt:alert(1))</p>\n"),
        ("![x](https://example.org/x.png)", '<p>!<a href="https://example.org/x.png">x</a></p>\n'),
    ],
)
def test_it_renders_what_it_should_and_nothing_else(text, html):
    assert render(text) == html


def test_a_column_of_numbers_stands_right_without_a_style_of_its_own():
    html = render("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert '<th>a</th>\n<th class="n">b</th>' in html
    assert "style" not in html


def test_a_wide_table_scrolls_by_itself_and_can_be_reached_with_the_keyboard():
    html = render("| a | b |\n|---|---|\n| 1 | 2 |")
    assert html.startswith('<div class="scroll" tabindex="0"><table>')
    assert html.endswith("</table></div>\n")


ALLOWED = {
    "html", "head", "body", "p", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br", "div",
    "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6",
}  # fmt: skip


@given(st.text(alphabet="<>&\"'[]()!#*_`|-:\n javscriptdx=/.\\", max_size=200))
def test_no_text_makes_an_element_or_an_address_that_runs(text):
    for element in html5lib.parse(render(text), namespaceHTMLElements=False).iter():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"href", "title", "class", "tabindex", "start"}
        assert not element.get("href", "").lower().strip().startswith(("javascript:", "vbscript:", "data:", "file:"))
