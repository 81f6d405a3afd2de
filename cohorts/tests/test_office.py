"""The public contact of a government: an office, and a person only if they agreed."""

import html
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from alliance.core.tests.factories import make_user
from cohorts import privacy
from cohorts.opendata import JURISDICTIONS

from .factories import make_jurisdiction

pytestmark = pytest.mark.django_db

OFFICE = {
    "office": "Office of Racial Equity",
    "office_url": "https://example.gov/equity",
    "office_email": "equity@example.gov",
}
PERSON = {"office_person": "Rosa <Diaz>", "office_person_agreed": True}


def facts(page):
    return page.partition("<aside")[2].partition("</aside>")[0]


def test_the_page_the_open_data_and_schema_org_show_the_office(client):
    town = make_jurisdiction(**OFFICE)
    page = client.get(town.get_absolute_url()).content.decode()
    assert (
        '<dt>Contact</dt><dd>Office of Racial Equity<br><a href="https://example.gov/equity">example.gov</a><br>'
        '<a href="mailto:equity@example.gov">equity@example.gov</a>\n</dd>'
    ) in facts(page)
    data = json.loads(html.unescape(page.partition('application/ld+json">')[2].partition("</script>")[0]))
    assert data["contactPoint"] == {
        "@type": "ContactPoint",
        "name": "Office of Racial Equity",
        "email": "equity@example.gov",
        "url": "https://example.gov/equity",
    }
    [(_town, record)] = JURISDICTIONS.records()
    assert {name: record[name] for name in OFFICE} | {"person": record["office_person"]} == OFFICE | {"person": ""}


def test_without_an_office_the_page_has_no_contact(client):
    page = client.get(make_jurisdiction().get_absolute_url()).content.decode()
    assert ("<dt>Contact</dt>" in page, "contactPoint" in page) == (False, False)


def test_a_person_who_agreed_is_named_and_their_name_is_text(client):
    town = make_jurisdiction(**OFFICE, **PERSON)
    assert "Equity<br>Rosa &lt;Diaz&gt;<br>" in facts(client.get(town.get_absolute_url()).content.decode())


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (OFFICE | {"office": ""}, "Name the office that this contact belongs to."),
        (PERSON, "Name the office that this contact belongs to."),
        (
            OFFICE | PERSON | {"office_person_agreed": False},
            "A person is named here only if they agreed: give both, or neither.",
        ),
        (
            OFFICE | PERSON | {"office_person": ""},
            "A person is named here only if they agreed: give both, or neither.",
        ),
    ],
)
def test_the_database_refuses_a_name_without_consent_and_a_contact_without_an_office(fields, refusal):
    town = make_jurisdiction()
    for name, value in fields.items():
        setattr(town, name, value)
    with pytest.raises(ValidationError) as refused:
        town.full_clean()
    assert refused.value.messages == [refusal]
    with pytest.raises(IntegrityError), transaction.atomic():
        town.save()


@pytest.mark.parametrize(
    ("contact", "left"),
    [
        (OFFICE | PERSON | {"office_person": "Dr. rosa diaz"}, ("equity@example.gov", "", False)),
        (OFFICE | PERSON | {"office_email": "ROSA@example.org"}, ("", "", False)),
        (OFFICE | PERSON | {"office_person": "Rosa Diazzo"}, ("equity@example.gov", "Rosa Diazzo", True)),
        (OFFICE | {"office_email": "a.rosa@example.org"}, ("a.rosa@example.org", "", False)),
    ],
)
def test_who_leaves_is_no_longer_named_as_the_contact(contact, left):
    town = make_jurisdiction(**contact)
    privacy.erase(make_user(name="Rosa Diaz", email="rosa@example.org"))
    town.refresh_from_db()
    assert (town.office_email, town.office_person, town.office_person_agreed) == left
    assert town.office == "Office of Racial Equity"
