"""Every address of an application × everybody, as DESIGN.md §7 has it. An address without a row here fails."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.core.tests.files import SAMPLES
from members.pathway import workflow
from members.pathway.questions import SECTIONS
from members.pathway.team import Role

from .factories import make_application, make_complete_application, make_member, user_of

pytestmark = pytest.mark.django_db

UNKNOWN = "00000000-0000-4000-8000-000000000000"
NOBODYS = "A" * 32
TEAM = ("lead", "editor", "viewer", "sponsor")
# Whoever has no part in it: one who had, one who has in another, and staff.
OUTSIDE = ("removed", "other", "curator", "admin")

# Of a draft, then of the same when it is handed in: what the lead, an editor, a viewer and the sponsor get who open the
# address, and what who send an empty form to it. 400: their form, refused; 409: theirs, but not now; 405: no form.
TABLE = {
    "application": ("200 200 200 200", "405 405 405 405", "200 200 200 200", "405 405 405 405"),
    "application_answer": ("404 404 404 404", "404 404 404 404", "404 404 404 404", "404 404 404 404"),
    "application_defer": ("200 404 404 404", "400 404 404 404", "409 404 404 404", "409 404 404 404"),
    "application_file": ("200 200 200 200", "405 405 405 405", "200 200 200 200", "405 405 405 405"),
    "application_file_remove": ("200 200 404 404", "303 303 404 404", "409 409 404 404", "409 409 404 404"),
    "application_files": ("200 200 200 200", "400 400 404 404", "200 200 200 200", "400 400 404 404"),
    "application_hand_over": ("200 404 404 404", "303 404 404 404", "200 404 404 404", "303 404 404 404"),
    "application_invitation_revoke": ("200 404 404 404", "303 404 404 404", "200 404 404 404", "303 404 404 404"),
    "application_json": ("200 200 200 200", "405 405 405 405", "200 200 200 200", "405 405 405 405"),
    "application_member_remove": ("200 404 404 404", "303 404 404 404", "200 404 404 404", "303 404 404 404"),
    "application_messages": ("200 200 200 200", "400 400 404 404", "200 200 200 200", "400 400 404 404"),
    "application_onboarding": ("404 404 404 404", "404 404 404 404", "404 404 404 404", "404 404 404 404"),
    "application_page": ("404 404 404 404", "404 404 404 404", "404 404 404 404", "404 404 404 404"),
    "application_print": ("200 200 200 200", "405 405 405 405", "200 200 200 200", "405 405 405 405"),
    "application_receipt": ("404 404 404 404", "405 405 405 405", "200 200 200 200", "405 405 405 405"),
    "application_reopen": ("409 404 404 404", "303 404 404 404", "409 404 404 404", "409 404 404 404"),
    "application_section": ("200 200 200 200", "400 400 404 404", "200 200 200 200", "400 400 404 404"),
    "application_sign_off": ("200 200 200 200", "404 404 404 400", "200 200 200 200", "404 404 404 409"),
    "application_submit": ("200 404 404 404", "409 404 404 404", "302 404 404 404", "303 404 404 404"),
    "application_team": ("200 200 200 200", "400 404 404 404", "200 200 200 200", "400 404 404 404"),
    "application_withdraw": ("200 404 404 404", "400 404 404 404", "200 404 404 404", "400 404 404 404"),
    "invitation": ("404 404 404 404", "404 404 404 404", "404 404 404 404", "404 404 404 404"),
}


def names():
    found = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return sorted(name for name in found if name.startswith(("application", "invitation")))


def test_every_address_of_an_application_has_a_row():
    assert sorted(TABLE) == names()


class Case:
    """An application with everything that an address can lead to, and everybody around it."""

    def __init__(self, is_handed_in):
        self.application = make_complete_application(make_user(), signed=False)
        lead = user_of(self.application, Role.LEAD)
        self.people = {"lead": lead, "sponsor": user_of(self.application, Role.SPONSOR)}
        self.people |= {role: make_member(self.application, role).user for role in ("editor", "viewer")}
        removed = make_member(self.application, Role.EDITOR)
        workflow.leave(application=self.application, user=lead, member=removed)
        self.people |= {"removed": removed.user, "other": user_of(make_application(), Role.LEAD)}
        self.people |= {"curator": make_curator(), "admin": make_admin()}
        self.member = make_member(self.application, Role.VIEWER)
        given = {"application": self.application, "user": lead}
        self.invitation = workflow.invite(**given, email="clerk@example.gov", role=Role.VIEWER)
        self.attachment = workflow.attach(**given, file=SimpleUploadedFile("plan.pdf", SAMPLES["pdf"]))
        if is_handed_in:
            digest = workflow.digest_now(self.application)
            workflow.sign_off(application=self.application, user=self.people["sponsor"], digest=digest)
            workflow.submit(**given)

    def address(self, name, pk=None, key=None):
        """The address, or the one like it of an application that there is not."""
        if name == "invitation":
            return reverse(name, args=[key or self.invitation.key])
        behind = {
            "application_section": [SECTIONS[0]],
            "application_member_remove": [self.member.pk],
            "application_hand_over": [self.member.pk],
            "application_invitation_revoke": [self.invitation.pk],
            "application_file": [self.attachment.pk],
            "application_file_remove": [self.attachment.pk],
        }
        return reverse(name, args=[pk or self.application.pk, *behind.get(name, [])])

    def client(self, person):
        client = Client()
        if person != "visitor":
            sign_in(client, self.people[person])
        return client

    def ask(self, person, name, method, **other):
        """What somebody gets there. Nothing of it stays, so that the next one finds the same."""
        with transaction.atomic():
            answer = getattr(self.client(person), method)(self.address(name, **other))
            transaction.set_rollback(True)
        return answer


@pytest.fixture(params=[False, True], ids=["draft", "handed in"])
def is_handed_in(request):
    return request.param


@pytest.mark.parametrize("name", names())
def test_each_of_the_team_gets_what_their_part_allows_and_nobody_keeps_it(name, is_handed_in):
    case = Case(is_handed_in)
    got = []
    for method in ("get", "post"):
        answers = [case.ask(person, name, method) for person in TEAM]
        got.append(" ".join(str(answer.status_code) for answer in answers))
        for answer in answers:
            assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert got == list(TABLE[name][2 * is_handed_in :][:2])


@pytest.mark.parametrize("name", names())
def test_whoever_has_no_part_in_it_gets_the_404_of_what_is_not_there_to_the_byte(name, is_handed_in):
    case = Case(is_handed_in)
    # An address without a form answers 405 before it looks for anything.
    for method, status in (("get", 404), ("post", 405 if TABLE[name][1] == "405 405 405 405" else 404)):
        for person in OUTSIDE:
            answers = [
                case.ask(person, name, method),
                case.ask(person, name, method, pk=UNKNOWN, key=NOBODYS),
            ]
            assert [answer.status_code for answer in answers] == [status, status]
            # The page repeats the address that was asked for, and nothing else tells the two apart.
            addresses = case.address(name), case.address(name, pk=UNKNOWN, key=NOBODYS)
            pages = [
                answer.content.decode().replace(address, "") for answer, address in zip(answers, addresses, strict=True)
            ]
            assert pages[0] == pages[1]
            assert answers[0].headers == answers[1].headers


@pytest.mark.parametrize("name", names())
def test_a_visitor_signs_in_first_whether_it_is_there_or_not(name, is_handed_in):
    case = Case(is_handed_in)
    for method in ("get", "post"):
        for there in ({}, {"pk": UNKNOWN, "key": NOBODYS}):
            answer = case.ask("visitor", name, method, **there)
            address = case.address(name, **there)
            assert (answer.status_code, answer.url) == (302, f"/account/login/?next={address}")


def test_nobody_of_a_team_reaches_into_another_application_by_its_numbers():
    mine, theirs = Case(False), Case(False)
    client, reached = mine.client("lead"), {}
    for name in set(names()) - {"invitation"}:
        address = theirs.address(name, pk=mine.application.pk)
        if address != mine.address(name):
            reached[name] = [client.get(address).status_code, client.post(address).status_code]
    assert reached == dict.fromkeys(
        (
            "application_file_remove",
            "application_hand_over",
            "application_invitation_revoke",
            "application_member_remove",
        ),
        [404, 404],
    ) | {"application_file": [404, 405]}
