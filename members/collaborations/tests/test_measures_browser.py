"""Charts as a browser draws them: text that can be read, in its place, on a phone and on a desk."""

import pytest

pytestmark = pytest.mark.django_db

ADDRESS = "/collaborations/measures/{}/"
SLUGS = ("unemployment-rate-minnesota", "graduation-rate-minnesota", "household-income-minnesota")
# Of each chart: the smallest text, the text that leaves the page, labels that cover one another, and marks that are not
# where their share of the plot is.
LOOK = """
() => [...document.querySelectorAll('svg.chart')].map(svg => {
  const box = one => one.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter(one => getComputedStyle(one).display !== 'none');
  const names = [...svg.querySelectorAll('text.name')].map(box).sort((a, b) => a.top - b.top);
  const style = getComputedStyle(svg), left = box(svg).left + parseFloat(style.paddingLeft);
  const width = svg.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const top = box(svg).top + parseFloat(style.paddingTop);
  return {
    smallest: Math.min(...texts.map(one => parseFloat(getComputedStyle(one).fontSize))),
    outside: texts.filter(one => box(one).left < 0 || box(one).right > document.documentElement.clientWidth)
      .map(one => one.textContent),
    covered: names.filter((one, at) => at && one.top < names[at - 1].bottom - 3).length,
    astray: [...svg.querySelectorAll('use')].filter(one => one.getAttribute('x') !== '100%').filter(one => {
      const at = box(one), x = left + width * parseFloat(one.getAttribute('x')) / 100;
      return Math.abs((at.left + at.right) / 2 - x) > 1.5
        || Math.abs((at.top + at.bottom) / 2 - top - parseFloat(one.getAttribute('y'))) > 1.5;
    }).length,
  };
})
"""


def test_the_text_of_a_chart_can_be_read_and_its_marks_are_in_their_place(site, page):
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for slug in SLUGS:
            page.goto(site + ADDRESS.format(slug))
            seen = page.evaluate(LOOK)
            assert len(seen) > 1
            assert seen == [{"smallest": 14, "outside": [], "covered": 0, "astray": 0}] * len(seen)


def test_without_color_lines_differ_in_mark_or_dash(site, page):
    page.goto(site + ADDRESS.format("graduation-rate-minnesota"))
    shapes = page.evaluate("[...document.querySelector('svg.chart defs').children].map(one => one.getAttribute('d'))")
    assert len(set(shapes)) == len(shapes) == 6
    dashes = page.evaluate(
        "[0, 1, 2, 3, 4].map(at => document.querySelector('svg.chart use.g' + at))"
        ".map(one => getComputedStyle(one).getPropertyValue('--d'))"
    )
    assert len(set(dashes)) == 5


def test_where_colors_are_forced_the_chart_uses_them(site, page):
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.goto(site + ADDRESS.format("unemployment-rate-minnesota"))
    colors = page.evaluate(
        "[...document.querySelectorAll('svg.chart line:not(.grid, .axis, .brace, .tie)')]"
        ".map(one => getComputedStyle(one).stroke)"
    )
    canvas_text = page.evaluate(
        "(() => { document.body.style.color = 'CanvasText'; return getComputedStyle(document.body).color })()"
    )
    assert set(colors) == {canvas_text}
