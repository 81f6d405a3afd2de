import pytest
from django.db import connection
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.search import LONGEST_QUERY, START, STOP, clean, headline, highlight, search
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction

NO_MARKS = st.text(st.characters(exclude_characters=START + STOP))


def fold(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Saint Paul", "st paul"),
        ("St. Paul", "st paul"),
        ("Doña Ana", "dona ana"),
        ("Prince George's", "prince georges"),
        ("Prince George’s", "prince georges"),
        ("City of Minneapolis", "minneapolis"),
        ("The City and County of Denver", "denver"),
        ("Winston-Salem", "winston salem"),
        ("Fort Wayne", "ft wayne"),
        ("Mount Vernon", "mt vernon"),
        ("Saintsbury", "saintsbury"),
        ("  !!! ", ""),
    ],
)
def test_names_that_people_hold_for_the_same_fold_to_one_key(name, folded):
    assert fold(name) == folded


@given(st.text())
def test_cleaned_text_is_short_and_has_no_control_characters(text):
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST_QUERY
    assert not any(character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.django_db
def test_the_closest_name_comes_first():
    for name in ("Saint Paul Park", "West Saint Paul", "Saint Paul", "Paulsboro"):
        make_jurisdiction(name=name)
    found = search(Jurisdiction.objects.all(), "st. paul").order_by("-closeness")
    assert [(one.name, one.closeness) for one in found][:3] == [
        ("Saint Paul", 1.0),
        ("Saint Paul Park", 0.9),
        ("West Saint Paul", 0.8),
    ]


@pytest.mark.django_db
def test_a_misspelled_name_is_found_and_another_is_not():
    make_jurisdiction(name="Minneapolis")
    make_jurisdiction(name="Bloomington")
    assert [one.name for one in search(Jurisdiction.objects.all(), "minneaplis")] == ["Minneapolis"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["tools", "TOOL -ordinance", '"racial equity"', "café", "through"])
def test_words_of_the_summary_are_found_by_their_stems_without_accents_and_with_no_stop_words(text):
    one = make_jurisdiction(summary="A racial equity tool, used through every department, also in the cafe.")
    make_jurisdiction(summary="An ordinance.")
    assert list(search(Jurisdiction.objects.all(), text, texts=("summary",))) == [one]


@pytest.mark.django_db
def test_a_headline_marks_the_words_found_and_keeps_markup_inert():
    make_jurisdiction(summary="<b>Tools</b> & more <script>alert(1)</script> tool")
    found = Jurisdiction.objects.annotate(headline=headline("summary", "tool")).get()
    assert highlight(found.headline) == (
        "&lt;b&gt;<mark>Tools</mark>&lt;/b&gt; &amp; more &lt;script&gt;alert(1)&lt;/script&gt; <mark>tool</mark>"
    )


@given(NO_MARKS, NO_MARKS, NO_MARKS)
def test_whatever_stands_around_a_mark_is_escaped(before, marked, after):
    expected = escape(before) + (f"<mark>{escape(marked)}</mark>" if marked else "<mark></mark>") + escape(after)
    assert highlight(f"{before}{START}{marked}{STOP}{after}") == expected


@given(st.text(st.sampled_from(["<", ">", "&", '"', START, STOP, "a"])))
def test_no_arrangement_of_marks_lets_markup_through(text):
    inert = highlight(text).replace("<mark>", "").replace("</mark>", "")
    assert not set("<>\"'") & set(inert)
    assert highlight(text).count("<mark>") == highlight(text).count("</mark>")
