"""What is done in the admin stands in the audit log: of content what it said, of people which fields were changed."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from alliance.accounts.leaving import erase_account
from alliance.core.models import AuditEntry, OutgoingMail, User
from alliance.core.recorded import personal
from cohorts.models import Jurisdiction
from cohorts.tests.factories import SOURCE, make_cohort, make_jurisdiction, make_membership, make_milestone, make_place
from resources.models import Resource
from resources.tests.factories import make_adoption, make_resource, make_topic

from .admin_forms import complaints, filled_in, new_row
from .factories import make_admin, make_curator, make_user, numbers, sign_in
from .files import pdf
from .note_factories import make_report

pytestmark = pytest.mark.django_db

ONLY_ADMIN = "No other admin has a second step. Somebody else must be an admin with one first."


@pytest.fixture
def curator(client):
    client.user = make_curator()
    sign_in(client, client.user)
    return client


@pytest.fixture
def admin(client):
    client.user = make_admin()
    sign_in(client, client.user)
    return client


def page(thing, view="change"):
    address = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{view}"
    return reverse(address, args=[] if view == "changelist" else [thing.pk])


def save(client, thing, /, **changes):
    response = client.post(page(thing), filled_in(client.get(page(thing)), **changes))
    assert response.status_code == 302, complaints(response)


def act(client, action, things, /, **data):
    data |= {"action": action, "_selected_action": [one.pk for one in things]}
    return client.post(page(things[0], "changelist"), data, follow=True)


def told(entry):
    return entry.action, entry.label, entry.before, entry.after, entry.facts


def entries(client):
    """What the log says of the one who is signed in, the oldest first; all of it within a request."""
    found = list(AuditEntry.objects.by(client.user).order_by("pk"))
    assert all(entry.request_id for entry in found)
    return [told(entry) for entry in found]


# --- Content ---


def test_a_change_stands_there_with_what_was_there_before(curator):
    village = make_jurisdiction(name="Village", state="MN", summary="Old")
    place = make_place(name="Oakwood", state="MN")
    save(curator, village, summary="New", place=place.pk)
    before, after = {"place": None, "summary": "Old"}, {"place": str(place), "summary": "New"}
    assert entries(curator) == [("change", "Village, MN", before, after, {})]
    save(curator, village, place="")
    assert entries(curator)[1:] == [("change", "Village, MN", {"place": str(place)}, {"place": None}, {})]


def test_a_form_that_changes_nothing_leaves_no_entry(curator):
    save(curator, make_jurisdiction())
    assert entries(curator) == []


def test_a_form_that_is_refused_leaves_no_entry(curator):
    village = make_jurisdiction()
    response = curator.post(page(village), filled_in(curator.get(page(village)), summary="New", slug="Not A Slug"))
    assert response.status_code == 200
    assert entries(curator) == []


@pytest.mark.parametrize(("status", "action"), [("published", "publish"), ("archived", "archive"), ("draft", "change")])
def test_a_status_set_in_the_form_stands_under_its_name(curator, status, action):
    village = make_jurisdiction(name="Village", state="MN", status="archived" if status == "draft" else "draft")
    was = village.status
    save(curator, village, status=status)
    assert entries(curator) == [(action, "Village, MN", {"status": was}, {"status": status}, {})]


def test_an_addition_stands_there_with_all_that_was_typed(curator):
    address = reverse("admin:cohorts_cohort_add")
    fields = {"name": "The first", "kind": "national", "slug": "the-first", "summary": "They began."}
    response = curator.post(address, filled_in(curator.get(address), **fields))
    assert response.status_code == 302, complaints(response)
    assert entries(curator) == [("add", "The first", None, fields, {})]


def test_rows_of_a_page_stand_there_one_by_one(curator):
    village = make_jurisdiction(name="Village", state="MN")
    stays, changes, goes = (make_milestone(jurisdiction=village, title=title) for title in ("Stays", "Changes", "Goes"))
    form = curator.get(page(village))
    rows = {row.instance.pk: row.prefix for row in form.context["inline_admin_formsets"][0].formset.initial_forms}
    assert set(rows) == {stays.pk, changes.pk, goes.pk}
    new = {"kind": "training", "date": "2020", "title": "Comes", "sources": SOURCE}
    data = filled_in(form, **new_row("milestones", 3, **new))
    data |= {f"{rows[changes.pk]}-title": "Changed", f"{rows[goes.pk]}-DELETE": "on"}
    assert curator.post(page(village), data).status_code == 302
    deleted, changed, added = entries(curator)
    facts = {"page": "Village, MN"}
    assert (deleted[:2], deleted[2]["title"], deleted[3:]) == (("delete", str(goes)), "Goes", (None, facts))
    assert changed[0] == "change"
    assert changed[2:] == ({"title": "Changes"}, {"title": "Changed"}, facts)
    assert (added[0], added[2], added[3]["title"], added[4]) == ("add", None, "Comes", facts)
    about = AuditEntry.objects.values_list("kind", "object_id")
    assert set(about.filter(action__in=["delete", "change"])) == {
        ("cohorts.milestone", str(goes.pk)),
        ("cohorts.milestone", str(changes.pk)),
    }


def test_a_deletion_stands_there_with_all_that_the_object_said(curator):
    milestone = make_milestone(title="Goes", date="2020")
    name = str(milestone)
    curator.post(page(milestone, "delete"), {"post": "yes"})
    ((action, label, before, after, facts),) = entries(curator)
    assert (action, label, after, facts) == ("delete", name, None, {})
    assert before.items() >= {"title": "Goes", "date": "2020", "jurisdiction": str(milestone.jurisdiction)}.items()


def test_many_that_are_deleted_at_once_stand_there_one_by_one(curator):
    gone = [make_milestone(title=title) for title in ("One", "Two")]
    act(curator, "delete_selected", gone, post="yes")
    assert sorted((entry[0], entry[2]["title"]) for entry in entries(curator)) == [("delete", "One"), ("delete", "Two")]


@pytest.mark.parametrize("make", [make_jurisdiction, make_resource])
@pytest.mark.parametrize(("action", "status"), [("publish", "published"), ("archive", "archived")])
def test_what_is_published_or_archived_in_the_list_stands_there_with_its_old_status(curator, make, action, status):
    pages = [make(status=was) for was in ("draft", "published", "archived")]
    act(curator, action, pages)
    assert sorted(entries(curator)) == sorted(
        (action, str(one), {"status": one.status}, {"status": status}, {}) for one in pages if one.status != status
    )


def test_a_list_that_fails_half_way_is_as_before_and_leaves_no_entry(curator, monkeypatch):
    pages = [make_jurisdiction(status="draft") for _ in range(2)]
    monkeypatch.setattr(AuditEntry.objects, "bulk_create", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        act(curator, "publish", pages)
    assert not Jurisdiction.objects.published().exists()
    assert entries(curator) == []


def test_what_is_done_to_many_resources_says_what_was_there_before(curator):
    resource, water = make_resource(last_verified_on="2020-01-02"), make_topic(name="Water")
    act(curator, "verify", [resource])
    act(curator, "set_topics", [resource], add=[water.pk], set="yes")
    resource.refresh_from_db()
    verified = str(resource.last_verified_on)
    assert entries(curator) == [
        ("change", str(resource), {"last_verified_on": "2020-01-02"}, {"last_verified_on": verified}, {}),
        ("change", str(resource), None, None, {"add": ["Water"], "remove": []}),
    ]


def test_topics_and_files_stand_there_as_words(curator):
    water, land = make_topic(name="Water"), make_topic(name="Land")
    resource = make_resource(topics=[water])
    save(curator, resource, topics=[land.pk], file=ContentFile(pdf(), name="Zephyr Quill.pdf"))
    ((_action, _label, before, after, _facts),) = entries(curator)
    file = Resource.objects.get(pk=resource.pk).file.name
    assert before == {"topics": ["Water"], "file": ""}
    assert after == {"topics": ["Land"], "file": file}
    assert "Quill" not in file


def test_restoring_an_older_version_stands_there(curator):
    cohort = make_cohort(name="Old")
    save(curator, cohort, name="New")
    version = cohort.history.earliest()
    curator.post(reverse("admin:cohorts_cohort_restore", args=[cohort.pk, version.pk]))
    assert entries(curator)[1:] == [("restore", "Old", None, None, {"version": version.pk})]


def test_what_became_of_a_note_stands_there_without_its_words(curator):
    report = make_report(page="/jurisdictions/")
    curator.post(page(report), {"as": "used", "used-answer": "Thank you, Zephyr.", "settle": ""})
    assert entries(curator) == [("settle", "/jurisdictions/", None, None, {"state": "used"})]


# --- People, and what is theirs ---


def test_values_of_what_an_app_answers_for_stay_out(curator):
    adoption = make_adoption(contact="Zephyr Quill", contact_visibility="members")
    save(curator, adoption, contact="Octavia Rook", contact_visibility="public")
    before, after = {"contact_visibility": "members"}, {"contact_visibility": "public"}
    assert entries(curator) == [("change", str(adoption), before, after, {"fields": ["contact"]})]
    assert {"core.User", "resources.Adoption.contact"} <= personal()


def test_of_a_person_it_says_which_fields_were_changed(admin):
    person = make_user(name="Zephyr")
    save(admin, person, name="Octavia")
    assert entries(admin) == [("change", f"person {person.pk}", None, None, {"fields": ["name"]})]


def test_of_the_tie_of_a_person_it_says_which_fields_were_changed_and_that_it_was_verified(admin):
    tie = make_membership(title="Clerk")
    save(admin, tie, title="Chief")
    act(admin, "verify", [tie])
    assert entries(admin) == [
        ("change", str(tie), None, None, {"fields": ["title"]}),
        ("verify_tie", str(tie), None, None, {}),
    ]


def test_a_new_tie_on_the_page_of_a_person_stands_there_without_its_title(admin):
    person, village = make_user(), make_jurisdiction(name="Village", state="MN")
    save(admin, person, **new_row("memberships", 0, jurisdiction=village.pk, title="Chief"))
    ((action, label, before, after, facts),) = entries(admin)
    assert (action, label) == ("add", f"Person {person.pk}, Village, MN")
    assert (before, after) == (None, None)
    assert facts == {"fields": ["jurisdiction", "title"], "page": f"person {person.pk}"}


# --- Roles ---


def test_new_roles_of_a_person_stand_there_with_the_old_ones(admin):
    person = make_user()
    save(admin, person, is_staff="on", groups=[Group.objects.get(name="Curators").pk])
    before, after = {"is_staff": False, "groups": []}, {"is_staff": True, "groups": ["Curators"]}
    assert entries(admin) == [("change_roles", f"person {person.pk}", before, after, {})]


def test_a_person_who_is_added_with_a_role_stands_there_with_it(admin):
    admin.post("/admin/core/user/add/", {"email": "new@example.org", "is_active": "on", "is_staff": "on"})
    person = User.objects.get(email="new@example.org")
    assert entries(admin) == [("add", f"person {person.pk}", None, {"is_staff": True}, {"fields": ["email"]})]


def test_new_rights_of_a_group_stand_there_by_name(admin):
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="add_topic"))
    save(admin, group, permissions=[Permission.objects.get(codename="view_topic").pk])
    before, after = {"permissions": ["add_topic"]}, {"permissions": ["view_topic"]}
    assert entries(admin) == [("change_roles", "Writers", before, after, {})]


def test_an_admin_made_by_the_command_stands_there_whoever_they_were():
    person = make_user(email="ada@example.org")
    call_command("make_admin", "ada@example.org")
    call_command("make_admin", "new@example.org")
    none = {"is_active": True, "is_staff": False, "is_superuser": False, "groups": []}
    all_rights = none | {"is_staff": True, "is_superuser": True}
    new = User.objects.get(email="new@example.org")
    assert [(entry.actor, *told(entry)) for entry in AuditEntry.objects.order_by("pk")] == [
        (None, "change_roles", f"person {person.pk}", none, all_rights, {}),
        (None, "change_roles", f"person {new.pk}", None, all_rights, {}),
    ]


def test_staff_whose_second_steps_were_removed_and_staff_who_leave_stand_there():
    curator, person = make_curator(), make_user()
    call_command("forget_two_step", curator.email)
    for one in (curator, person):
        erase_account(user=one)
    roles = {"is_active": True, "is_staff": True, "is_superuser": False, "groups": ["Curators"]}
    gone = {"is_active": False, "is_staff": False, "is_superuser": False, "groups": []}
    assert [told(entry) for entry in AuditEntry.objects.order_by("pk")] == [
        ("forget_two_step", f"person {curator.pk}", None, None, {}),
        ("change_roles", f"person {curator.pk}", roles, gone, {}),
    ]


# --- The last admin ---


@pytest.mark.parametrize("flag", ["is_active", "is_staff", "is_superuser"])
def test_nobody_takes_from_the_only_admin_what_makes_them_one(admin, flag):
    without_a_step = User.objects.create_superuser("late@example.org")
    make_admin(is_active=False)
    address = page(admin.user)
    data = filled_in(admin.get(address))
    del data[flag]
    answer = admin.post(address, data)
    assert complaints(answer)[flag] == [ONLY_ADMIN]
    assert ONLY_ADMIN in answer.content.decode()
    assert User.objects.get(pk=admin.user.pk).roles() == admin.user.roles()

    make_admin()
    assert admin.post(address, data).status_code == 302
    assert not getattr(User.objects.get(pk=admin.user.pk), flag)
    assert without_a_step.is_superuser


def test_another_admin_is_demoted_while_one_is_left(admin):
    other = make_admin()
    data = filled_in(admin.get(page(other)))
    del data["is_superuser"]
    assert admin.post(page(other), data).status_code == 302
    assert not User.objects.get(pk=other.pk).is_superuser


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_demote_each_other_at_once_one_stays():
    people = [make_admin(), make_admin()]
    clients = [Client(), Client()]
    begin, answers = Barrier(2), []
    forms = []
    for client, person, other in zip(clients, people, reversed(people), strict=True):
        sign_in(client, person)
        data = filled_in(client.get(page(other)))
        del data["is_superuser"]
        forms.append((client, page(other), data))

    def demote(client, address, data):
        begin.wait()
        answers.append(client.post(address, data).status_code)
        connections.close_all()

    threads = [Thread(target=demote, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.admins().count() == 1
    # The later one is refused, or has lost the right to ask before it was their turn.
    assert answers.count(302) >= 1


# --- Denials ---


def test_whoever_has_signed_in_and_is_refused_stands_there(client):
    curator = make_curator()
    client.get("/admin/core/user/")
    sign_in(client, curator)
    client.get("/admin/core/user/?q=zephyr")
    client.post("/admin/core/user/add/", {"email": "zephyr@example.org"})
    client.get("/admin/nothing-here/")
    client.get("/admin/")
    assert [(one.actor, one.kind, *told(one)) for one in AuditEntry.objects.order_by("pk")] == [
        (curator, "", "deny", "", None, None, {"address": "/admin/core/user/", "method": "GET"}),
        (curator, "", "deny", "", None, None, {"address": "/admin/core/user/add/", "method": "POST"}),
    ]


def test_nobody_fills_the_log_with_refusals(client):
    curator = make_curator()
    sign_in(client, curator)
    for _time in range(101):
        assert client.get("/admin/core/user/").status_code == 403
    assert AuditEntry.objects.count() == 100


def test_mail_that_is_tried_again_stands_there_by_number(admin):
    mails = [
        OutgoingMail.objects.create(kind="old", to="a@example.org", subject="-", message_id=f"<{next(numbers)}>")
        for _ in range(2)
    ]
    act(admin, "try_again", mails)
    assert entries(admin) == [("try_mail_again", "", None, None, {"count": 2})]
