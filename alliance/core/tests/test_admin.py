from importlib import import_module

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from alliance.core.admin_base import in_plain_words
from alliance.core.models import User

from .admin_forms import complaints, filled_in
from .factories import make_admin, make_curator, make_user, sign_in

pytestmark = pytest.mark.django_db

CURATED = {
    "cohorts.cohort",
    "cohorts.cohortseat",
    "cohorts.jurisdiction",
    "cohorts.milestone",
    "cohorts.place",
    "cohorts.proposal",
    "collaborations.activity",
    "collaborations.collaboration",
    "collaborations.datapoint",
    "collaborations.gathering",
    "collaborations.joinrequest",
    "collaborations.populationgroup",
    "collaborations.seat",
    "collaborations.sharedmeasure",
    "collaborations.steward",
    "collaborations.update",
    "core.auditentry",
    "core.report",
    "partners.partner",
    "resources.adoption",
    "resources.collection",
    "resources.linkcheck",
    "resources.resource",
    "resources.suggestion",
    "resources.topic",
}
# Curated on the page to which they belong.
ROWS = {"resources.collectionitem"}
# Nobody adds one here.
WRITTEN_ELSEWHERE = {
    "cohorts.proposal", "collaborations.joinrequest", "core.auditentry", "core.outgoingmail", "core.report",
    "pathway.application", "peers.abusereport", "peers.tierequest", "resources.linkcheck", "resources.suggestion",
}  # fmt: skip
FOR_ADMINS = {
    "auth.group", "cohorts.membership", "core.outgoingmail", "core.user", "partners.affiliation", "pathway.application",
    "pathway.cannedtext", "pathway.reviewpolicy", "peers.abusereport", "peers.tierequest",
}  # fmt: skip

RIGHTS = {
    "add_adoption", "change_adoption", "delete_adoption", "view_adoption",
    "add_cohort", "change_cohort", "view_cohort",
    "add_cohortseat", "change_cohortseat", "delete_cohortseat", "view_cohortseat",
    "add_collection", "change_collection", "view_collection",
    "add_collectionitem", "change_collectionitem", "delete_collectionitem", "view_collectionitem",
    "add_collaboration", "change_collaboration", "view_collaboration",
    "add_activity", "change_activity", "delete_activity", "view_activity",
    "add_datapoint", "change_datapoint", "delete_datapoint", "view_datapoint",
    "add_gathering", "change_gathering", "delete_gathering", "view_gathering",
    "change_joinrequest", "view_joinrequest",
    "add_populationgroup", "change_populationgroup", "delete_populationgroup", "view_populationgroup",
    "add_sharedmeasure", "change_sharedmeasure", "view_sharedmeasure",
    "add_steward", "change_steward", "view_steward",
    "add_update", "change_update", "delete_update", "view_update",
    "add_jurisdiction", "change_jurisdiction", "view_jurisdiction",
    "add_milestone", "change_milestone", "delete_milestone", "view_milestone",
    "add_partner", "change_partner", "view_partner",
    "add_seat", "change_seat", "delete_seat", "view_seat",
    "change_report", "view_report",
    "add_resource", "change_resource", "view_resource",
    "change_suggestion", "view_suggestion",
    "add_topic", "change_topic", "view_topic",
    "change_proposal", "view_proposal",
    "view_auditentry", "view_linkcheck", "view_place",
}  # fmt: skip

MIGRATIONS = (
    "alliance.core.migrations.0004_curators",
    "alliance.core.migrations.0006_curators",
    "cohorts.migrations.0003_curators",
    "cohorts.migrations.0008_curators",
    "members.partners.migrations.0002_curators",
    "members.collaborations.migrations.0002_curators",
    "members.collaborations.migrations.0008_curators",
    "resources.migrations.0003_curators",
    "resources.migrations.0008_curators",
)


def changelist(label):
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


@pytest.fixture
def as_admin(client):
    sign_in(client, make_admin(email="root@example.org"))
    return client


# --- What is shown to whom ---


def test_every_model_is_curated_but_old_slugs_and_seed_records():
    assert {model._meta.label_lower for model in admin.site._registry} == CURATED | FOR_ADMINS


def test_curators_have_exactly_these_rights():
    held = Group.objects.get(name="Curators").permissions
    assert set(held.values_list("codename", flat=True)) == RIGHTS
    assert {
        f"{app}.{model}" for app, model in held.values_list("content_type__app_label", "content_type__model")
    } == CURATED | ROWS


def test_the_rights_can_be_taken_back_and_are_made_anew_where_there_are_none():
    operations = [import_module(name).Migration.operations[0] for name in MIGRATIONS]
    before = set(Permission.objects.values_list("content_type__model", "codename", "name"))
    for operation in operations:
        operation.reverse_code(apps, connection.schema_editor())
    assert not Group.objects.filter(name="Curators").exists()

    Permission.objects.all().delete()
    for operation in operations:
        operation.code(apps, connection.schema_editor())
    assert set(Group.objects.get(name="Curators").permissions.values_list("codename", flat=True)) == RIGHTS
    assert set(Permission.objects.values_list("content_type__model", "codename", "name")) <= before


def test_rights_that_others_gave_the_group_survive_taking_ours_back():
    group = Group.objects.get(name="Curators")
    group.permissions.add(Permission.objects.get(codename="view_session"))
    for name in MIGRATIONS:
        import_module(name).Migration.operations[0].reverse_code(apps, connection.schema_editor())
    assert list(group.permissions.values_list("codename", flat=True)) == ["view_session"]


def test_a_curator_finds_what_they_curate_on_the_index_and_nothing_else(client):
    sign_in(client, make_curator())
    apps_shown = client.get("/admin/").context["app_list"]
    assert {
        f"{app['app_label']}.{model['object_name'].lower()}" for app in apps_shown for model in app["models"]
    } == CURATED


@pytest.mark.parametrize("label", sorted(CURATED))
def test_a_curator_opens_every_list_of_theirs(client, label):
    sign_in(client, make_curator())
    assert client.get(changelist(label)).status_code == 200


@pytest.mark.parametrize("label", sorted(FOR_ADMINS))
def test_people_and_groups_are_closed_to_curators_whatever_rights_they_were_given(client, label):
    curator = make_curator()
    model = label.split(".")[1]
    curator.user_permissions.set(Permission.objects.filter(codename__endswith=f"_{model}"))
    curator.refresh_from_db()
    sign_in(client, curator)
    assert client.get(changelist(label)).status_code == 403


@pytest.mark.parametrize("label", sorted(CURATED | FOR_ADMINS))
def test_an_admin_opens_every_list_and_every_form(as_admin, label):
    assert as_admin.get(changelist(label)).status_code == 200
    form = as_admin.get(changelist(label) + "add/")
    assert form.status_code == (403 if label in WRITTEN_ELSEWHERE else 200)


def test_the_admin_is_closed_to_who_is_not_staff(client):
    assert client.get("/admin/").headers["Location"] == "/account/login/?next=/admin/"
    client.force_login(make_user())
    assert client.get("/admin/").status_code == 403


# --- People ---


def test_an_admin_adds_a_person_by_address_who_has_no_password(as_admin):
    response = as_admin.post("/admin/core/user/add/", {"email": "New@Example.org", "name": "New", "is_active": "on"})
    assert response.headers["Location"] == "/admin/core/user/"
    person = User.objects.get(email="new@example.org")
    assert (person.name, person.has_usable_password(), person.is_active, person.is_staff) == ("New", False, True, False)


def test_a_second_account_for_an_address_is_refused(as_admin):
    response = as_admin.post("/admin/core/user/add/", {"email": "ROOT@example.org"})
    assert complaints(response) == {"__all__": ["There is already an account with this e-mail address."]}


def test_what_mail_cannot_be_sent_to_is_refused_in_words(as_admin):
    response = as_admin.post("/admin/core/user/add/", {"email": "jane@"})
    assert complaints(response) == {"email": ["Enter a valid email address."]}


def test_an_admin_makes_someone_a_curator_and_that_signs_them_out_everywhere(as_admin):
    person = make_user(name="Grace")
    theirs = Client()
    sign_in(theirs, person)
    assert theirs.get("/account/sessions/").status_code == 200
    address = f"/admin/core/user/{person.pk}/change/"
    group = Group.objects.get(name="Curators")
    data = filled_in(as_admin.get(address), is_staff="on", groups=[group.pk])
    assert as_admin.post(address, data).status_code == 302
    person.refresh_from_db()
    assert (person.is_staff, list(person.groups.all())) == (True, [group])
    assert theirs.get("/account/sessions/").headers["Location"] == "/account/login/?next=/account/sessions/"


def test_an_admin_does_not_change_the_address_that_somebody_signs_in_with(as_admin):
    person = make_user(email="grace@example.org")
    address = f"/admin/core/user/{person.pk}/change/"
    as_admin.post(address, filled_in(as_admin.get(address), email="mallory@example.org"))
    person.refresh_from_db()
    assert person.email == "grace@example.org"


def test_people_and_roles_open_only_soon_after_signing_in(client):
    admin_user = make_admin()
    sign_in(client, admin_user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= 901
    session.save()
    answers = {address: client.get(address) for address in ("/admin/", "/admin/core/user/", "/admin/auth/group/add/")}
    assert [answer.status_code for answer in answers.values()] == [200, 302, 302]
    assert answers["/admin/core/user/"].headers["Location"] == "/account/again/two-step/?next=%2Fadmin%2Fcore%2Fuser%2F"


def test_staff_without_a_second_step_are_led_to_it(client):
    newcomer = make_user()
    User.objects.filter(pk=newcomer.pk).update(is_staff=True, is_superuser=True)
    newcomer.refresh_from_db()
    sign_in(client, newcomer)
    assert client.get("/admin/").headers["Location"] == "/account/two-step/"


@pytest.mark.parametrize("address", ["/admin/password_change/", "/admin/password_change/done/"])
def test_a_password_is_changed_in_the_account_and_nowhere_else(as_admin, address):
    expected = {"/admin/password_change/": (302, "/account/password/")}.get(address, (200, None))
    answer = as_admin.get(address)
    assert (answer.status_code, answer.headers.get("Location")) == expected


def test_no_page_of_a_person_holds_their_password_hash(as_admin):
    person = make_user()
    pages = as_admin.get("/admin/core/user/"), as_admin.get(f"/admin/core/user/{person.pk}/change/")
    secret = person.password.split("$")[-1]
    assert [secret in page.content.decode() for page in pages] == [False, False]


def test_nobody_deletes_a_person(as_admin):
    person = make_user()
    assert as_admin.get(f"/admin/core/user/{person.pk}/delete/").status_code == 403
    as_admin.post("/admin/core/user/", {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"})
    assert User.objects.filter(pk=person.pk).exists()


# --- What an address may ask of a list ---

# What a list does not show: columns, and the relations of other apps, "+" being one that has no name.
UNSHOWN = [
    ("core.report", "email__startswith=a"),
    ("core.report", "key__startswith=a"),
    ("resources.suggestion", "email=someone@example.org"),
    ("core.outgoingmail", "text__contains=123456"),
    ("core.user", "password__startswith=argon2"),
    ("core.user", "%2B__isnull=False"),
    ("cohorts.place", "%2B__isnull=False"),
    ("cohorts.cohort", "%2B__isnull=False"),
    ("cohorts.jurisdiction", "memberships__isnull=False"),
    ("cohorts.jurisdiction", "onboardings__isnull=False"),
    ("cohorts.proposal", "note__startswith=a"),
    ("partners.partner", "affiliations__isnull=False"),
    ("pathway.application", "came_from=in_review"),
    ("pathway.application", "decisions__isnull=False"),
]


@pytest.mark.parametrize(("label", "query"), UNSHOWN)
def test_no_address_of_a_list_tells_what_it_does_not_show(as_admin, label, query):
    assert as_admin.get(f"{changelist(label)}?{query}").status_code == 400


@pytest.mark.parametrize("label", sorted(CURATED | FOR_ADMINS))
def test_each_filter_that_a_list_offers_can_be_followed(as_admin, label):
    listing = as_admin.get(changelist(label)).context["cl"]
    addresses = [choice["query_string"] for spec in listing.filter_specs for choice in spec.choices(listing)]
    answers = {address: as_admin.get(changelist(label) + address).status_code for address in addresses}
    assert answers == dict.fromkeys(addresses, 200)


# --- Whatever is typed ---


@pytest.mark.parametrize("label", sorted(CURATED | FOR_ADMINS))
@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 10_000, "q=%FF", "p=zzz", "o=99", "id__exact=%00", "nothing=1"]
)
def test_no_query_string_breaks_a_list(as_admin, label, query):
    response = as_admin.get(f"{changelist(label)}?{query}", follow=True)
    assert response.status_code == 200


def test_no_term_breaks_autocomplete(as_admin):
    address = "/admin/autocomplete/?app_label=cohorts&model_name=membership&field_name=user&term="
    found = as_admin.get(address + "root%00@example").json()
    assert [row["text"] for row in found["results"]] == ["root@example.org"]


def test_only_refusals_by_the_database_are_put_in_words():
    class CauseError(Exception):
        sqlstate = "40P01"
        diag = type("Diagnostics", (), {"constraint_name": None})

    deadlock, broken = Exception(), Exception()
    deadlock.__cause__ = CauseError()
    assert in_plain_words(deadlock).startswith("Someone else saved something at the same moment")
    assert in_plain_words(broken) is None
