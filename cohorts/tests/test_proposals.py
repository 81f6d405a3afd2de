"""Members propose changes of their own government's page; everybody else finds nothing there."""

import gzip
import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from alliance.accounts.leaving import erase_account
from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.core.tests.threads import at_once
from alliance.tests.test_pages import BUDGET
from alliance.tests.test_queries import queries_of
from cohorts import proposal_views, proposals
from cohorts.models import Jurisdiction, Membership, Milestone, Proposal
from cohorts.proposals import Refused, digest_of, kinds
from resources.models import Adoption
from resources.tests.factories import make_adoption, make_resource

from .factories import make_jurisdiction, make_member, make_membership, make_milestone, make_proposal

pytestmark = pytest.mark.django_db

WORDS = "It adopted a racial equity policy in 2015."
MILESTONE = {
    "kind": "training",
    "title": "All department heads trained",
    "date": "2016-03",
    "description": "Two days each.",
    "sources": "https://example.gov/training\nexample.org/news",
}
MILESTONE_VALUES = MILESTONE | {"sources": ["https://example.gov/training", "https://example.org/news"]}
OFFICE = {
    "office": "Office of Racial Equity",
    "office_url": "https://example.gov/equity",
    "office_email": "equity@example.gov",
    "office_person": "",
    "office_person_agreed": False,
}
UNKNOWN = "The library has no resource of this title. Copy the title or the address of its page from there."
AMBIGUOUS = "Several resources have this title. Paste the address of the page of the one that you mean."


@pytest.fixture
def town():
    return make_jurisdiction(name="Oakwood", slug="oakwood-mn", summary="It has an office.")


@pytest.fixture
def rosa(town):
    return make_member(town, name="Rosa Diaz", email="rosa@oakwood.example.gov")


@pytest.fixture
def client_of():
    def signed_in(user):
        client = Client()
        sign_in(client, user)
        return client

    return signed_in


@pytest.fixture
def member(rosa, client_of):
    return client_of(rosa)


def address(town, *rest):
    return "/".join(["/account/governments", town.slug, *map(str, rest)]) + "/"


def send(client, town, kind, target=None, /, key=None, **typed):
    rest = ["propose", kind, *([target] if target else [])]
    return client.post(address(town, *rest), {"token": key or uuid.uuid4()} | typed)


def words(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


# --- What can be proposed ---


def test_the_page_shows_what_stands_there_and_the_ways_to_change_it(town, member):
    milestone = make_milestone(jurisdiction=town, title="A <resolution>", date="2015-07")
    adoption = make_adoption(jurisdiction=town, resource=make_resource(title="Toolkit"), how="For budgets.")
    make_milestone(title="Elsewhere")
    page = words(member.get(address(town)))
    for text in ("It has an office.", "A &lt;resolution&gt;", "July 2015", "Toolkit", "For budgets."):
        assert text in page
    assert "Elsewhere" not in page
    ways = [address(town, "propose", kind) for kind in ("summary", "website", "office", "milestone", "adoption")]
    ways += [address(town, "propose", "milestone", milestone.pk), address(town, "propose", "adoption", adoption.pk)]
    assert [way for way in ways if f'href="{way}"' not in page] == []
    assert [member.get(way).status_code for way in ways] == [200] * 7


@pytest.mark.parametrize(
    ("kind", "typed", "before", "values"),
    [
        ("summary", {"summary": f"  {WORDS}\u202e\r\nMore.\x00 "}, {"summary": "It has an office."}, None),
        ("website", {"website": "oakwood.example.gov/equity"}, {"website": ""}, None),
        ("office", {"office": "Equity office", "office_email": "EQUITY@Example.gov"}, OFFICE, None),
        ("milestone", MILESTONE, {}, MILESTONE_VALUES),
    ],
)
def test_each_kind_is_kept_as_it_was_typed_beside_what_stands_there(kind, typed, before, values, town, rosa, member):
    if kind == "office":
        Jurisdiction.objects.filter(pk=town.pk).update(**OFFICE)
    answer = send(member, town, kind, note="See the news.", **typed)
    one = Proposal.objects.get()
    assert (answer.status_code, answer.url) == (303, address(town, "proposals", one.pk))
    expected = values or {
        "summary": {"summary": f"{WORDS} \nMore."},
        "website": {"website": "https://oakwood.example.gov/equity"},
        "office": OFFICE | {"office": "Equity office", "office_url": "", "office_email": "equity@example.gov"},
    }.get(kind)
    assert (one.jurisdiction, one.kind, one.target, one.before, one.proposed) == (town, kind, None, before, expected)
    assert (one.state, one.note, one.proposed_by) == ("open", "See the news.", rosa)
    assert one.about == ("All department heads trained" if kind == "milestone" else "")


def test_nothing_of_the_page_changes_by_a_proposal(town, member):
    send(member, town, "summary", summary=WORDS)
    send(member, town, "milestone", **MILESTONE)
    town.refresh_from_db()
    assert (town.summary, Milestone.objects.count(), OutgoingMail.objects.count()) == ("It has an office.", 0, 0)


def test_a_change_of_a_milestone_is_about_that_one(town, member):
    milestone = make_milestone(jurisdiction=town, title="Old")
    send(member, town, "milestone", milestone.pk, **MILESTONE)
    one = Proposal.objects.get()
    assert (one.target, one.before["title"], one.proposed, one.about) == (
        milestone.pk, "Old", MILESTONE_VALUES, "All department heads trained",
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["The  racial equity TOOLKIT", "http://localhost:8000/resources/toolkit/", "/resources/toolkit"]
)
def test_a_resource_in_use_is_named_by_its_title_or_its_address(typed, town, member):
    resource = make_resource(title="The Racial Equity Toolkit", slug="toolkit")
    send(member, town, "adoption", resource=typed, since="2016")
    one = Proposal.objects.get()
    assert (one.about, one.proposed["resource"], one.proposed["since"]) == (resource.title, resource.pk, "2016")


@pytest.mark.parametrize(
    ("kind", "typed", "faults"),
    [
        ("summary", {"summary": " "}, {"summary": ["Write a summary."]}),
        (
            "summary",
            {"summary": "a" * 1001},
            {"summary": ["Use at most 1000 characters. There are 1001 now."]},
        ),
        (
            "summary",
            {"summary": "It has an office."},
            {"summary": ["This is what stands there now. Change something first."]},
        ),
        (
            "website",
            {"website": "javascript:alert(1)"},
            {"website": ["Enter a web address that starts with http:// or https://."]},
        ),
        ("milestone", MILESTONE | {"sources": ""}, {"sources": ["Give a public page that shows it."]}),
        (
            "milestone",
            MILESTONE | {"date": "July 2015"},
            {"date": ["Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15."]},
        ),
        (
            "milestone",
            MILESTONE | {"sources": "\n".join(f"https://example.org/{n}" for n in range(11))},
            {"sources": ["List contains 11 items, it should contain no more than 10."]},
        ),
        ("office", {"office_email": "a@example.gov"}, {"office": ["Name the office that this contact belongs to."]}),
        (
            "office",
            {"office": "Clerk", "office_person": "Rosa Diaz"},
            {"office_person_agreed": ["Tick this only if they agreed, or leave the name out."]},
        ),
        (
            "office",
            {"office": "Clerk", "office_person_agreed": "on"},
            {"office_person": ["Say who agreed, or leave the box below empty."]},
        ),
        (
            "adoption",
            {"resource": "Nothing like it"},
            {"resource": [UNKNOWN]},
        ),
        (
            "adoption",
            {"resource": "Twin"},
            {"resource": [AMBIGUOUS]},
        ),
        (
            "adoption",
            {"resource": "Draft"},
            {"resource": [UNKNOWN]},
        ),
        (
            "adoption",
            {"resource": "In use"},
            {"__all__": ["It is already on record that this government uses this resource."]},
        ),
        (
            "adoption",
            {"resource": "/resources/free/", "since": "2020", "until": "2019"},
            {"__all__": ["Its use cannot end before it began."]},
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(kind, typed, faults, town, member):
    make_resource(title="Twin")
    make_resource(title="Twin")
    make_resource(title="Draft", status="draft")
    make_resource(title="Free", slug="free")
    make_adoption(jurisdiction=town, resource=make_resource(title="In use"))
    answer = send(member, town, kind, **typed, note="Read <this>.")
    assert (answer.status_code, answer.context["form"].errors) == (400, faults)
    page = words(answer)
    assert 'role="alert"' in page
    assert "Read &lt;this&gt;." in page
    assert Proposal.objects.count() == 0
    for name in faults:
        assert name == "__all__" or f'href="#id_{name}"' in page


def test_a_name_is_proposed_with_consent_only_and_shown_with_it(town, member):
    send(member, town, "office", office="Clerk", office_person="Rosa Diaz", office_person_agreed="on")
    page = words(member.get(Proposal.objects.get().get_absolute_url()))
    assert "<dt>This person agreed that their name is public</dt>" in page
    assert (page.count("Yes"), page.count("Rosa Diaz")) == (1, 1)


# --- Who may ---


PEOPLE = ("ended", "unverified", "elsewhere", "nobody", "curator", "admin")


@pytest.fixture
def outsiders(town):
    ended = make_member(town)
    ended.memberships.update(ended_on=date(2026, 2, 1))
    return {
        "ended": ended,
        "unverified": make_membership(jurisdiction=town).user,
        "elsewhere": make_member(make_jurisdiction()),
        "nobody": make_user(),
        "curator": make_curator(),
        "admin": make_admin(),
    }


@pytest.mark.parametrize("person", PEOPLE)
def test_whoever_is_no_member_now_gets_the_404_of_what_is_not_there_to_the_byte(person, town, outsiders, client_of):
    client = client_of(outsiders[person])
    one = make_proposal(jurisdiction=town, proposed_by=outsiders[person])
    milestone = make_milestone(jurisdiction=town)
    rest = [(), ("propose", "summary"), ("propose", "milestone", milestone.pk), ("proposals", one.pk)]
    for method in ("get", "post"):
        for words_of in rest:
            there = address(town, *words_of)
            nowhere = there.replace("oakwood-mn", "oakwood-wi")
            answers = [getattr(client, method)(where) for where in (there, nowhere)]
            expected = 405 if (method, words_of) == ("post", ()) else 404
            assert [answer.status_code for answer in answers] == [expected] * 2
            pages = [
                answer.content.decode().replace(where, "")
                for answer, where in zip(answers, (there, nowhere), strict=True)
            ]
            assert pages[0] == pages[1]
            assert answers[0].headers == answers[1].headers
    assert (Proposal.objects.count(), Proposal.objects.get().state) == (1, "open")


def test_the_end_of_a_membership_holds_on_the_next_request(town, rosa, member):
    assert member.get(address(town)).status_code == 200
    rosa.memberships.update(ended_on=timezone.localdate())
    assert member.get(address(town)).status_code == 404
    assert send(member, town, "summary", summary=WORDS).status_code == 404


def test_who_is_verified_sees_it_on_the_next_request(town, client_of):
    tie = make_membership(jurisdiction=town)
    client = client_of(tie.user)
    assert client.get(address(town)).status_code == 404
    Membership.objects.filter(pk=tie.pk).verify(make_admin())
    assert client.get(address(town)).status_code == 200


@pytest.mark.parametrize(
    "rest",
    [
        ("propose", "name"),
        ("propose", "summary", 1),
        ("propose", "milestone", 10**20),
        ("proposals", "00000000-0000-4000-8000-000000000000"),
    ],
)
def test_what_is_not_there_is_not_found(rest, town, member):
    assert [member.get(address(town, *rest)).status_code, member.post(address(town, *rest)).status_code] == [404, 404]


def test_nobody_reaches_into_another_government(town, member):
    milestone, other = make_milestone(), make_proposal()
    for rest in (("propose", "milestone", milestone.pk), ("proposals", other.pk)):
        assert [member.get(address(town, *rest)).status_code, member.post(address(town, *rest)).status_code] == [
            404,
            404,
        ]
    other.refresh_from_db()
    assert other.state == "open"


def test_the_account_leads_to_ones_governments_and_to_no_others(town, member, client_of, outsiders):
    assert f'href="{address(town)}"' in member.get("/account/").content.decode()
    for person in PEOPLE:
        assert address(town) not in client_of(outsiders[person]).get("/account/").content.decode()


def test_a_government_without_a_public_page_can_be_worked_on_too(town, member):
    Jurisdiction.objects.filter(pk=town.pk).update(status="draft")
    page = words(member.get(address(town)))
    assert ("The page is not public now." in page, town.get_absolute_url() in page) == (True, False)
    assert send(member, town, "summary", summary=WORDS).status_code == 303


def test_colleagues_see_what_was_proposed_and_no_name(town, rosa, client_of):
    one = make_proposal(jurisdiction=town, proposed_by=rosa, note="For curators only")
    colleague = client_of(make_member(town))
    for page in (words(colleague.get(address(town))), words(colleague.get(one.get_absolute_url()))):
        assert "colleague" in page
        assert [text for text in ("Rosa", "rosa@", "For curators only", "Withdraw it") if text in page] == []
    assert colleague.post(one.get_absolute_url()).status_code == 404


# --- Once and no more ---


def test_the_same_form_sent_twice_is_one_proposal(town, member):
    key = uuid.uuid4()
    answers = [send(member, town, "summary", key=key, summary=WORDS) for _ in range(2)]
    assert {answer.url for answer in answers} == {address(town, "proposals", key)}
    assert Proposal.objects.get().pk == key


def test_the_form_of_somebody_else_is_nobodys(town, member):
    one = make_proposal(jurisdiction=town)
    assert send(member, town, "summary", key=one.pk, summary=WORDS).status_code == 404
    assert Proposal.objects.get().proposed == one.proposed


@pytest.mark.parametrize("key", ["", "x", "1234"])
def test_a_form_without_its_token_is_shown_again(key, town, member):
    answer = member.post(address(town, "propose", "summary"), {"token": key, "summary": WORDS})
    assert (answer.status_code, "Something in this form was lost." in words(answer)) == (400, True)


def test_a_person_can_propose_so_often_a_day(town, member, monkeypatch):
    monkeypatch.setattr(proposal_views, "OF_PERSON", proposal_views.Limit("test", 2, timedelta(days=1)))
    statuses = [send(member, town, "summary", summary=f"{WORDS} {number}").status_code for number in range(3)]
    assert (statuses, Proposal.objects.count()) == ([303, 303, 429], 2)


def test_what_was_sent_after_the_session_had_ended_waits_until_its_writer_is_back(town, rosa, client_of):
    client = Client()
    where, colleague = address(town, "propose", "summary"), make_member(town)
    typed = {"token": uuid.uuid4(), "summary": WORDS, "writer": rosa.pk}
    assert client.post(where, typed).status_code == 302
    sign_in(client, rosa)
    page = words(client.get(where))
    assert ("You were signed out" in page, WORDS in page, Proposal.objects.count()) == (
        True,
        True,
        0,
    )
    assert client.post(where, typed).status_code == 303
    assert ("You were signed out" in words(client.get(where)), Proposal.objects.get().proposed) == (
        False, {"summary": WORDS},
    )  # fmt: skip
    other = Client()
    other.post(where, typed)
    sign_in(other, colleague)
    assert WORDS not in other.get(where).content.decode().partition("<textarea")[2].partition("</textarea>")[0]


# --- What becomes of it ---


def accept(one, by, answer="", **edits):
    kind = kinds()[one.kind]
    seen = digest_of(kind.values(kind.thing(Jurisdiction.objects.get(pk=one.jurisdiction_id), one.target)))
    return proposals.accept(proposal=one, by=by, values=one.proposed | edits, answer=answer, seen=seen)


def test_accepting_writes_the_page_the_history_the_log_and_the_mail_together(town, rosa, client):
    one = make_proposal(jurisdiction=town, proposed_by=rosa, before={"summary": town.summary})
    curator = make_curator(name="Ada Lovelace")
    accept(one, curator, answer="Thank <you>.")
    page = client.get(town.get_absolute_url()).content.decode()
    assert '<p class="lede">It adopted a racial equity plan in 2015.</p>' in page
    version = town.history.first()
    assert (version.summary, version.history_user) == ("It adopted a racial equity plan in 2015.", curator)
    assert (version.history_change_reason, town.history.count()) == ("A member proposed it.", 2)
    entry = AuditEntry.objects.get(action="accept")
    assert (entry.actor, entry.object_id, entry.before, entry.after, entry.facts) == (
        curator, str(one.pk), {"summary": "It has an office."}, one.proposed, {"what": "summary"},
    )  # fmt: skip
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.user, mail.kind) == (rosa.email, rosa, "proposal_settled")
    assert "We accepted it as you wrote it." in mail.text
    assert "> Thank <you>." in mail.text
    assert f"http://localhost:8000{one.get_absolute_url()}" in mail.text
    one.refresh_from_db()
    assert (one.state, one.final, one.settled_by, one.was_edited) == ("accepted", one.proposed, curator, False)


def test_accepting_other_words_says_so_to_the_member(town, rosa, member):
    one = make_proposal(jurisdiction=town, proposed_by=rosa)
    accept(one, make_curator(), summary="Shorter.")
    town.refresh_from_db()
    assert town.summary == "Shorter."
    page = words(member.get(one.get_absolute_url()))
    assert "Accepted, with some changes to the words." in page
    assert [page.index(text) for text in ("Proposed<", one.proposed["summary"], "On the page<", "Shorter.")] == sorted(
        page.index(text) for text in ("Proposed<", one.proposed["summary"], "On the page<", "Shorter.")
    )
    assert "Accepted with edits" in words(member.get(address(town)))
    assert "We accepted it with some changes to its words." in OutgoingMail.objects.get().text


def test_the_mail_holds_nothing_of_the_proposal(town, rosa):
    fields = {"office": "Clerk", "office_person": "Zephyr Quill", "office_person_agreed": True}
    accept(
        make_proposal(jurisdiction=town, proposed_by=rosa, kind="office", before={}, proposed=OFFICE | fields),
        make_curator(),
    )
    mail, [entry] = OutgoingMail.objects.get(), AuditEntry.objects.filter(action="accept")
    assert entry.after == {"office": "Clerk", "office_url": "https://example.gov/equity"}
    assert [text for text in (mail.subject, mail.text, str(entry.after), entry.label) if "Quill" in text] == []
    town.refresh_from_db()
    assert (town.office_person, town.office_person_agreed) == ("Zephyr Quill", True)


def test_an_accepted_milestone_is_on_the_page_with_its_sources(town, client):
    make_milestone(jurisdiction=town, date="2020")
    accept(make_proposal(jurisdiction=town, kind="milestone", before={}, proposed=MILESTONE_VALUES), make_curator())
    new = town.milestones.get(title="All department heads trained")
    assert (new.kind, new.date, new.sources) == ("training", "2016-03", MILESTONE_VALUES["sources"])
    assert town.milestones.first() == new
    page = client.get(town.get_absolute_url()).content.decode()
    assert "<h3>All department heads trained</h3>" in page
    assert '<a href="https://example.gov/training">' in page


def test_an_accepted_change_of_a_milestone_changes_that_one(town):
    milestone = make_milestone(jurisdiction=town, title="Old")
    values = kinds()["milestone"].values(milestone)
    curator = make_curator()
    one = make_proposal(
        jurisdiction=town, kind="milestone", target=milestone.pk, before=values, proposed=values | {"date": "2015-08"}
    )
    accept(one, curator)
    milestone.refresh_from_db()
    assert (milestone.title, milestone.date, town.milestones.count()) == ("Old", "2015-08", 1)
    assert milestone.history.first().history_user == curator


def test_an_accepted_resource_in_use_is_on_the_page(town, client):
    resource = make_resource(title="Toolkit")
    proposed = {
        "resource": resource.pk,
        "since": "2016",
        "until": "",
        "how": "For budgets.",
        "outcome": "",
        "sources": [],
    }
    accept(make_proposal(jurisdiction=town, kind="adoption", before={}, proposed=proposed), make_curator())
    adoption = Adoption.objects.get()
    assert (adoption.resource, adoption.jurisdiction, adoption.since, adoption.until) == (resource, town, "2016", None)
    page = client.get(town.get_absolute_url()).content.decode()
    assert ("In use since 2016" in page, "For budgets." in page) == (True, True)


def test_declining_leaves_the_page_and_says_why(town, rosa, member):
    one = make_proposal(jurisdiction=town, proposed_by=rosa)
    curator = make_curator()
    proposals.decline(proposal=one, by=curator, answer="No <source> shows it.")
    town.refresh_from_db()
    assert town.summary == "It has an office."
    page = words(member.get(one.get_absolute_url()))
    assert ("Declined. The page stays as it is." in page, "No &lt;source&gt; shows it." in page) == (True, True)
    mail = OutgoingMail.objects.get()
    assert ("We did not accept it." in mail.text, "> No <source> shows it." in mail.text) == (True, True)
    assert AuditEntry.objects.get(action="decline").facts == {"what": "summary"}


def test_whoever_is_no_member_any_more_gets_a_mail_without_a_link(town, rosa):
    one = make_proposal(jurisdiction=town, proposed_by=rosa)
    rosa.memberships.update(ended_on=date(2026, 2, 1))
    accept(one, make_curator())
    mail = OutgoingMail.objects.get()
    assert (mail.subject, "/account/" in mail.text) == ("Your change is on the page of Oakwood, MN", False)


def test_nobody_settles_what_they_proposed(town):
    curator = make_curator()
    make_membership(user=curator, jurisdiction=town, verified_on=date(2026, 1, 2), verified_by=make_user())
    one = make_proposal(jurisdiction=town, proposed_by=curator)
    for settle in (accept, lambda one, by: proposals.decline(proposal=one, by=by, answer="No.")):
        with pytest.raises(Refused, match="You proposed this yourself. Another curator settles it."):
            settle(one, curator)
    town.refresh_from_db()
    assert (town.summary, OutgoingMail.objects.count()) == ("It has an office.", 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(state="accepted", settled_by=curator, settled_at=timezone.now(), final={})


def test_a_page_that_has_changed_since_is_read_again_first(town):
    one = make_proposal(jurisdiction=town, before={"summary": town.summary})
    seen = digest_of({"summary": town.summary})
    Jurisdiction.objects.filter(pk=town.pk).update(summary="Written meanwhile.")
    with pytest.raises(Refused, match="The page has changed since you opened this. Read it again, then accept."):
        proposals.accept(proposal=one, by=make_curator(), values=one.proposed, answer="", seen=seen)
    town.refresh_from_db()
    assert town.summary == "Written meanwhile."


def test_what_was_deleted_meanwhile_can_only_be_declined(town):
    milestone = make_milestone(jurisdiction=town)
    values = kinds()["milestone"].values(milestone)
    one = make_proposal(jurisdiction=town, kind="milestone", target=milestone.pk, before=values, proposed=values)
    milestone.delete()
    with pytest.raises(Refused, match="What this is about was deleted. Decline it, and say so."):
        proposals.accept(proposal=one, by=make_curator(), values=values, answer="", seen=digest_of(values))
    assert proposals.decline(proposal=one, by=make_curator(), answer="It is gone.").state == "declined"


def test_values_that_the_model_refuses_are_not_written(town):
    one = make_proposal(jurisdiction=town, kind="milestone", before={}, proposed=MILESTONE_VALUES)
    with pytest.raises(Refused, match="Enter a year, a month or a day"):
        accept(one, make_curator(), date="soon")
    with pytest.raises(Refused, match="This field cannot be blank."):
        accept(one, make_curator(), sources=[])
    one.refresh_from_db()
    assert (one.state, Milestone.objects.count()) == ("open", 0)


def test_ones_own_open_proposal_can_be_withdrawn_once(town, rosa, member):
    one = make_proposal(jurisdiction=town, proposed_by=rosa)
    assert "Withdraw it" in words(member.get(one.get_absolute_url()))
    for _ in range(2):
        assert member.post(one.get_absolute_url()).status_code == 303
    one.refresh_from_db()
    page = words(member.get(one.get_absolute_url()))
    assert (one.state, one.settled_by, "You withdrew this." in page, "Withdraw it" in page) == (
        "withdrawn", None, True, False,
    )  # fmt: skip
    with pytest.raises(Refused, match="The member withdrew this on"):
        accept(one, make_curator())


def test_what_is_settled_can_not_be_withdrawn(town, rosa, member):
    one = make_proposal(jurisdiction=town, proposed_by=rosa, state="accepted")
    answer = member.post(one.get_absolute_url(), follow=True)
    assert "A curator has settled this in the meantime." in words(answer)
    one.refresh_from_db()
    assert one.state == "accepted"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "open", "settled_at": timezone.now()},
        {"state": "open", "answer": "No."},
        {"state": "withdrawn"},
        {"state": "accepted", "settled_at": timezone.now(), "final": {}},
        {"state": "declined", "settled_at": timezone.now(), "answer": "No."},
    ],
)
def test_the_database_refuses_a_state_without_its_facts(fields, town):
    one = make_proposal(jurisdiction=town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(**fields)


# --- Two at the same moment ---


ROUNDS = range(4)


def kinds_of(results):
    return sorted(type(one).__name__ for one in results)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_two_curators_who_accept_one_wins_and_the_other_reads_who(round):
    town, curators = make_jurisdiction(), [make_curator(name=name) for name in ("Ada Lovelace", "Grace Hopper")]
    one = make_proposal(jurisdiction=town, kind="milestone", before={}, proposed=MILESTONE_VALUES)
    results = at_once(*[lambda by=by: accept(one, by, title=f"By {by.name}") for by in curators])
    assert kinds_of(results) == ["Proposal", "Refused"]
    winner = next(result.settled_by for result in results if isinstance(result, Proposal))
    refusal = next(str(result) for result in results if isinstance(result, Refused))
    assert refusal.endswith(f" by {winner.name}: Accepted.")
    assert [milestone.title for milestone in Milestone.objects.all()] == [f"By {winner.name}"]
    assert (OutgoingMail.objects.count(), AuditEntry.objects.filter(action="accept").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_accepting_and_withdrawing_one_wins(round):
    one = make_proposal(jurisdiction=make_jurisdiction())
    results = at_once(
        lambda: accept(one, make_curator()), lambda: proposals.withdraw(proposal=one, user=one.proposed_by)
    )
    one.refresh_from_db()
    assert kinds_of(results) == (["Proposal", "Refused"] if one.state == "accepted" else ["NoneType", "Refused"])
    one.jurisdiction.refresh_from_db()
    done = one.state == "accepted"
    assert (one.jurisdiction.summary == one.proposed["summary"], OutgoingMail.objects.count()) == (done, int(done))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_two_summaries_accepted_at_once_do_not_overwrite_each_other_unseen(round):
    town, curators = make_jurisdiction(), [make_curator(), make_curator()]
    ones = [make_proposal(jurisdiction=town, proposed={"summary": f"Summary {number}."}) for number in range(2)]
    seen = digest_of({"summary": ""})
    results = at_once(
        *[
            lambda one=one, by=by: proposals.accept(proposal=one, by=by, values=one.proposed, answer="", seen=seen)
            for one, by in zip(ones, curators, strict=True)
        ]
    )
    assert kinds_of(results) == ["Proposal", "Refused"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_two_clicks_at_once_make_one_proposal(round):
    town = make_jurisdiction()
    user, key = make_member(town), uuid.uuid4()
    fields = {"key": key, "jurisdiction": town, "kind": kinds()["summary"], "user": user, "values": {"summary": WORDS}}
    results = at_once(*[lambda: proposals.propose(**fields)] * 3)
    assert sorted(is_new for _one, is_new in results) == [False, False, True]
    assert Proposal.objects.get().pk == key


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", ROUNDS)
def test_of_accepting_and_deleting_the_account_either_order_leaves_no_open_end(round):
    one = make_proposal(jurisdiction=make_jurisdiction(), note="Mine.")
    accepted, _erased = at_once(lambda: accept(one, make_curator()), lambda: erase_account(user=one.proposed_by))
    left = Proposal.objects.filter(pk=one.pk).first()
    if isinstance(accepted, Refused):
        assert (str(accepted), left) == (
            "This was deleted in the meantime, with the account of who proposed it.", None,
        )  # fmt: skip
    else:
        assert (left.state, left.note) == ("accepted", "")
    assert OutgoingMail.objects.exclude(kind="account_deleted").count() == 0


# --- What it costs ---


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, town, rosa, member):
    resource = make_resource()
    proposed = {"resource": resource.pk, "since": "", "until": "", "how": "", "outcome": "", "sources": []}
    for _ in range(rows):
        milestone = make_milestone(jurisdiction=town)
        adoption = make_adoption(jurisdiction=town)
        make_proposal(jurisdiction=town)
        one = make_proposal(jurisdiction=town, proposed_by=rosa, kind="adoption", before={}, proposed=proposed)
    pages = {
        address(town): 6,
        address(town, "propose", "summary"): 4,
        address(town, "propose", "milestone"): 3,
        address(town, "propose", "milestone", milestone.pk): 5,
        address(town, "propose", "adoption"): 3,
        address(town, "propose", "adoption", adoption.pk): 7,
        one.get_absolute_url(): 5,
    }
    assert {page: queries_of(member, page) for page in pages} == pages


def test_the_pages_are_valid_and_small(town, rosa, member, validate_html):
    for number in range(30):
        make_milestone(jurisdiction=town, title=f"Milestone {number} <b>")
        make_adoption(jurisdiction=town)
        make_proposal(jurisdiction=town, proposed_by=rosa)
    one = make_proposal(jurisdiction=town, proposed_by=rosa, state="accepted", final={"summary": "Other <i>"})
    addresses = [address(town), one.get_absolute_url(), "/account/"]
    addresses += [address(town, "propose", kind) for kind in kinds()]
    answers = {where: member.get(where) for where in addresses}
    answers["refused"] = send(member, town, "office", office_person="<x>")
    pages = {name: answer.content.decode() for name, answer in answers.items()}
    validate_html(list(pages.items()))
    large = {name: size for name, page in pages.items() if (size := len(gzip.compress(page.encode()))) > BUDGET / 2}
    assert large == {}
