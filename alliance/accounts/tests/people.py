"""A person with something in every table that can hold something of theirs."""

from datetime import UTC, date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.backends.db import SessionStore

from alliance.core import audit, mail
from alliance.core.models import AuditEntry, OutgoingMail, Report, User
from alliance.core.tests.factories import make_admin, make_user, sign_in
from cohorts.models import Cohort, CohortSeat, Jurisdiction, Milestone
from cohorts.tests.factories import (
    make_cohort,
    make_cohort_seat,
    make_jurisdiction,
    make_membership,
    make_milestone,
    make_proposal,
)
from members.collaborations.models import JoinRequest, Seat, Steward
from members.collaborations.tests.factories import make_collaboration, make_join_request, make_seat, make_steward
from members.partners.models import Partner
from members.partners.tests.factories import make_partner
from members.pathway.models import Assessment
from members.pathway.tests.factories import make_application, make_assessment, make_member
from members.peers.models import AbuseReport, Block, Introduction, TieRequest
from members.peers.tests.factories import make_abuse_report, make_introduction, make_profile, make_tie_request
from members.peers.tests.factories import make_member as make_peer
from resources.models import Adoption, Resource, Suggestion, Topic
from resources.tests.factories import make_adoption, make_collection, make_resource, make_topic

THEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DAY = date(2026, 3, 4)
# Whatever is theirs has one of these words in it.
MARKS = ("zephyr", "quill", "chiefmark", "markbrowser", "203.0.113.77")


def make_marked(client=None):
    """An admin, not the only one, who has done everything that one can do here; `client` is where they signed in."""
    other = make_admin(name="Octavia Rook", email="octavia.rook@example.org")
    user = make_admin(name="Zephyr Quill", email="zephyr.quill@example.gov", mail_declined=["chiefmark"])
    user.groups.add(Group.objects.create(name="Writers"))
    user.user_permissions.add(Permission.objects.get(codename="add_topic"))
    User.objects.filter(pk=user.pk).update(date_joined=THEN, last_login=THEN, signed_out_at=THEN)
    user.refresh_from_db()
    if client:
        sign_in(client, user)
        User.objects.filter(pk=user.pk).update(last_login=THEN)
        make_session(user, client.session.session_key)
    else:
        make_session(user, "another-key")
    make_ways_in(user)
    make_mail(user)
    make_ties(user, other)
    make_library(user, other)
    make_pages(user, other)
    make_joining(user, other)
    make_notes(user, other)
    make_checks(user, other)
    make_applications(user, other)
    make_peers(user, other)
    make_log(user, other)
    make_audit(user, other)
    return user


def make_session(user, key):
    UserSession.objects.create(
        user=user, session_key=key, ip="203.0.113.77", user_agent="Markbrowser/7", created_at=THEN, last_seen_at=THEN
    )
    half_way = SessionStore()
    half_way["account_login"] = {"email": user.email, "at": 1}
    half_way.save()


def make_ways_in(user):
    EmailAddress.objects.create(user=user, email="zephyr@example.net")
    data = {"name": "Zephyr's key", "credential": {"id": "secret-of-the-key"}}
    Authenticator.objects.create(user=user, type="webauthn", data=data, last_used_at=THEN)
    RecoveryCodes.activate(user)
    Authenticator.objects.filter(user=user).update(created_at=THEN)


def make_mail(user):
    mail.send("sign_in_code", user.email, user=user, code="SECR-CODE", minutes=15)
    done = {"state": "sent", "text": "", "html": "", "done_at": THEN}
    for fields in ({"user": user, "to": "zephyr@example.net"}, {"to": user.email}):
        OutgoingMail.objects.create(kind="old", subject="To Zephyr", message_id=f"<{fields}>", **fields, **done)
    for number, one in enumerate(OutgoingMail.objects.order_by("created_at")):
        OutgoingMail.objects.filter(pk=one.pk).update(created_at=THEN.replace(second=number))


def make_ties(user, other):
    village = make_jurisdiction(name="Village")
    fields = {"user": user, "title": "Chiefmark Officer", "started_on": DAY}
    verified = {"verified_on": DAY, "verified_by": other}
    make_membership(jurisdiction=village, **fields, **verified)
    make_membership(jurisdiction=make_jurisdiction(name="Hamlet"), **fields | verified, ended_on=DAY)
    make_membership(jurisdiction=make_jurisdiction(name="Bridge"), **fields)
    ours = {"user": make_user(name="Octavia Second"), "title": "Octavia's title"}
    make_membership(jurisdiction=village, **ours, verified_on=DAY, verified_by=user)
    user.memberships.update(created_at=THEN)
    contact = {"office": "Equity office", "office_person_agreed": True}
    make_jurisdiction(name="Parish", office_email=user.email, office_person="Dr. Zephyr Quill", **contact)
    make_jurisdiction(name="Grove", office_email="equity@example.gov", office_person="Octavia Rook", **contact)
    make_proposals(user, other, village)


def make_proposals(user, other, village):
    """One of theirs in each state, one that they settled, and one of somebody else that names them."""
    theirs = {"jurisdiction": village, "note": "Says Quill"}
    settled = {"settled_at": THEN, "settled_by": other, "answer": "Thank you, Zephyr."}
    proposed = [
        ("Quill leads it.", {}),
        ("Quill.", {"state": "withdrawn", "settled_at": THEN}),
        ("Zephyr did it.", {"state": "declined"} | settled),
        ("It has a plan.", {"state": "accepted"} | settled),
    ]
    for hour, (summary, fields) in enumerate(proposed):
        when = THEN.replace(hour=hour)
        make_proposal(proposed_by=user, proposed_at=when, proposed={"summary": summary}, **theirs, **fields)
    settled |= {"settled_by": user, "answer": "Thank you."}
    fields = {"jurisdiction": village, "proposed_by": other, "proposed_at": THEN, "state": "declined"}
    make_proposal(**fields, **settled, proposed={"summary": "Octavia did it."})
    contact = {"office": "Clerk", "office_url": "", "office_email": user.email, "office_person": "Zephyr Quill"}
    contact |= {"office_person_agreed": True}
    make_proposal(jurisdiction=village, proposed_by=other, kind="office", before=contact, proposed=contact)


def make_library(user, other):
    resource = make_resource(title="Toolkit")
    contacts = {"Town": "Ask zephyr quill, room 4", "Port": "ZEPHYR.QUILL@example.gov", "Fort": "Octavia Rook"}
    for name, contact in contacts.items():
        make_adoption(resource=resource, jurisdiction=make_jurisdiction(name=name), contact=contact)
    Adoption.objects.exclude(contact__contains="Octavia").update(contact_visibility="public")
    port = Adoption.objects.get(jurisdiction__name="Port")
    port.contact = "The clerk"
    port.save()
    for thing, person in ((resource, user), (make_topic(name="Water"), user), (make_collection(title="Start"), other)):
        thing._history_user = person
        thing.save()
    for model in (Resource, Topic, Adoption):
        model.history.update(history_date=THEN)


def make_pages(user, other):
    """Pages and rows that each of the two changed."""
    town, cohort = make_jurisdiction(name="Town"), make_cohort(name="First")
    seat = make_cohort_seat(cohort=cohort, jurisdiction=town)
    place = make_seat(collaboration=make_collaboration(name="Together"))
    for thing in (make_milestone(title="An office"), seat, cohort, make_partner(name="Lab"), place):
        thing._history_user = user
        thing.save()
    for thing in (town, place.collaboration):
        thing._history_user = other
        thing.save()
    for model in (Jurisdiction, Milestone, CohortSeat, Cohort, Partner, Seat):
        model.history.update(history_date=THEN)


def make_joining(user, other):
    """Pages of collaborations that each of the two keeps, appointed by the other, and what each asked of the other."""
    bridge, lake = make_collaboration(name="Bridge"), make_collaboration(name="Lake")
    make_steward(bridge, user, appointed_by=other, started_on=DAY)
    make_steward(lake, other, appointed_by=user, started_on=DAY)
    fund, town = {"partner": make_partner(name="Fund")}, {"jurisdiction": make_jurisdiction(name="Ford")}
    theirs = {"asked_by": user, "title": "Chiefmark Officer", "message": "Quill asks."}
    answered = {"answered_by": other, "answered_at": THEN, "answer": "Welcome, Zephyr."}
    make_join_request(collaboration=lake, **fund, **theirs)
    make_join_request(collaboration=lake, **town, **theirs, **answered, state="accepted")
    answered |= {"answered_by": user, "answer": "Not now."}
    fields = {"asked_by": other, "title": "Chair", "message": "Octavia asks.", "state": "declined"}
    make_join_request(collaboration=bridge, **fund, **fields, **answered)
    for model in (JoinRequest, Steward):
        model.objects.update(created_at=THEN)


def make_notes(user, other):
    """Notes that each of the two sent, and notes that each of the two settled."""
    report = {"page": "/about/", "what": "Quill was here"}
    suggestion = {"title": "Handbook", "link": "https://example.org/handbook", "why": "It helps, says Quill"}
    for model, fields in ((Report, report), (Suggestion, suggestion)):
        theirs = {name: text.replace("Quill", "Octavia") for name, text in fields.items()}
        waiting = {"state": "waiting", "key": None, "confirmed_at": THEN}
        settled = waiting | {"state": "used", "settled_at": THEN, "answer": "Thank you."}
        model.objects.create(email=user.email, created_at=THEN, **fields, **waiting)
        model.objects.create(email=other.email, **theirs, **waiting)
        model.objects.create(settled_by=user, **theirs, **settled)
        model.objects.create(settled_by=other, **theirs, **settled)


def make_checks(user, other):
    make_assessment({"data": 2}, name="Borough", state="AK", expires_on=DAY.replace(year=2096)).kept_by.add(user)
    make_assessment(name="Octavia", state="AK").kept_by.add(other)
    Assessment.objects.update(created_at=THEN, updated_at=THEN)


def make_applications(user, other):
    """An application of others that this person had every part in, and that names them wherever it can."""
    application = make_application(other, reference="A-2026-0007")
    make_member(application, "editor", user)
    application.team.update(joined_at=THEN)
    asked = {"role": "viewer", "expires_at": datetime(2096, 3, 4, tzinfo=UTC)}
    application.invitations.create(email=user.email, invited_by=other, **asked)
    application.invitations.create(email="octavia@example.net", invited_by=user, **asked)
    application.invitations.update(invited_at=THEN)
    contacts = {
        "lead_name": "Somebody Else",
        "sponsor_name": "Quill, Z.",
        "sponsor_title": "Chiefmark Officer",
        "sponsor_email": user.email,
        "sponsor_visibility": "public",
    }
    goals = {"goal": "ZEPHYR QUILL will lead.", "obstacles": "None"}
    application.sections.create(section="contacts", answers=contacts, saved_at=THEN, saved_by=user)
    application.sections.create(section="goals", answers=goals, saved_at=THEN, saved_by=other)
    application.sections.create(section="peers", answers={"want": "Octavia knows"}, saved_at=THEN, saved_by=other)
    application.sign_offs.create(by=user, at=THEN, digest="0")
    application.history.create(actor=user, at=THEN, verb="submit", source="draft", target="submitted")
    snapshot = application.snapshots.create(number=1, taken_by=user, taken_at=THEN)
    for question, answer in (contacts | goals | {"want": "Octavia knows"}).items():
        snapshot.answers.create(question=question, answer=answer)
    asked = {"asked_by": user, "asked_at": THEN}
    application.change_requests.create(question="sponsor_title", words="Still?", before="Chiefmark Officer", **asked)
    application.change_requests.create(question="goal", words="Will Zephyr Quill?", before=goals["goal"], **asked)
    application.messages.create(author=user, is_from_team=True, text="Zephyr Quill asks.", sent_at=THEN)
    application.messages.create(author=other, is_from_team=False, text="Octavia answers.", sent_at=THEN)
    application.attachments.create(name="Zephyr Quill.pdf", size=1, added_by=user, added_at=THEN)


def make_peers(user, other):
    """A profile and a request of each of the two, what the one settled for the other, and how they met."""
    profile = make_profile(user.memberships.get(jurisdiction__name="Village"), helps="Ask Quill.", seeks="Says Zephyr.")
    profile.helps_topics.add(Topic.objects.get(name="Water"))
    make_profile(make_peer(other), helps="Octavia helps.")
    make_tie_request(user, government_name="Quillton", title="Chiefmark Officer")
    settled = {"settled_at": THEN, "settled_by": user}
    make_tie_request(other, government_name="Ford", status="declined", answer="Not now.", **settled)
    TieRequest.objects.update(created_at=THEN)
    for hour, (asker, asked, fields) in enumerate(
        [
            (user, other, {"message": "Says Quill."}),
            (make_user(), user, {"state": "accepted", "message": "Dear Quill."}),
        ]
    ):
        make_introduction(asker, asked, **fields)
        Introduction.objects.filter(asker=asker).update(created_at=THEN.replace(hour=hour))
    Block.objects.create(blocker=user, blocked=make_user())
    make_abuse_report(reporter=user, about=other, text="Says Zephyr.")
    make_abuse_report(reporter=other, about=user, text="Quill wrote to me.")
    AbuseReport.objects.update(created_at=THEN)


def make_log(user, other):
    changed = [{"changed": {"fields": ["Name"]}}]
    for person, thing in ((user, Topic.objects.get(name="Water")), (user, other), (other, user)):
        LogEntry.objects.log_actions(person.pk, [thing], CHANGE, changed)
    LogEntry.objects.log_actions(other.pk, [user], CHANGE, "Zephyr Quill was called.")
    LogEntry.objects.update(action_time=THEN)


def make_audit(user, other):
    """What each of the two did to a topic and to the other."""
    water = Topic.objects.get(name="Water")
    for person, thing in ((user, water), (user, other), (other, user), (other, water)):
        AuditEntry.objects.create(
            at=THEN,
            actor=person,
            action="change",
            kind=thing._meta.label_lower,
            object_id=str(thing.pk),
            label=audit.label(thing),
            after={"name": "Octavia"},
            facts={"count": 1},
        )
