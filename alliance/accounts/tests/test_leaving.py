"""What the portal holds about a person: all of it is told to them, and nothing of it is left when they go."""

import json
import threading
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.accounts.leaving import HandOverFirst, erase_account, to_hand_over
from alliance.core import emails, mail
from alliance.core.models import OutgoingMail, User
from alliance.core.tests.factories import PASSWORD, SECRET, make_admin, make_curator, make_user, numbers, sign_in
from cohorts.models import Membership
from cohorts.tests.factories import make_jurisdiction, make_membership, make_proposal
from members.pathway.tests.factories import make_assessment
from resources.models import Adoption, Resource
from resources.tests.factories import make_adoption, make_resource

from .people import DAY, MARKS, THEN, make_audit, make_log, make_marked, make_notes, make_session

pytestmark = pytest.mark.django_db

THEN_TOLD = "2026-03-04T05:06:07Z"
LAST_ADMIN = "You are the only admin. Make somebody else an admin first."
WRONG_ADDRESS = "This is not the address of your account."
NO_ADDRESS = "Enter an e-mail address in plain letters, like name@example.gov."


# --- what is told ---


def told_to(client):
    return json.loads(client.get(reverse("account_data")).content)


def test_the_file_holds_exactly_this(client):
    user = make_marked(client)
    other = User.objects.get(name="Octavia Rook")
    assert told_to(client) == {
        "account": {
            "e-mail address": "zephyr.quill@example.gov",
            "name": "Zephyr Quill",
            "joined": THEN_TOLD,
            "last signed in": THEN_TOLD,
            "signed out everywhere": THEN_TOLD,
            "has a password": True,
            "is staff": True,
            "is an admin": True,
            "groups": ["Writers"],
            "rights of your own": ["Library | topic | Can add topic"],
            "mail that you declined": ["chiefmark"],
        },
        "mail to you": [
            {
                "to": "zephyr.quill@example.gov",
                "subject": "Signing in to The Alliance",
                "written": "2026-03-04T05:06:00Z",
                "state": "Waiting",
                "done": None,
            },
            *(
                {"to": to, "subject": "To Zephyr", "written": written, "state": "Sent", "done": THEN_TOLD}
                for to, written in (
                    ("zephyr@example.net", "2026-03-04T05:06:01Z"),
                    ("zephyr.quill@example.gov", "2026-03-04T05:06:02Z"),
                )
            ),
        ],
        "mistakes that you reported": [
            {"sent": THEN_TOLD, "state": "Waiting", "page": "/about/", "what is wrong": "Quill was here"}
        ],
        "reports that you settled": [
            {"about": "/about/", "settled": THEN_TOLD, "state": "Used", "answer": "Thank you."}
        ],
        "what you did in the admin": [
            {"when": THEN_TOLD, "what": "Change", "kind": "topic", "page": "Water", "details": "Changed Name."},
            {
                "when": THEN_TOLD,
                "what": "Change",
                "kind": "person",
                "page": f"number {other.pk}",
                "details": "Changed Name.",
            },
        ],
        "what was done to your account in the admin": [
            {"when": THEN_TOLD, "what": "Change", "kind": "person", "page": f"number {user.pk}", "details": details}
            for details in ("Changed Name.", "Zephyr Quill was called.")
        ],
        "what the audit log says that you did": [
            {"when": THEN_TOLD, "what": "change", "kind": kind, "object": label, "details": {"count": 1}}
            for kind, label in (("core.user", f"person {other.pk}"), ("resources.topic", "Water"))
        ],
        "what the audit log says was done to your account": [
            {
                "when": THEN_TOLD,
                "what": "change",
                "kind": "core.user",
                "object": f"person {user.pk}",
                "details": {"count": 1},
            }
        ],
        "ties to governments": [
            {
                "government": f"{name}, MN",
                "job title": "Chiefmark Officer",
                "began": "2026-03-04",
                "ended": ended,
                "verified": verified,
                "written down": THEN_TOLD,
            }
            for name, ended, verified in (
                ("Village", None, "2026-03-04"),
                ("Hamlet", "2026-03-04", "2026-03-04"),
                ("Bridge", None, None),
            )
        ],
        "ties that you verified": [{"government": "Village, MN", "verified": "2026-03-04"}],
        "governments that name you as whom to ask": [
            {
                "government": "Parish, MN",
                "office": "Equity office",
                "person": "Dr. Zephyr Quill",
                "mailbox": "zephyr.quill@example.gov",
            }
        ],
        "older versions of what governments name you for": [
            {
                "when": THEN_TOLD,
                "office": "Equity office",
                "person": "Dr. Zephyr Quill",
                "mailbox": "zephyr.quill@example.gov",
            }
        ],
        "changes that you made to governments and cohorts": [
            {"when": THEN_TOLD, "what": "Changed", "kind": kind, "page": page}
            for kind, page in (("milestone", "An office"), ("cohort", "First"), ("cohort seat", "Town"))
        ],
        "changes that you made to partners": [{"when": THEN_TOLD, "what": "Changed", "kind": "partner", "page": "Lab"}],
        "changes that you made to collaborations": [
            {"when": THEN_TOLD, "what": "Changed", "kind": "seat", "page": "Together"}
        ],
        "changes that you proposed": [
            {
                "government": "Village, MN",
                "what": "Summary",
                "about": "",
                "when": f"2026-03-04T0{hour}:06:07Z",
                "state": state,
                "settled": settled,
                "proposed": {"summary": summary},
                "note to the curator": "Says Quill",
                "answer": answer,
            }
            for hour, state, settled, summary, answer in (
                (0, "Open", None, "Quill leads it.", ""),
                (1, "Withdrawn", THEN_TOLD, "Quill.", ""),
                (2, "Declined", THEN_TOLD, "Zephyr did it.", "Thank you, Zephyr."),
                (3, "Accepted", THEN_TOLD, "It has a plan.", "Thank you, Zephyr."),
            )
        ],
        "proposed changes that you settled": [
            {
                "government": "Village, MN",
                "what": "Summary",
                "about": "",
                "when": THEN_TOLD,
                "state": "Declined",
                "settled": THEN_TOLD,
                "answer": "Thank you.",
            }
        ],
        "changes that you made in the library": [
            {"when": THEN_TOLD, "what": "Changed", "kind": "resource", "page": "Toolkit"},
            {"when": THEN_TOLD, "what": "Changed", "kind": "topic", "page": "Water"},
        ],
        "resources that you suggested": [
            {
                "sent": THEN_TOLD,
                "state": "Waiting",
                "title": "Handbook",
                "web address": "https://example.org/handbook",
                "why it helps": "It helps, says Quill",
            }
        ],
        "suggestions that you settled": [
            {"about": "Handbook", "settled": THEN_TOLD, "state": "Used", "answer": "Thank you."}
        ],
        "contacts in the library that name you": [
            {"resource": "Toolkit", "government": "Town, MN", "contact": "Ask zephyr quill, room 4"}
        ],
        "older versions of such contacts": [
            {"when": THEN_TOLD, "contact": "Ask zephyr quill, room 4"},
            {"when": THEN_TOLD, "contact": "ZEPHYR.QUILL@example.gov"},
        ],
        "readiness checks that you keep": [
            {
                "government": "Borough, AK",
                "begun": THEN_TOLD,
                "changed": THEN_TOLD,
                "kept until": "2096-03-04",
                "levels": {"Data": 2},
            }
        ],
        "applications that you work or worked on": [
            {"application": "A-2026-0007", "part": "Editor", "joined": THEN_TOLD, "left": None}
        ],
        "invitations to you": [
            {"application": "A-2026-0007", "part": "Viewer", "sent": THEN_TOLD, "until": "2096-03-04T00:00:00Z"}
        ],
        "invitations that you sent": [{"application": "A-2026-0007", "part": "Viewer", "sent": THEN_TOLD}],
        "what applications say of you": [
            {"application": "A-2026-0007", "question": f"Executive sponsor: {question}", "answer": answer}
            for question, answer in (
                ("name", "Quill, Z."),
                ("title", "Chiefmark Officer"),
                ("e-mail address", "zephyr.quill@example.gov"),
                ("who may see the name and title once you have joined", "public"),
            )
        ],
        "sections of applications that you saved last": [
            {"application": "A-2026-0007", "section": "People", "when": THEN_TOLD}
        ],
        "applications that you signed off": [{"application": "A-2026-0007", "when": THEN_TOLD}],
        "what you did to applications": [{"application": "A-2026-0007", "when": THEN_TOLD, "what": "submit it"}],
        "files that you added to applications": [
            {"application": "A-2026-0007", "name": "Zephyr Quill.pdf", "when": THEN_TOLD}
        ],
        "messages that you wrote about applications": [
            {"application": "A-2026-0007", "when": THEN_TOLD, "text": "Zephyr Quill asks."}
        ],
        "answers that you asked about again": [
            {"application": "A-2026-0007", "when": THEN_TOLD, "question": question, "text": text}
            for question, text in (
                ("Executive sponsor: title", "Still?"),
                ("One result that you want within 12 months", "Will Zephyr Quill?"),
            )
        ],
        "ties to partners": [],
        "collaborations whose page you keep": [{"collaboration": "Bridge", "began": "2026-03-04", "ended": None}],
        "stewards that you appointed": [{"collaboration": "Lake", "when": THEN_TOLD}],
        "seats in collaborations that you asked for": [
            {"collaboration": "Lake", "for": holder, "when": THEN_TOLD, "state": state, "answered": when}
            | {"job title": "Chiefmark Officer", "message": "Quill asks.", "answer": answer}
            for holder, state, when, answer in (
                ("Fund", "Waits for an answer", None, ""),
                ("Ford, MN", "Accepted", THEN_TOLD, "Welcome, Zephyr."),
            )
        ],
        "such requests that you answered": [
            {
                "collaboration": "Bridge",
                "for": "Fund",
                "when": THEN_TOLD,
                "state": "Declined",
                "answered": THEN_TOLD,
                "answer": "Not now.",
            }
        ],
        "your profile in the peer network": [
            {
                "government": "Village, MN",
                "helps with": "Ask Quill.",
                "in the domains": [],
                "in the topics": ["Water"],
                "looks for": "Says Zephyr.",
                "looked for in the domains": [],
                "looked for in the topics": [],
                "languages": ["en"],
                "time": "A call now and then",
                "shown": ["name", "government", "title", "helps", "seeks", "languages", "time"],
                "others may find you": True,
                "mail": "Never",
            }
        ],
        "ties to governments that you asked us to verify": [
            {
                "government": "Quillton, MN",
                "job title": "Chiefmark Officer",
                "when": THEN_TOLD,
                "state": "Waits for staff",
                "answer": "",
            }
        ],
        "requests for a tie that you settled": [
            {"government": "Ford, MN", "when": THEN_TOLD, "how": "", "answer": "Not now."}
        ],
        "introductions": [
            {"asked by you": by_them, "when": f"2026-03-04T0{hour}:06:07Z", "state": state, "message": message}
            for hour, by_them, state, message in (
                (0, True, "Waits for an answer", "Says Quill."),
                (1, False, "", "Dear Quill."),
            )
        ],
        "people that you blocked": 1,
        "reports that you made of others": [
            {"when": THEN_TOLD, "what happened": "Says Zephyr.", "state": "Waits for staff"}
        ],
        "reports of others that you settled": [],
        "applications that you were assigned to": [],
        "conflicts of interest that you declared or denied": [],
        "your reviews": [],
        "your internal notes": [],
        "views of the queue that you keep": [],
        "what you checked, proposed, confirmed and released": [],
        "applications that you opened as an admin": [],
        "letters that you proposed": [],
        "what you wrote when you checked who may speak for a government": [],
        "overrides": [],
        "what others did to your part in applications": [],
        "steps of onboardings that you ticked off": [],
        "e-mail addresses": [
            {"address": "zephyr.quill@example.gov", "confirmed": True, "in use": True},
            {"address": "zephyr@example.net", "confirmed": False, "in use": False},
        ],
        "second steps": [
            {"kind": kind, "name": name, "added": THEN_TOLD, "last used": used}
            for kind, name, used in (
                ("TOTP Authenticator", "TOTP Authenticator", None),
                ("WebAuthn", "Zephyr's key", THEN_TOLD),
                ("Recovery codes", "Recovery codes", None),
            )
        ],
        "where you signed in": [
            {"computer": "Markbrowser/7", "address": "203.0.113.77", "began": THEN_TOLD, "last seen": THEN_TOLD}
        ],
    }


def test_the_file_holds_no_secret_and_nothing_of_anybody_else(client):
    user = make_marked(client)
    codes = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()
    secrets = [user.password, SECRET, "secret-of-the-key", client.session.session_key, "SECR-CODE", *codes]
    text = client.get(reverse("account_data")).content.decode()
    assert [word for word in (*secrets, "Octavia", "octavia") if word in text] == []


def test_a_person_who_did_nothing_gets_their_own_row_only(client):
    make_marked()
    client.force_login(make_user(email="quiet@example.org"))
    told = told_to(client)
    assert {heading for heading, values in told.items() if values} == {"account", "e-mail addresses"}


def test_the_file_is_saved_under_a_name_and_kept_by_nobody(client):
    client.force_login(make_user(name="Zoë"))
    answer = client.get(reverse("account_data"))
    names = ("Content-Type", "Content-Disposition", "Cache-Control")
    assert [answer.headers[name] for name in names] == [
        "application/json",
        'attachment; filename="account.json"',
        "private, no-store",
    ]
    assert '\n    "name": "Zoë",\n' in answer.content.decode()


# --- what is forgotten ---


def rows():
    """(table, text of the row) of everything in the database, sessions opened."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT "row"::text FROM "{table}" "row"')
            yield from ((table, text) for (text,) in cursor.fetchall())
    yield from (("django_session", json.dumps(session.get_decoded())) for session in Session.objects.all())


def tables_with_marks():
    return {table for table, text in rows() if any(mark in text.lower() for mark in MARKS)}


def test_nothing_of_a_person_is_left_but_the_last_mail_to_them(client):
    user = make_marked(client)
    assert tables_with_marks() == {
        "account_emailaddress",
        "cohorts_historicaljurisdiction",
        "cohorts_jurisdiction",
        "cohorts_membership",
        "cohorts_proposal",
        "collaborations_joinrequest",
        "core_outgoingmail",
        "core_report",
        "core_user",
        "django_admin_log",
        "django_session",
        "mfa_authenticator",
        "pathway_attachment",
        "pathway_changerequest",
        "pathway_invitation",
        "pathway_message",
        "pathway_sectionanswers",
        "pathway_snapshotanswer",
        "peers_abusereport",
        "peers_introduction",
        "peers_peerprofile",
        "peers_tierequest",
        "resources_adoption",
        "resources_historicaladoption",
        "resources_suggestion",
        "usersessions_usersession",
    }
    erase_account(user=user)
    assert tables_with_marks() == {"core_outgoingmail"}
    last = OutgoingMail.objects.get()
    assert (last.kind, last.to, last.user) == ("account_deleted", "zephyr.quill@example.gov", None)
    last.delete()  # as it is a while after it was sent
    assert tables_with_marks() == set()


def test_what_they_decided_stays_and_says_former_staff_member():
    user = make_marked()
    kept = ("verified_by_id", "verified_on")
    verified = list(user.verified_memberships.values(*kept))
    versions = list(Resource.history.filter(history_user=user).values("history_id", "history_date", "title"))
    erase_account(user=user)
    user = User.objects.get(pk=user.pk)
    assert (len(verified), list(user.verified_memberships.values(*kept))) == (1, verified)
    assert (len(versions), list(Resource.history.filter(history_user=user).values(*versions[0]))) == (1, versions)
    assert {str(version.history_user) for version in Resource.history.filter(history_user=user)} == {
        "Former staff member"
    }
    assert [str(entry.user) for entry in user.logentry_set.all()] == ["Former staff member"] * 2
    assert [(tie.jurisdiction.name, tie.title, tie.started_on) for tie in user.memberships.order_by("pk")] == [
        ("Village", "", DAY),
        ("Hamlet", "", DAY),
    ]
    assert Membership.objects.current().filter(user=user).count() == 0


def test_nothing_of_anybody_else_changes():
    user = make_marked()
    before = [row for row in rows() if "octavia" in row[1].lower()]
    erase_account(user=user)
    assert [row for row in rows() if "octavia" in row[1].lower()] == before


def test_the_row_stays_without_a_name_an_address_or_a_right():
    user = make_marked()
    erase_account(user=user)
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.email, user.last_login, user.mail_declined) == (
        "Former staff member",
        f"former-{user.pk}@deleted.invalid",
        None,
        [],
    )
    assert (user.is_active, user.is_staff, user.is_superuser, user.has_usable_password()) == (False,) * 4
    assert (user.groups.count(), user.user_permissions.count()) == (0, 0)
    assert user.erased_at > THEN
    assert user.signed_out_at > THEN


def test_whoever_is_erased_is_signed_out_everywhere():
    user = make_user()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    assert [client.get(reverse("account_data")).status_code for client in clients] == [200, 200]
    erase_account(user=user)
    assert [client.get(reverse("account_data")).status_code for client in clients] == [302, 302]
    assert Session.objects.count() == 0


def test_erasing_again_changes_nothing_and_writes_no_second_mail():
    user = make_marked()
    erase_account(user=user)
    before = list(rows())
    erase_account(user=user)
    assert list(rows()) == before


def test_what_fails_half_way_leaves_everything_as_it_was(monkeypatch):
    user = make_marked()
    before = list(rows())
    monkeypatch.setattr("alliance.core.mail.send", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase_account(user=user)
    assert list(rows()) == before


@pytest.mark.parametrize(
    ("contact", "is_theirs"),
    [
        ("mary.ann@example.gov", True),
        ("Write to <Mary.Ann@Example.gov>.", True),
        ("rosemary.ann@example.gov", False),
        ("not-mary.ann@example.gov", False),
        ("mary.ann@example.gov.uk", False),
        ("maryXann@example.gov", False),
        ("Mary Ann", True),
        ("(MARY ANN), clerk", True),
        ("Rosemary Anniston", False),
        ("Mary", False),
    ],
)
def test_a_contact_is_theirs_by_the_whole_address_or_the_full_name(contact, is_theirs):
    adoption = make_adoption(contact=contact)
    erase_account(user=make_user(name="Mary Ann", email="mary.ann@example.gov"))
    left = ["" if is_theirs else contact]
    assert list(Adoption.objects.filter(pk=adoption.pk).values_list("contact", flat=True)) == left
    assert list(Adoption.history.values_list("contact", flat=True)) == left


@pytest.mark.parametrize("name", ["Ada", "", "Ada ", "[("])
def test_one_name_alone_is_no_ones_own(name):
    adoption = make_adoption(contact="The clerk of Ada County [( ")
    erase_account(user=make_user(name=name))
    adoption.refresh_from_db()
    assert adoption.contact == "The clerk of Ada County [( "


def test_in_the_log_of_the_admin_people_stand_by_number_but_for_their_own_row():
    make_marked()
    named = {type(row) for model in admin.site._registry for row in model.objects.all() if "zephyr" in str(row).lower()}
    assert named == {User}


def test_the_row_of_a_deleted_account_never_changes_again():
    user = make_user(name="Zephyr")
    read_before = User.objects.get(pk=user.pk)
    erase_account(user=user)
    for change in (read_before.save, lambda: User.objects.filter(pk=user.pk).update(last_login=THEN)):
        with pytest.raises(IntegrityError, match="This account was deleted"), transaction.atomic():
            change()
    assert User.objects.get(pk=user.pk).name == "Former staff member"


def test_an_admin_sees_a_deleted_account_and_changes_nothing(client):
    sign_in(client, make_admin())
    user = make_user()
    erase_account(user=user)
    page = reverse("admin:core_user_change", args=[user.pk])
    answer = client.get(page)
    assert (answer.status_code, answer.context["has_change_permission"]) == (200, False)
    assert client.post(page, {"name": "Ada"}).status_code == 403
    assert client.get(reverse("admin:core_user_changelist")).status_code == 200


def test_nobody_can_take_the_address_of_a_deleted_account_beforehand():
    with pytest.raises(emails.ValidationError):
        emails.clean("former-7@Deleted.Invalid")


# --- what must be handed over first ---


def test_the_last_admin_stays():
    admin_, sleeping = make_admin(), make_admin(is_active=False)
    assert to_hand_over(admin_) == [(LAST_ADMIN, "/admin/core/user/")]
    assert to_hand_over(sleeping) == []
    with pytest.raises(HandOverFirst):
        erase_account(user=admin_)
    assert User.objects.get(pk=admin_.pk).erased_at is None
    assert OutgoingMail.objects.count() == 0


def test_who_is_not_the_last_admin_may_go():
    one, _other = make_admin(), make_admin()
    for user in (one, make_curator(), make_user()):
        erase_account(user=user)
    assert User.objects.exclude(erased_at=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_admins_who_leave_at_once_one_stays():
    one, two = make_admin(), make_admin()
    start, outcomes = threading.Barrier(2), []

    def leave(user):
        start.wait()
        try:
            with transaction.atomic():
                erase_account(user=user)
                time.sleep(0.3)  # so that the other one comes before this is committed
            outcomes.append("gone")
        except HandOverFirst:
            outcomes.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone", "stays"]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


# --- the pages ---


@pytest.fixture
def ada(client):
    """Someone who has just signed in."""
    user = make_user(name="Ada", email="ada@example.org")
    sign_in(client, user)
    return user


DELETE = "/account/delete/"


def test_whoever_types_their_address_is_deleted_and_told_so(ada, client):
    answer = client.post(DELETE, {"email": " ADA@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/deleted/")
    assert answer.cookies["sessionid"].value == ""
    assert User.objects.get(pk=ada.pk).erased_at is not None
    assert list(OutgoingMail.objects.values_list("kind", "to")) == [("account_deleted", "ada@example.org")]
    assert client.get("/account/deleted/").status_code == 200
    assert client.get(DELETE).headers["Location"] == f"/account/login/?next={DELETE}"
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Type your e-mail address, so that nothing is deleted by accident."),
        ("eve@example.org", WRONG_ADDRESS),
        ("<script>alert(1)</script>", NO_ADDRESS),
        ("ada@example.org" + "g" * 5000, NO_ADDRESS),
        ("ada@example.org\0", "Null characters are not allowed."),
    ],
)
def test_whoever_types_something_else_stays_and_sees_why(typed, error, ada, client):
    answer = client.post(DELETE, {"email": typed})
    assert (answer.status_code, answer.context["form"].errors) == (400, {"email": [error]})
    assert f'<p class="error" id="id_email_error">{error} </p>' in answer.content.decode()
    assert f'<li><a href="#id_email">{error}</a></li>' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert User.objects.get(pk=ada.pk).erased_at is None


def test_the_last_admin_is_told_what_to_do_first_and_can_do_nothing_else(client):
    last = make_admin()
    sign_in(client, last)
    page = client.get(DELETE).content.decode()
    assert f'<li><a href="/admin/core/user/">{LAST_ADMIN}</a></li>' in page
    assert 'name="email"' not in page
    answer = client.post(DELETE, {"email": last.email})
    assert (answer.status_code, User.objects.get(pk=last.pk).erased_at) == (400, None)
    assert answer.context["form"].non_field_errors() == ["Nothing was deleted: hand over first what only you lead."]


def sign_in_long_ago(client, user):
    sign_in(client, user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time() - 901, "reauthenticated": True}]
    session.save()


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_signed_in_long_ago_shows_first_that_it_is_they(method, client):
    user = make_user()
    sign_in_long_ago(client, user)
    answer = getattr(client, method)(DELETE, {"email": user.email})
    assert answer.headers["Location"].startswith("/account/again/?next=")
    assert User.objects.get(pk=user.pk).erased_at is None


def test_whoever_has_shown_it_goes_on_where_they_were(client):
    user = make_user(email="ada@example.org")
    sign_in_long_ago(client, user)
    again = client.post(DELETE, {"email": "ada@example.org"}).headers["Location"]
    answer = client.post(again, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/deleted/")
    assert User.objects.get(pk=user.pk).erased_at is not None
    assert Session.objects.count() == 0


def test_whoever_has_neither_password_nor_second_step_signs_in_again_and_comes_back(client):
    user = make_user(password=None)
    sign_in_long_ago(client, user)
    answer = client.post(DELETE, {"email": user.email})
    assert User.objects.get(pk=user.pk).erased_at is None
    page = answer.content.decode()
    assert 'name="email"' not in page
    assert f'<input type="hidden" name="next" value="/account/login/?next={DELETE}">' in page
    answer = client.post("/account/logout/", {"next": f"/account/login/?next={DELETE}"})
    assert answer.headers["Location"] == f"/account/login/?next={DELETE}"


def test_only_a_form_of_ours_deletes():
    client = Client(enforce_csrf_checks=True)
    user = make_user()
    sign_in(client, user)
    assert client.post(DELETE, {"email": user.email}).status_code == 403


def test_the_farewell_is_the_same_page_for_everybody(client):
    visitor = client.get("/account/deleted/").content
    client.force_login(make_user())
    assert client.get("/account/deleted/").content == visitor


def test_the_page_is_valid_html_in_each_of_its_states(validate_html):
    answers = []
    for user, sign in (
        (make_user(), sign_in),
        (make_user(password=None), sign_in_long_ago),
        (make_admin(), sign_in),
    ):
        client = Client()
        sign(client, user)
        answers += [client.get(DELETE), client.post(DELETE, {"email": "<b>\"'"})]
    answers.append(client.get("/account/deleted/"))
    assert [answer.status_code for answer in answers] == [200, 400, 200, 200, 200, 400, 200]
    validate_html([(str(number), answer.content.decode()) for number, answer in enumerate(answers)])


# --- what it costs ---


def queries_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def grow(user, other):
    """More rows of everything that is told, all of them theirs."""
    make_session(user, f"key-{next(numbers)}")
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Another"})
    EmailAddress.objects.create(user=user, email=f"zephyr-{next(numbers)}@example.net")
    mail.send("sign_in_code", user.email, user=user, code="SECR-CODE", minutes=15)
    make_membership(user=user)
    make_membership(verified_by=user, verified_on=DAY)
    make_jurisdiction(office="Equity office", office_email=user.email)
    make_proposal(proposed_by=user)
    make_proposal(state="declined", settled_by=user)
    make_adoption(contact=user.email)
    resource = make_resource()
    resource._history_user = user
    resource.save()
    make_notes(user, other)
    make_log(user, other)
    make_audit(user, other)
    make_assessment({"data": 2}).kept_by.add(user)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, client):
    user = make_marked(client)
    for _ in range(rows):
        grow(user, User.objects.get(name="Octavia Rook"))
    assert {address: queries_of(client, address) for address in ("/account/data.json", DELETE)} == {
        "/account/data.json": 90,
        DELETE: 6,
    }
