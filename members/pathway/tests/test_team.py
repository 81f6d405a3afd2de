"""The team of an application: asking people in by their address, parting, and who leads."""

import io
import logging
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.accounts.tests.ways import code_in_mail
from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_user
from alliance.core.tests.threads import at_once
from alliance.log import WithoutKeys
from alliance.tests.test_queries import queries_of
from members.pathway import workflow
from members.pathway.models import Application, Invitation, TeamMember
from members.pathway.team import Role
from members.pathway.views import team as views

from .factories import make_application, make_member

pytestmark = pytest.mark.django_db

NEW = "clerk@leroy.example.gov"


@pytest.fixture
def lead():
    return make_user(name="Rosa Diaz", email="rosa@leroy.example.gov")


@pytest.fixture
def application(lead):
    return make_application(lead)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def address(name, application, *args):
    return reverse(name, args=[application.pk, *args])


def team_page(application):
    return address("application_team", application)


def ask(application, lead, email=NEW, role=Role.EDITOR):
    return client_of(lead).post(team_page(application), {"email": email, "role": role})


def link_in_mail(to=NEW):
    text = OutgoingMail.objects.filter(to=to, kind="invitation").latest("created_at").text
    return re.search(r"/pathway/invitations/[\w-]{32}/", text)[0]


def parts(application):
    """Who is in the team now, {address: role}."""
    return dict(application.team.current().values_list("user__email", "role"))


# --- asking somebody in ---


def test_an_invitation_goes_by_mail_to_its_address_and_holds_for_seven_days(application, lead):
    began = timezone.now()
    answer = ask(application, lead, " Clerk@LeRoy.example.gov ", Role.SPONSOR)
    assert (answer.status_code, answer.url) == (303, team_page(application))
    invitation = application.invitations.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == (NEW, Role.SPONSOR, lead)
    assert timedelta(days=7) <= invitation.expires_at - began < timedelta(days=7, minutes=1)
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("invitation", NEW)
    assert link_in_mail() == reverse("invitation", args=[invitation.key])


def test_nothing_that_the_inviter_wrote_stands_in_the_mail(application, lead):
    lead.name = "Buy pills at spam.example"
    lead.save()
    client_of(lead).post(team_page(application), {"email": NEW, "role": "viewer", "text": "Buy pills"})
    mail = OutgoingMail.objects.get()
    assert "pills" not in mail.subject + mail.text + mail.html


def test_asking_twice_sends_one_mail_and_asking_for_another_part_is_refused(application, lead):
    assert [ask(application, lead).status_code for _ in range(2)] == [303, 303]
    answer = ask(application, lead, role=Role.VIEWER)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "email": ["This address is invited already. Take that invitation back first."]
    }
    assert (OutgoingMail.objects.count(), application.invitations.get().role) == (1, Role.EDITOR)


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"email": ["Type the address of the person."], "role": ["Choose what this person may do."]}),
        (
            {"email": "clerk", "role": "editor"},
            {"email": ["Enter an e-mail address in plain letters, like name@example.gov."]},
        ),
        ({"email": NEW, "role": "lead"}, {"role": ["Choose one of the three parts."]}),
        ({"email": NEW, "role": "\0"}, {"role": ["Choose one of the three parts."]}),
        ({"email": "a\0@example.gov", "role": "editor"}, {"email": ["Null characters are not allowed."]}),
        (
            {"email": "a" * 100_000 + "@example.gov", "role": "editor"},
            {"email": ["Enter an e-mail address in plain letters, like name@example.gov."]},
        ),
        (
            {"email": "rosa@leroy.example.gov", "role": "editor"},
            {"email": ["This person is in the team already."]},
        ),
    ],
    ids=["nothing", "no address", "lead", "NUL role", "NUL address", "huge", "oneself"],
)
def test_a_wrong_invitation_says_what_is_wrong_and_sends_nothing(sent, errors, application, lead):
    answer = client_of(lead).post(team_page(application), sent)
    assert (answer.status_code, answer.context["form"].errors) == (400, errors)
    assert not Invitation.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_refused_form_keeps_what_was_typed(application, lead):
    page = client_of(lead).post(team_page(application), {"email": "clerk<b>", "role": "viewer"}).content.decode()
    assert 'value="clerk&lt;b&gt;"' in page
    assert 'value="viewer" checked' in page


@pytest.mark.parametrize(
    ("limit", "invitations"),
    [
        ("BY_PERSON", [f"{number}@example.gov" for number in range(3)]),
        ("BY_NETWORK", [f"{number}@example.gov" for number in range(3)]),
        ("BY_ADDRESS", [NEW] * 3),
    ],
)
def test_nobody_sends_more_invitations_than_the_limits_allow(limit, invitations, application, lead, monkeypatch):
    monkeypatch.setattr(views, limit, type(views.BY_PERSON)(limit, 2, timedelta(days=1)))
    assert [ask(application, lead, email).status_code for email in invitations] == [303, 303, 429]


def test_one_too_many_keeps_the_address_says_when_to_go_on_and_asks_nobody(application, lead, monkeypatch):
    monkeypatch.setattr(views, "BY_PERSON", type(views.BY_PERSON)("none", 0, timedelta(days=1)))
    answer = ask(application, lead)
    assert answer.status_code == 429
    assert f'value="{NEW}"' in answer.content.decode()
    (error,) = answer.context["form"].errors["email"]
    assert re.fullmatch(r"For safety this waits until \w+ \d+, .+ \(Central time\)\. Then try again\.", error)
    assert (application.invitations.count(), OutgoingMail.objects.count(), application.history.count()) == (0, 0, 0)


def test_what_is_refused_counts_for_nothing(application, lead, monkeypatch):
    monkeypatch.setattr(views, "BY_PERSON", type(views.BY_PERSON)("one", 1, timedelta(days=1)))
    assert [ask(application, lead, lead.email).status_code for _ in range(3)] == [400] * 3
    assert ask(application, lead).status_code == 303


def test_the_limits_are_these():
    limits = (views.BY_PERSON, views.BY_NETWORK, views.BY_ADDRESS)
    assert [(limit.amount, limit.span.days) for limit in limits] == [(20, 1), (60, 1), (5, 1)]
    assert len({limit.name for limit in limits}) == 3


# --- joining ---


@pytest.fixture
def link(application, lead):
    ask(application, lead)
    return link_in_mail()


def test_the_page_says_who_asks_for_which_part_in_whose_application_and_joins_only_by_its_button(application, link):
    Application.objects.filter(pk=application.pk).update(government_name="Le <Roy>")
    client = client_of(make_user(email=NEW))
    page = client.get(link).content.decode()
    assert "Rosa Diaz, rosa@leroy.example.gov" in page
    assert "<dd>Le &lt;Roy&gt;</dd>" in page
    assert "<b>Editor.</b> Writes answers, and adds and removes files." in page
    assert parts(application) == {"rosa@leroy.example.gov": "lead"}
    answer = client.post(link)
    assert (answer.status_code, answer.url) == (303, application.get_absolute_url())
    assert parts(application) == {"rosa@leroy.example.gov": "lead", NEW: "editor"}


def test_a_link_works_once_and_a_second_click_leads_to_the_application(application, link):
    client = client_of(make_user(email=NEW))
    answers = [client.post(link), client.post(link), client.get(link)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, application.get_absolute_url())] * 3
    assert application.team.count() == 2
    application.team.filter(user__email=NEW).update(left_at=timezone.now())
    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]
    assert application.team.count() == 2


def without(page, *words):
    text = page.content.decode()
    for word in words:
        text = text.replace(word, "")
    return page.status_code, text


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_account_learns_nothing_not_even_that_there_is_an_invitation(method, application, link, lead):
    unknown = reverse("invitation", args=["k" * 32])
    for stranger in (make_user(), lead):
        client = client_of(stranger)
        answers = [without(getattr(client, method)(one), one) for one in (link, unknown)]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    assert application.invitations.open().exists()


@pytest.mark.parametrize("moment", ["revoked_at", "expires_at"])
def test_what_was_taken_back_or_is_over_leads_nowhere(moment, application, link):
    application.invitations.update(invited_at=timezone.now() - timedelta(days=8), **{moment: timezone.now()})
    client = client_of(make_user(email=NEW))
    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]
    assert application.team.count() == 1


def test_an_invitation_that_is_over_can_be_sent_again(application, link, lead):
    application.invitations.update(invited_at=timezone.now() - timedelta(days=8), expires_at=timezone.now())
    assert ask(application, lead).status_code == 303
    assert (application.invitations.count(), application.invitations.open().count()) == (2, 1)


def carried(client, page):
    """Where the form of a page leads on to."""
    return re.search(r'name="next" value="([^"]+)"', client.get(page).content.decode())[1]


def test_a_visitor_signs_in_first_and_comes_back(client, link):
    answer = client.get(link)
    assert (answer.status_code, answer.url) == (302, f"/account/login/?next={link}")
    make_user(email=NEW)
    code_page = client.post(answer.url, {"login": NEW, "next": carried(client, answer.url)}).url
    sent = {"code": code_in_mail(NEW), "next": carried(client, code_page)}
    assert client.post("/account/login/code/", sent).url == link


def test_somebody_without_an_account_makes_one_with_the_address_and_comes_back(client, link, application):
    cache.clear()
    page = client.get(f"/account/login/?next={link}").content.decode()
    sign_up = re.search(r'href="(/account/signup/\?next=[^"]+)"', page)[1]
    client.post("/account/signup/", {"email": NEW, "next": carried(client, sign_up)})
    answer = client.post("/account/confirm/", {"code": code_in_mail(NEW)})
    assert (answer.status_code, answer.url) == (303, link)
    assert client.get(link).status_code == 200
    client.post(link)
    assert parts(application)[NEW] == "editor"


def test_the_key_stands_in_no_log_whichever_way_its_address_is_written(link):
    key = link.split("/")[-2]
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(WithoutKeys())
    for line in (link, f"/account/login/?next={link}", f"/account/signup/?next={link.replace('/', '%2F')}"):
        handler.emit(logging.makeLogRecord({"msg": f"GET {line} 200"}))
    assert key not in log.getvalue()
    assert log.getvalue().count("(key)") == 3


def test_a_mistyped_address_behind_a_key_is_sent_on_to_no_other_site(link, client):
    answer = client.get(f"{link}x")
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (404, "no-referrer")
    assert link.split("/")[-2] not in answer.content.decode()


def test_the_page_itself_keeps_the_origin_for_its_form_and_names_its_key_to_nobody(link):
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(make_user(email=NEW))
    answer = client.get(link)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("private, no-store", "noindex")
    page = answer.content.decode()
    assert page.count(link.split("/")[-2]) == page.count(f'action="{link}"') == 1
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert client.post(link, {"csrfmiddlewaretoken": token}).status_code == 303


# --- taking back, removing, leaving ---


def test_an_invitation_is_taken_back_and_once_more_changes_nothing(application, link, lead):
    page = address("application_invitation_revoke", application, application.invitations.get().pk)
    client = client_of(lead)
    assert client.get(page).status_code == 200
    assert [client.post(page).status_code for _ in range(2)] == [303, 303]
    assert client.get(page).status_code == 404
    assert client_of(make_user(email=NEW)).get(link).status_code == 404


def test_what_was_accepted_is_not_taken_back_and_the_answer_says_so(application, link, lead):
    client_of(make_user(email=NEW)).post(link)
    page = address("application_invitation_revoke", application, application.invitations.get().pk)
    answer = client_of(lead).post(page)
    assert answer.status_code == 400
    assert "The invitation was accepted in the meantime." in answer.content.decode()
    assert NEW in parts(application)


def test_whoever_is_removed_finds_nothing_from_the_next_click_on(application, lead):
    editor = make_member(application, Role.EDITOR)
    theirs = client_of(editor.user)
    assert theirs.get(team_page(application)).status_code == 200
    page = address("application_member_remove", application, editor.pk)
    client = client_of(lead)
    assert client.get(page).status_code == 200
    assert [client.post(page).status_code for _ in range(2)] == [303, 303]
    assert client.get(page).status_code == 404
    assert theirs.get(team_page(application)).status_code == 404
    assert parts(application) == {lead.email: "lead"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.SPONSOR])
def test_everybody_but_the_lead_can_leave(role, application):
    member = make_member(application, role)
    client = client_of(member.user)
    page = address("application_member_remove", application, member.pk)
    assert "Leave the team?" in client.get(page).content.decode()
    answer = client.post(page)
    assert (answer.status_code, answer.url) == (303, "/account/")
    assert client.get(page).status_code == 404


def test_the_lead_can_not_leave_before_handing_over(application, lead):
    own = application.team.get()
    client = client_of(lead)
    page = address("application_member_remove", application, own.pk)
    shown = client.get(page).content.decode()
    assert ("First hand over the lead" in shown, "<form" in shown) == (True, False)
    answer = client.post(page)
    assert answer.status_code == 400
    assert "The lead hands the application over first." in answer.content.decode()
    editor = make_member(application, Role.EDITOR)
    client.post(address("application_hand_over", application, editor.pk))
    assert client.post(page).status_code == 303
    assert parts(application) == {editor.user.email: "lead"}


def test_the_lead_is_handed_over_and_the_team_is_told(application, lead):
    sponsor = make_member(application, Role.SPONSOR)
    page = address("application_hand_over", application, sponsor.pk)
    client = client_of(lead)
    assert "no longer the executive sponsor" in client.get(page).content.decode()
    answers = [client.post(page) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, team_page(application))] * 2
    assert client.get(page).status_code == 404
    assert parts(application) == {lead.email: "editor", sponsor.user.email: "lead"}
    told = OutgoingMail.objects.filter(kind="new_lead").values_list("to", flat=True)
    assert sorted(told) == sorted([lead.email, sponsor.user.email])


# --- who may what ---


def pages(application, invitation, other):
    return {
        "application_team": team_page(application),
        "application_member_remove": address("application_member_remove", application, other.pk),
        "application_hand_over": address("application_hand_over", application, other.pk),
        "application_invitation_revoke": address("application_invitation_revoke", application, invitation.pk),
    }


FOR_ALL_OF_THE_TEAM = {
    "application_team": 200,
    "application_member_remove": 404,
    "application_hand_over": 404,
    "application_invitation_revoke": 404,
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("person", ["lead", "editor", "viewer", "sponsor", "removed", "other lead", "stranger"])
def test_the_lead_alone_changes_the_team_and_nobody_outside_of_it_finds_it(person, method, application, lead):
    members = {role: make_member(application, role) for role in ("editor", "viewer", "sponsor")}
    other, removed = make_member(application, "viewer"), make_member(application, "viewer")
    TeamMember.objects.filter(pk=removed.pk).update(left_at=timezone.now())
    invitation = workflow.invite(application=application, user=lead, email=NEW, role="viewer")
    people = {name: member.user for name, member in members.items()} | {
        "lead": lead,
        "removed": removed.user,
        "other lead": make_application().team.get().user,
        "stranger": make_user(is_staff=True),
    }
    client = client_of(people[person])
    answers = {
        name: getattr(client, method)(page).status_code
        for name, page in reversed(pages(application, invitation, other).items())
    }
    expected = dict.fromkeys(FOR_ALL_OF_THE_TEAM, 404)
    if person == "lead":
        # The empty form; the other three of the verbs, in the order above: revoke, hand over, then remove as an editor.
        expected = dict.fromkeys(expected, 200)
        if method == "post":
            expected = {
                "application_team": 404,
                "application_member_remove": 404,
                "application_hand_over": 303,
                "application_invitation_revoke": 303,
            }
    elif person in members and method == "get":
        expected = FOR_ALL_OF_THE_TEAM
    assert answers == expected


@pytest.mark.parametrize("number", [0, 10**30])
@pytest.mark.parametrize("name", list(FOR_ALL_OF_THE_TEAM)[1:])
def test_a_number_that_is_nobody_and_somebody_of_another_team_are_the_same_404(name, number, application, lead):
    other = make_application()
    theirs = make_member(other, Role.EDITOR).pk
    if name == "application_invitation_revoke":
        theirs = workflow.invite(application=other, user=other.team.get(role="lead").user, email=NEW, role="viewer").pk
    client = client_of(lead)
    for method in (client.get, client.post):
        answers = [without(method(address(name, application, one)), f"/{one}/") for one in (theirs, number)]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


def test_the_actions_are_offered_only_to_whom_they_are_open(application, lead):
    viewer = make_member(application, Role.VIEWER)
    workflow.invite(application=application, user=lead, email=NEW, role="viewer")
    words = ("Make the lead", "Remove", "Take back", "Send the invitation", "Leave the team")
    shown = [client_of(user).get(team_page(application)).content.decode() for user in (lead, viewer.user)]
    assert [[word in page for word in words] for page in shown] == [
        [True, True, True, True, False],
        [False, False, False, False, True],
    ]


def test_a_name_is_inert_on_every_page(application, lead):
    evil = make_member(application, Role.EDITOR, make_user(name="<script>alert(1)</script>"))
    client = client_of(lead)
    for page in (
        team_page(application),
        address("application_member_remove", application, evil.pk),
        address("application_hand_over", application, evil.pk),
    ):
        shown = client.get(page).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert" in shown


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, application, lead):
    for number in range(rows):
        member = make_member(application, Role.EDITOR)
        make_member(application, Role.VIEWER)
        invitation = workflow.invite(
            application=application, user=lead, email=f"{number}@example.gov", role=Role.VIEWER
        )
    client = client_of(lead)
    mine = client_of(make_user(email="0@example.gov"))
    key = application.invitations.get(email="0@example.gov").key
    counted = {name: queries_of(client, page) for name, page in pages(application, invitation, member).items()}
    counted["invitation"] = queries_of(mine, reverse("invitation", args=[key]))
    assert counted == QUERIES


# Two of each are the session and the person.
QUERIES = {
    "application_team": 5,
    "application_member_remove": 5,
    "application_hand_over": 4,
    "application_invitation_revoke": 4,
    "invitation": 4,
}


# --- two at the same moment ---


def status(client, page, **sent):
    return lambda: client.post(page, sent).status_code


@pytest.mark.django_db(transaction=True)
def test_of_accepting_and_taking_back_at_once_one_wins():
    for round in range(10):
        lead = make_user()
        application = make_application(lead)
        invited = make_user(email=f"invited-{round}@example.gov")
        invitation = workflow.invite(application=application, user=lead, email=invited.email, role="viewer")
        revoke = address("application_invitation_revoke", application, invitation.pk)
        accept = reverse("invitation", args=[invitation.key])
        answers = at_once(status(client_of(invited), accept), status(client_of(lead), revoke))
        invitation.refresh_from_db()
        joined = application.team.filter(user=invited).exists()
        assert (answers, joined, bool(invitation.accepted_at), bool(invitation.revoked_at)) in (
            ([303, 400], True, True, False),
            ([404, 303], False, False, True),
        )


@pytest.mark.django_db(transaction=True)
def test_of_accepting_many_times_at_once_one_joins():
    lead, invited = make_user(), make_user()
    application = make_application(lead)
    invitation = workflow.invite(application=application, user=lead, email=invited.email, role="viewer")
    accept = reverse("invitation", args=[invitation.key])
    answers = at_once(*[status(client_of(invited), accept) for _ in range(8)])
    assert (answers, application.team.filter(user=invited).count()) == ([303] * 8, 1)


@pytest.mark.django_db(transaction=True)
def test_of_inviting_the_same_address_many_times_at_once_one_mail_goes():
    lead = make_user()
    application = make_application(lead)
    sent = {"email": NEW, "role": "viewer"}
    answers = at_once(*[status(client_of(lead), team_page(application), **sent) for _ in range(5)])
    assert (answers, Invitation.objects.count(), OutgoingMail.objects.count()) == ([303] * 5, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_handing_over_and_leaving_at_once_one_wins_and_there_is_always_one_lead():
    for _ in range(10):
        lead = make_user()
        application = make_application(lead)
        heir = make_member(application, Role.EDITOR)
        hand_over = address("application_hand_over", application, heir.pk)
        leave = address("application_member_remove", application, heir.pk)
        answers = at_once(status(client_of(lead), hand_over), status(client_of(heir.user), leave))
        assert (answers, parts(application)) in (
            ([303, 400], {lead.email: "editor", heir.user.email: "lead"}),
            ([400, 303], {lead.email: "lead"}),
        )
