"""What admins see of applications, and how they name a new lead."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from alliance.core.models import OutgoingMail, User
from alliance.core.tests.admin_forms import complaints
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.tests.test_queries import queries_of
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import make_application, make_application_in, make_complete_application, make_member, user_of

pytestmark = pytest.mark.django_db

LIST = "/admin/pathway/application/"


def page_of(application):
    return reverse("admin:pathway_application_change", args=[application.pk])


@pytest.fixture
def as_admin(client):
    sign_in(client, make_admin(name="Ada Root"))
    return client


def test_an_admin_names_a_new_lead_and_both_are_told(as_admin):
    application = make_complete_application(make_user(name="Lee Old"))
    old, new = user_of(application, Role.LEAD), make_user(name="Rosa Diaz")
    answer = as_admin.post(page_of(application), {"new_lead": new.pk, "reason": "Lee has left."})
    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    assert user_of(application, Role.LEAD) == new
    assert application.team.current().get(user=old).role == Role.EDITOR
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == set(
        application.team.current().values_list("user__email", flat=True)
    )
    assert application.messages.get().text == "Lee has left."
    # The mail says that the reason stands among the messages: of a draft, too.
    messages = reverse("application_messages", args=[application.pk])
    as_old = Client()
    as_old.force_login(old)
    assert messages in as_old.get(application.get_absolute_url()).content.decode()
    assert "Lee has left." in as_old.get(messages).content.decode()
    entry = LogEntry.objects.get()
    assert (str(entry.object_id), entry.object_repr) == (str(application.pk), "Draft")
    assert not {"Lee", "Rosa"} & set(entry.get_change_message().split())


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"new_lead": ["This field is required."], "reason": ["This field is required."]}),
        (
            {"new_lead": "0", "reason": "x\0"},
            {
                "new_lead": ["Select a valid choice. That choice is not one of the available choices."],
                "reason": ["Null characters are not allowed."],
            },
        ),
    ],
)
def test_without_a_person_and_a_reason_nothing_changes(sent, errors, as_admin):
    application = make_application()
    before = user_of(application, Role.LEAD)
    assert complaints(as_admin.post(page_of(application), sent)) == errors
    assert (user_of(application, Role.LEAD), application.messages.count()) == (before, 0)


def test_somebody_who_may_not_sign_in_is_no_lead(as_admin):
    application, asleep = make_application(), make_user(is_active=False)
    answer = as_admin.post(page_of(application), {"new_lead": asleep.pk, "reason": "Why"})
    assert list(complaints(answer)) == ["new_lead"]


def test_the_page_holds_no_answer_and_changes_nothing_else(as_admin):
    application = make_complete_application(make_user(name="<b>Lee</b>"))
    page = as_admin.get(page_of(application)).content.decode()
    assert "Some words," not in page
    assert "&lt;b&gt;Lee&lt;/b&gt;" in page
    sent = {"new_lead": user_of(application, Role.SPONSOR).pk, "reason": "x", "status": "accepted", "reference": "A-0"}
    as_admin.post(page_of(application), sent)
    application.refresh_from_db()
    assert (application.status, application.reference) == (Status.DRAFT, None)


def test_nobody_adds_or_deletes_one(as_admin):
    application = make_application()
    assert as_admin.get(f"{LIST}add/").status_code == 403
    assert as_admin.get(f"{LIST}{application.pk}/delete/").status_code == 403
    as_admin.post(LIST, {"action": "delete_selected", "_selected_action": [application.pk], "post": "yes"})
    assert type(application).objects.filter(pk=application.pk).exists()


def test_a_curator_finds_none_of_it(client):
    sign_in(client, make_curator())
    application = make_application()
    sent = {"new_lead": make_user().pk, "reason": "Why"}
    answers = [client.get(LIST), client.get(page_of(application)), client.post(page_of(application), sent)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_more_than_one_application_for_a_government_is_allowed_and_shown(as_admin):
    place, jurisdiction = make_place(), make_jurisdiction()
    ones = {
        "by place": make_application(place=place),
        "by place again": make_application(place=place, status=Status.WITHDRAWN),
        "third": make_application(place=place, jurisdiction=jurisdiction),
        "in the network": make_application(jurisdiction=jurisdiction),
        "alone": make_application(place=make_place()),
        "unknown": make_application(),
        "unknown, too": make_application(),
    }
    shown = {row.pk: row.others for row in as_admin.get(LIST).context["cl"].queryset}
    assert {name: shown[one.pk] for name, one in ones.items()} == {
        "by place": 1,
        "by place again": 2,
        "third": 2,
        "in the network": 1,
        "alone": 0,
        "unknown": 0,
        "unknown, too": 0,
    }


def test_what_the_admin_has_a_conflict_of_interest_with_is_not_counted_with_the_others(as_admin):
    place = make_place()
    shown, closed = make_application(place=place), make_application_in(Status.IN_REVIEW, place=place)
    closed.declarations.create(by=User.objects.get(is_superuser=True), has_conflict=True)
    assert [(row.pk, row.others) for row in as_admin.get(LIST).context["cl"].queryset] == [(shown.pk, 0)]


def test_one_without_a_lead_says_so_and_gets_one(as_admin):
    application, heir = make_application(status=Status.WITHDRAWN), make_user()
    application.team.all().delete()
    assert "nobody" in as_admin.get(LIST).content.decode()
    as_admin.post(page_of(application), {"new_lead": heir.pk, "reason": "The lead has left us."})
    assert user_of(application, Role.LEAD) == heir


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, as_admin):
    place = make_place()
    for _ in range(rows):
        application = make_application(place=place)
        make_member(application, Role.EDITOR)
    assert {page: queries_of(as_admin, page) for page in (LIST, page_of(application))} == {
        LIST: 7,
        page_of(application): 5,
    }
