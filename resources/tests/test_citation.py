"""A citation says who, what, where and when, and TeX reads it as text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.citation import bibtex, plain, tex
from resources.models import Resource

PAGE = "https://portal.example/resources/toolkit/"


def resource(**fields):
    values = {
        "slug": "toolkit",
        "title": "Racial Equity Toolkit: Budget & Policy",
        "publisher": "City of Seattle",
        "url": "https://seattle.gov/rsji_toolkit",
    }
    return Resource(**values | fields)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"year": 2012},
            "Racial Equity Toolkit: Budget & Policy. City of Seattle. 2012. https://seattle.gov/rsji_toolkit",
        ),
        (
            {"authors": ["Julie Nelson", "Lisa Brooks"], "publisher": "", "title": "How to begin."},
            "Julie Nelson and Lisa Brooks. How to begin. no date. https://seattle.gov/rsji_toolkit",
        ),
        ({"url": "", "body": "Text"}, f"Racial Equity Toolkit: Budget & Policy. City of Seattle. no date. {PAGE}"),
    ],
)
def test_the_plain_line_names_what_is_known(fields, line):
    assert plain(resource(**fields), PAGE) == line


def test_bibtex_keeps_capitals_and_a_corporate_author_together():
    assert bibtex(resource(year=2012), PAGE) == (
        "@misc{toolkit,\n"
        "  title = {{Racial Equity Toolkit: Budget \\& Policy}},\n"
        "  author = {{City of Seattle}},\n"
        "  year = {2012},\n"
        "  howpublished = {\\url{https://seattle.gov/rsji_toolkit}},\n"
        "  language = {English},\n"
        "}"
    )


def test_bibtex_names_people_and_their_publisher():
    entry = bibtex(resource(authors=["Ann O'Hara", "Bo Li"]), PAGE)
    assert "  author = {Ann O'Hara and Bo Li},\n  publisher = {City of Seattle},\n" in entry


def test_an_unknown_maker_leaves_no_empty_field():
    assert "author" not in bibtex(resource(publisher=""), PAGE)


@given(st.text())
def test_no_text_is_a_command_to_tex(text):
    bare = tex(text)
    for written in ("\\textbackslash{}", "\\textasciitilde{}", "\\textasciicircum{}"):
        bare = bare.replace(written, "")
    assert re.search(r"(?<!\\)[&%$#_{}~^]|\\(?![&%$#_{}])", bare) is None


@given(st.text())
def test_no_address_ends_its_braces(text):
    (line,) = [line for line in bibtex(resource(url=f"https://x/{text}"), PAGE).split("\n") if "howpub" in line] or [""]
    address = line.removeprefix("  howpublished = {\\url{").removesuffix("}},")
    assert not set(address) & set("{}\\")
