"""The audit log: what is written stays as it was, names nobody, and says within which request it happened."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.accounts.leaving import erase_account, held_about
from alliance.accounts.tests.people import MARKS, make_marked
from alliance.core import audit
from alliance.core.audited import ACTIONS
from alliance.core.models import AuditEntry, Report, User
from cohorts.models import Jurisdiction, Membership
from cohorts.tests.factories import make_jurisdiction, make_membership

from .factories import make_admin, make_curator, make_user, sign_in

pytestmark = pytest.mark.django_db

VALUES = {
    "id": 0,
    "at": timezone.now(),
    "actor": None,
    "action": "delete",
    "kind": "core.user",
    "object_id": "0",
    "label": "Another",
    "before": {"name": "Another"},
    "after": {"name": "Another"},
    "facts": {"count": 0},
    "request_id": "0",
}


def values(entry):
    return AuditEntry.objects.filter(pk=entry.pk).values().get()


def test_an_entry_says_who_did_what_to_which_object():
    admin_, village = make_admin(), make_jurisdiction(name="Village", state="MN")
    began = timezone.now()
    entry = audit.record("change", actor=admin_, about=village, before={"name": "A"}, after={"name": "B"}, rows=2)
    kept = values(entry)
    assert began <= kept.pop("at") <= timezone.now()
    assert kept == {
        "id": entry.pk,
        "actor_id": admin_.pk,
        "action": "change",
        "kind": "cohorts.jurisdiction",
        "object_id": str(village.pk),
        "label": "Village, MN",
        "before": {"name": "A"},
        "after": {"name": "B"},
        "facts": {"rows": 2},
        "request_id": "",
    }


def test_the_portal_and_a_visitor_are_nobody_and_an_action_needs_no_object():
    entries = [audit.record("export"), audit.record("deny", actor=AnonymousUser())]
    assert [(one.actor, one.kind, one.object_id, one.label) for one in entries] == [(None, "", "", "")] * 2


def test_only_an_action_that_an_app_names_is_written():
    with pytest.raises(KeyError, match="dance"):
        audit.record("dance")
    assert not AuditEntry.objects.exists()


def test_every_action_fits_its_column_and_comes_with_its_label():
    assert audit.actions().items() >= ACTIONS.items()
    assert max(map(len, audit.actions())) <= AuditEntry._meta.get_field("action").max_length


def test_an_entry_goes_with_the_transaction_that_it_tells_of():
    with transaction.atomic():
        audit.record("export")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def refuses(change):
    with pytest.raises(IntegrityError, match="entries of the audit log are written once"), transaction.atomic():
        change()


def test_an_entry_is_never_changed_nor_deleted():
    entry = audit.record("export", actor=make_user(), about=make_jurisdiction())
    before = values(entry)
    assert set(VALUES) == {field.name for field in AuditEntry._meta.concrete_fields}
    rows = AuditEntry.objects.filter(pk=entry.pk)
    for name, value in VALUES.items():
        refuses(lambda name=name, value=value: rows.update(**{name: value}))
    refuses(entry.save)
    refuses(entry.delete)
    refuses(lambda: rows._raw_delete("default"))
    assert values(entry) == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "core.user"}, "An entry names its object by kind and key, or has none."),
        ({"object_id": "7"}, "An entry names its object by kind and key, or has none."),
        ({"label": "Village"}, "An entry names its object by kind and key, or has none."),
        ({"facts": {"text": "x" * 4000}}, "The details of an entry are too long."),
    ],
)
def test_what_an_entry_must_not_hold_is_refused_by_the_database(fields, words):
    entry = AuditEntry(action="export", **fields)
    name = {constraint.violation_error_message: constraint.name for constraint in AuditEntry._meta.constraints}[words]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        entry.save()


def test_the_words_find_by_person_object_and_kind():
    one, other = make_user(), make_user()
    village, town = make_jurisdiction(), make_jurisdiction()
    entries = [
        audit.record("add", actor=one, about=village),
        audit.record("change", actor=other, about=village),
        audit.record("change", actor=one, about=town),
        audit.record("change_roles", actor=one, about=other),
        audit.record("export", actor=other),
    ]

    def found(rows):
        return [entries.index(entry) for entry in rows]

    assert found(AuditEntry.objects.all()) == [4, 3, 2, 1, 0]
    assert found(AuditEntry.objects.by(one)) == [3, 2, 0]
    assert found(AuditEntry.objects.about(village)) == [1, 0]
    assert found(AuditEntry.objects.about_any(Jurisdiction)) == [2, 1, 0]
    assert found(AuditEntry.objects.about_any(Jurisdiction, User)) == [3, 2, 1, 0]
    assert found(AuditEntry.objects.about_any()) == []


# --- Who it names: nobody ---


def test_what_is_no_page_of_the_admin_and_people_themselves_stand_by_number():
    person = make_user(name="Zephyr Quill")
    tie = make_membership(user=person, jurisdiction=make_jurisdiction(name="Village", state="MN"))
    address = EmailAddress.objects.get(user=person)
    assert [audit.label(thing) for thing in (person, address, tie, Report(page="/about/"))] == [
        f"person {person.pk}",
        f"email address {address.pk}",
        f"Person {person.pk}, Village, MN",
        "/about/",
    ]
    assert isinstance(tie, Membership)


def test_a_long_name_is_cut_to_its_column():
    report = Report(pk=7, page="/" + "x" * 499)
    assert values(audit.record("settle", about=report))["label"] == "/" + "x" * 199


def test_no_object_of_any_kind_is_called_by_the_name_or_address_of_a_person():
    make_marked()
    called = [audit.label(row).lower() for model in apps.get_models() for row in model._default_manager.all()]
    assert [label for label in called if any(mark in label for mark in MARKS)] == []
    assert len(called) > 50


def test_people_are_told_what_the_log_says_of_them_and_it_names_them_to_nobody_once_they_are_gone():
    person, other = make_user(name="Zephyr Quill"), make_admin()
    village = make_jurisdiction(name="Village", state="MN")
    did = audit.record("change", actor=person, about=village, before={"name": "A"}, after={"name": "B"}, rows=2)
    done = audit.record("change_roles", actor=other, about=person, is_staff=True)
    told = held_about(person)
    assert told["what the audit log says that you did"] == [
        {
            "when": did.at,
            "what": "change",
            "kind": "cohorts.jurisdiction",
            "object": "Village, MN",
            "details": {"rows": 2},
        }
    ]
    assert told["what the audit log says was done to your account"] == [
        {
            "when": done.at,
            "what": "change_roles",
            "kind": "core.user",
            "object": f"person {person.pk}",
            "details": {"is_staff": True},
        }
    ]
    before = [values(did), values(done)]
    erase_account(user=person)
    assert [values(did), values(done)] == before
    assert str(AuditEntry.objects.get(pk=did.pk).actor) == "Former staff member"


# --- Within which request ---


def test_each_request_has_a_name_that_the_entries_made_in_it_share(rf):
    seen = []

    def answer(request):
        entries = [audit.record("export"), audit.record("export")]
        seen.append((request.id, *(entry.request_id for entry in entries)))

    for _time in range(2):
        audit.RequestIdMiddleware(answer)(rf.get("/"))
    (one, *ones), (two, *twos) = seen
    assert re.fullmatch("[0-9a-f]{16}", one)
    assert (ones, twos) == ([one] * 2, [two] * 2)
    assert one != two
    assert audit.record("export").request_id == ""


def test_a_request_that_breaks_leaves_no_name_behind(rf):
    with pytest.raises(ZeroDivisionError):
        audit.RequestIdMiddleware(lambda request: 1 / 0)(rf.get("/"))
    assert audit.request_id.get() == ""


def test_the_name_of_a_request_is_told_to_whoever_has_signed_in_and_on_no_public_page(client):
    sign_in(client, make_curator())
    addresses = ("/account/", "/admin/", "/admin/nothing/", "/account/data/nothing/", "/", "/account/login/")
    named = {address: "X-Request-ID" in client.get(address) for address in addresses}
    assert named == dict(zip(addresses, (True, True, False, False, False, False), strict=True))
