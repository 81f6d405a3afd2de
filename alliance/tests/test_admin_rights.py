"""Every address and every action of the admin, for everybody: what DESIGN says of rights, and nothing besides.

The addresses and the models come from the admin site itself: a new one without a row here fails.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from alliance.core import audit
from alliance.core.models import OutgoingMail, User
from alliance.core.tests.factories import make_admin, make_curator, make_user, numbers, sign_in
from alliance.core.tests.files import pdf
from alliance.core.tests.note_factories import make_report
from alliance.core.tests.test_admin import CURATED, FOR_ADMINS, RIGHTS
from cohorts.tests.factories import (
    make_cohort,
    make_cohort_seat,
    make_jurisdiction,
    make_membership,
    make_milestone,
    make_place,
    make_proposal,
)
from members.collaborations.tests import factories as collaborations
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner
from members.pathway.models import CannedText, ReviewPolicy
from members.pathway.tests.factories import make_application, make_chair, make_reviewer
from members.peers.tests.factories import make_abuse_report, make_tie_request
from resources.models import LinkCheck
from resources.tests.factories import make_adoption, make_collection, make_resource, make_suggestion, make_topic

pytestmark = pytest.mark.django_db

PEOPLE = {
    "person": make_user,
    "reviewer": make_reviewer,
    "chair": make_chair,
    "curator": make_curator,
    "admin": make_admin,
}
WITHOUT_LISTS = ("person", "reviewer", "chair")


def make_mail():
    fields = {"kind": "old", "to": "a@example.org", "subject": "-", "message_id": f"<{next(numbers)}>"}
    return OutgoingMail.objects.create(**fields)


def make_group():
    return Group.objects.create(name=f"Group {next(numbers)}")


def make_check():
    return LinkCheck.objects.create(
        resource=make_resource(), url="https://example.org", checked_at=timezone.now(), outcome="ok"
    )


# One object of each model.
OBJECTS = {
    "auth.group": make_group,
    "cohorts.cohort": make_cohort,
    "cohorts.cohortseat": make_cohort_seat,
    "cohorts.jurisdiction": make_jurisdiction,
    "cohorts.membership": make_membership,
    "cohorts.milestone": make_milestone,
    "cohorts.place": make_place,
    "cohorts.proposal": make_proposal,
    "collaborations.activity": collaborations.make_activity,
    "collaborations.collaboration": collaborations.make_collaboration,
    "collaborations.datapoint": collaborations.make_point,
    "collaborations.gathering": collaborations.make_gathering,
    "collaborations.joinrequest": collaborations.make_join_request,
    "collaborations.populationgroup": lambda: collaborations.make_group(f"Group {next(numbers)}"),
    "collaborations.seat": collaborations.make_seat,
    "collaborations.sharedmeasure": collaborations.make_measure,
    "collaborations.steward": collaborations.make_steward,
    "collaborations.update": collaborations.make_update,
    "core.auditentry": lambda: audit.record("change", about=make_topic()),
    "core.outgoingmail": make_mail,
    "core.report": make_report,
    "core.user": make_user,
    "partners.affiliation": lambda: Affiliation.objects.create(user=make_user(), partner=make_partner()),
    "partners.partner": make_partner,
    "pathway.application": make_application,
    "pathway.cannedtext": lambda: CannedText.objects.create(title="Thanks", text="Thank you."),
    "pathway.reviewpolicy": lambda: ReviewPolicy.objects.create(pk=1),
    "peers.abusereport": make_abuse_report,
    "peers.tierequest": make_tie_request,
    "resources.adoption": make_adoption,
    "resources.collection": make_collection,
    "resources.linkcheck": make_check,
    "resources.resource": lambda: make_resource(file=ContentFile(pdf(), name="plan.pdf")),
    "resources.suggestion": make_suggestion,
    "resources.topic": make_topic,
}

# The right that each page of a model takes, to look at and to send; None where being staff is enough.
PAGES = {
    "changelist": ("view", "change"),
    "add": ("add", "add"),
    "change": ("view", "change"),
    "delete": ("delete", "delete"),
    "history": ("view", "view"),
    "deleted": ("view", "view"),
    "restore": ("change", "change"),
    "import": ("change", "change"),
    "preview": ("change", "change"),
    "export": ("view", "view"),
    "file": ("view", "view"),
    "files": ("view", "view"),
    "texts": (None, None),
    "html": (None, None),
}
# What nobody does in the admin, whoever they are: others write it, there is one only, or it must stay.
NOBODY = {
    "add_abusereport", "add_application", "add_auditentry", "add_joinrequest", "add_linkcheck", "add_outgoingmail",
    "add_proposal", "add_report", "add_reviewpolicy", "add_suggestion", "add_tierequest",
    "change_auditentry", "change_linkcheck", "change_outgoingmail",
    "delete_abusereport", "delete_application", "delete_auditentry", "delete_joinrequest", "delete_linkcheck",
    "delete_outgoingmail", "delete_proposal", "delete_report", "delete_reviewpolicy", "delete_steward",
    "delete_suggestion", "delete_tierequest", "delete_user",
}  # fmt: skip

PUBLISHING = {"publish", "archive"}
# The actions of each list, for curators and for admins; the lists that are not named have none.
ACTIONS = {
    "auth.group": (set(), {"delete_selected"}),
    "cohorts.cohort": (PUBLISHING, PUBLISHING | {"delete_selected"}),
    "cohorts.cohortseat": ({"delete_selected"}, {"delete_selected"}),
    "cohorts.jurisdiction": (PUBLISHING, PUBLISHING | {"delete_selected"}),
    "cohorts.membership": (set(), {"delete_selected", "verify"}),
    "cohorts.milestone": ({"delete_selected"}, {"delete_selected"}),
    "cohorts.place": (set(), {"delete_selected"}),
    "collaborations.activity": ({"delete_selected"}, {"delete_selected"}),
    "collaborations.collaboration": (PUBLISHING, PUBLISHING | {"delete_selected"}),
    "collaborations.datapoint": ({"delete_selected"}, {"delete_selected"}),
    "collaborations.gathering": ({"delete_selected"}, {"delete_selected"}),
    "collaborations.populationgroup": ({"delete_selected"}, {"delete_selected"}),
    "collaborations.seat": ({"delete_selected"}, {"delete_selected"}),
    "collaborations.sharedmeasure": (PUBLISHING, PUBLISHING | {"delete_selected"}),
    "collaborations.update": ({"delete_selected"}, {"delete_selected"}),
    "core.outgoingmail": (set(), {"try_again"}),
    "partners.affiliation": (set(), {"delete_selected"}),
    "partners.partner": (PUBLISHING, PUBLISHING | {"delete_selected"}),
    "pathway.cannedtext": (set(), {"delete_selected"}),
    "resources.adoption": ({"delete_selected"}, {"delete_selected"}),
    "resources.collection": (PUBLISHING, PUBLISHING | {"delete_selected"}),
    "resources.resource": (
        PUBLISHING | {"set_topics", "verify"},
        PUBLISHING | {"set_topics", "verify", "delete_selected"},
    ),
    "resources.topic": (PUBLISHING, PUBLISHING | {"delete_selected"}),
}

# The addresses of no model: what each person gets.
OTHERS = {
    "index": {"person": 403, "reviewer": 200, "chair": 200, "curator": 200, "admin": 200},
    "search": {"person": 403, "reviewer": 200, "chair": 200, "curator": 200, "admin": 200},
    "jsi18n": {"person": 403, "reviewer": 200, "chair": 200, "curator": 200, "admin": 200},
    "autocomplete": {"person": 403, "reviewer": 403, "chair": 403, "curator": 200, "admin": 200},
    "password_change": {"person": 403, "reviewer": 302, "chair": 302, "curator": 302, "admin": 302},
    "password_change_done": {"person": 403, "reviewer": 200, "chair": 200, "curator": 200, "admin": 200},
    "login": {"person": 403, "reviewer": 302, "chair": 302, "curator": 302, "admin": 302},
    "app_list": {"person": 403, "reviewer": 404, "chair": 404, "curator": 200, "admin": 200},
    "logout": {"person": 403, "reviewer": 405, "chair": 405, "curator": 405, "admin": 405},
}
AUTOCOMPLETE = "?app_label=cohorts&model_name=milestone&field_name=jurisdiction"

MODELS = {model._meta.label_lower: (model, model_admin) for model, model_admin in admin.site._registry.items()}
NAMES = {pattern.name for pattern in admin.site.get_urls() if getattr(pattern, "name", None)}


def pages_of(label):
    """The names of the pages of a model."""
    return {pattern.name.rpartition("_")[2] for pattern in MODELS[label][1].get_urls() if pattern.name}


def address_of(label, page, thing):
    name = f"admin:{label.replace('.', '_')}_{page}"
    args = {"export": ["csv"], "html": ["sign_in_code"]}.get(page, [thing.pk])
    if page == "restore":
        args = [thing.pk, thing.history.first().pk]
    for given in (args, []):
        try:
            return reverse(name, args=given)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(name)


def may(person, right, label):
    codename = f"{right}_{label.partition('.')[2]}"
    if person in WITHOUT_LISTS or right and codename in NOBODY:
        return right is None and person != "person"
    return person == "admin" or right is None or codename in RIGHTS


@pytest.fixture
def client_of():
    clients = {}

    def find(person):
        if person not in clients:
            clients[person] = Client()
            sign_in(clients[person], PEOPLE[person]())
        return clients[person]

    return find


def test_every_model_has_a_row_and_every_row_a_model():
    assert set(OBJECTS) == set(MODELS) == CURATED | FOR_ADMINS
    assert set(ACTIONS) <= set(MODELS)
    assert set().union(*map(pages_of, MODELS)) == set(PAGES)
    assert set(OTHERS) == NAMES


@pytest.mark.parametrize("label", sorted(OBJECTS))
def test_each_page_of_a_model_opens_for_those_with_the_right_alone(label, client_of):
    thing = OBJECTS[label]()
    wrong = {}
    for page in sorted(pages_of(label)):
        address = address_of(label, page, thing)
        for person in PEOPLE:
            status = client_of(person).get(address).status_code
            # What is allowed leads on where nothing was chosen yet, and to nothing where no mail becomes files.
            allowed = {"preview": (302,), "files": (200, 404)}.get(page, (200,))
            if status not in (allowed if may(person, PAGES[page][0], label) else (403,)):
                wrong[page, person] = status
    assert wrong == {}


@pytest.mark.parametrize("label", sorted(OBJECTS))
def test_nothing_is_sent_to_a_page_of_a_model_without_the_right(label, client_of):
    thing = OBJECTS[label]()
    model = MODELS[label][0]
    before = set(model.objects.values_list("pk", flat=True))
    actions = set().union(*ACTIONS.get(label, ()))
    wrong = {}
    for page in sorted(pages_of(label)):
        address = address_of(label, page, thing)
        for person in PEOPLE:
            if may(person, PAGES[page][1], label):
                continue
            sent = [{"post": "yes"}]
            if page == "changelist":
                sent = [{"action": one, "_selected_action": [thing.pk], "post": "yes"} for one in sorted(actions)]
            for data in sent:
                status = client_of(person).post(address, data).status_code
                # A list that somebody may only look at is shown again, without any action.
                looks = page == "changelist" and may(person, "view", label)
                if status not in ((200, 302) if looks else (403,)):
                    wrong[page, person, data.get("action")] = status
    assert wrong == {}
    assert set(model.objects.values_list("pk", flat=True)) >= before


@pytest.mark.parametrize("label", sorted(OBJECTS))
def test_each_list_has_just_these_actions_for_each(label, client_of):
    thing = OBJECTS[label]()
    model, model_admin = MODELS[label]
    request = RequestFactory().get("/")
    found = {}
    for person, make in PEOPLE.items():
        request.user = User.objects.get(pk=make().pk)
        found[person] = set(model_admin.get_actions(request))
    of_curators, of_admins = ACTIONS.get(label, (set(), set()))
    allowed = {name: found[name] for name in ("curator", "admin")}
    assert allowed == {"curator": of_curators, "admin": of_admins}
    # Those who see no list could do nothing even if they did.
    assert all(found[person] == set() for person in WITHOUT_LISTS), found
    assert model.objects.filter(pk=thing.pk).exists()


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_the_pages_of_no_model_answer_each_as_they_should(name, client_of):
    address = reverse(f"admin:{name}", args=["cohorts"] if name == "app_list" else [])
    address += AUTOCOMPLETE if name == "autocomplete" else ""
    assert {person: client_of(person).get(address).status_code for person in PEOPLE} == OTHERS[name]


@pytest.mark.parametrize("person", ["reviewer", "chair"])
def test_reviewers_and_chairs_are_led_to_what_they_have_and_to_no_list(person, client_of):
    page = client_of(person).get("/admin/")
    assert page.context["app_list"] == []
    assert 'href="/review/">Review of applications</a>' in page.content.decode()
    assert client_of(person).get("/review/").status_code == 200


@pytest.mark.parametrize("person", PEOPLE)
def test_no_address_of_the_admin_tells_whether_something_exists(person, client_of):
    """Django's way from the number of an object to its page asks for no right."""
    application = make_application()
    answers = [client_of(person).get(f"/admin/r/{number}/{application.pk}/").status_code for number in range(1, 60)]
    assert set(answers) == {403 if person == "person" else 404}
