import pytest
from django import forms

from cohorts.models import Milestone
from members.partners.models import Partner


def form_of(model, name, typed):
    return forms.modelform_factory(model, fields=[name])({name: typed})


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "ftp://example.org/", "http://", "data:text/html,x"])
def test_a_website_that_is_no_web_address_is_refused_once_and_in_plain_words(typed):
    errors = form_of(Partner, "website", typed).errors
    assert errors == {"website": ["Enter a web address that starts with http:// or https://."]}


def test_a_website_typed_without_its_scheme_gets_the_safe_one():
    form = form_of(Partner, "website", "example.org/a")
    assert (form.errors, form.cleaned_data) == ({}, {"website": "https://example.org/a"})


@pytest.mark.django_db
def test_sources_are_read_line_by_line_whatever_stands_around_them():
    form = form_of(Milestone, "sources", "  https://example.org/a?b=1,2 \r\n\r\nhttp://example.org/c\n")
    assert form.is_valid()
    assert form.cleaned_data == {"sources": ["https://example.org/a?b=1,2", "http://example.org/c"]}


def test_the_line_that_is_no_source_is_named():
    errors = form_of(Milestone, "sources", "https://example.org/\nnot an address").errors
    assert errors == {"sources": ["Line 2: Enter a web address that starts with http:// or https://."]}


def test_a_milestone_without_a_source_is_refused_in_the_form():
    assert form_of(Milestone, "sources", " \n ").errors == {"sources": ["This field is required."]}
