"""To start an application and to write it: what is asked, what is known, what is kept, and two who write at once."""

import gzip
import re
import uuid
from datetime import timedelta

import html5lib
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from alliance.core import waiting
from alliance.core.tests.factories import make_user, sign_in
from alliance.tests.test_bad_input import BAD_QUERIES
from alliance.tests.test_pages import BUDGET, served_bytes
from alliance.tests.test_queries import queries_of
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway import workflow
from members.pathway.answers import KEPT, in_words
from members.pathway.figures import count_quarter, quarter_start
from members.pathway.models import Application, Assessment, HistoryEntry, QuarterFigures, SectionAnswers
from members.pathway.questions import BY_ID, MINUTES, SECTIONS
from members.pathway.team import Role

from .factories import (
    complete_answers,
    make_application,
    make_assessment,
    make_chair,
    make_complete_application,
    make_member,
)

pytestmark = pytest.mark.django_db

APPLY = "/pathway/apply/"
JSON = {"accept": "application/json"}


@pytest.fixture
def lead():
    return make_user(name="Rosa Diaz", email="rosa@leroy.example.gov")


@pytest.fixture
def client(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def draft(lead):
    return make_application(lead)


def page_of(application, section):
    return reverse("application_section", args=[application.pk, BY_SECTION[section]])


BY_SECTION = {section.id: section for section in SECTIONS}


def answers_in(application, section):
    return application.sections.filter(section=section).values_list("answers", flat=True).first()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def colleague(application, role=Role.EDITOR, **fields):
    """Somebody else of the team, signed in."""
    return client_of(make_member(application, role, make_user(**fields)).user)


# --- what is asked, and how long it takes ---


def test_how_long_it_takes_is_said_once_five_were_decided(client):
    said = []
    for decisions in range(6):
        said.append(client.get("/pathway/").context["figures"].usual)
        make_decided(days=10 * (decisions + 1))
        QuarterFigures.objects.all().delete()
        count_quarter()
    assert said == [None] * 5 + [30]
    assert "usually takes 40 days from handing in to the answer" in client.get("/pathway/").content.decode()


def make_decided(days):
    """An application that was answered so many days after it was handed in; the verbs for it are not built yet."""
    end = quarter_start() - timedelta(hours=1)
    start = end - timedelta(days=days)
    application = make_application(submitted_at=start, reference=f"A-{uuid.uuid4().hex[:8]}")
    for at, target in ((start, "submitted"), (end, "not_yet"), (end + timedelta(days=99), "accepted")):
        HistoryEntry.objects.create(application=application, at=at, verb="-", source="-", target=target)


def test_the_days_to_an_outcome_are_counted_to_the_first_one_and_for_nobody_who_has_none():
    make_decided(days=12)
    make_application(submitted_at=timezone.now(), reference="A-1")
    assert Application.objects.days_to_outcome(quarter_start()) == [12]


def test_the_list_of_questions_shows_each_with_its_section_time_and_company(client):
    page = client.get("/pathway/questions/")
    text = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    shown = ["".join(heading.itertext()) for heading in text.iter("h3")]
    assert shown == [str(question.label) for question in BY_ID.values()]
    assert page.content.decode().count(" minutes</dd>") == len(SECTIONS)
    assert f"about {MINUTES} minutes in all" in page.content.decode()
    assert sum(section.minutes for section in SECTIONS) == MINUTES


# --- the start ---


def start(client, **data):
    return client.post(APPLY, {"key": str(uuid.uuid4()), **data})


def test_a_place_of_the_register_fills_in_what_the_register_knows(client, lead):
    place = make_place(name="Hennepin", kind="county", geoid="27053", population=None)
    answer = start(client, place=place.pk)
    application = Application.objects.get()
    assert (answer.status_code, answer.url) == (303, application.get_absolute_url())
    assert (application.place, application.jurisdiction, application.assessment) == (place, None, None)
    assert answers_in(application, "identity") == {
        "name": "Hennepin County",
        "kind": "county",
        "state": "MN",
        "geoid": "27053",
    }
    assert answers_in(application, "contacts") == {"lead_name": "Rosa Diaz", "lead_email": lead.email}
    assert [(member.user, member.role) for member in application.team.all()] == [(lead, Role.LEAD)]


def test_a_kind_that_the_register_does_not_know_for_certain_is_left_open(client):
    for kind in ("place", "village", "borough"):
        start(client, place=make_place(kind=kind, name="Somewhere").pk)
    assert [one["answers"].get("kind") for one in identities()] == [None] * 3


def identities():
    return SectionAnswers.objects.filter(section="identity").order_by("pk").values("answers")


def test_a_government_of_the_network_brings_its_name_kind_and_website_with_it(client):
    place = make_place(population=10_123, geoid="2746924")
    one = make_jurisdiction(name="City of Northfield", kind="city", place=place, website="https://northfield.example")
    start(client, place=place.pk)
    start(client, jurisdiction=make_jurisdiction(name="A Court", kind="court").pk)
    assert identities()[0]["answers"] == {
        "name": "City of Northfield",
        "kind": "city",
        "state": "MN",
        "geoid": "2746924",
        "population": "10123",
        "website": "https://northfield.example",
    }
    assert identities()[1]["answers"] == {"name": "A Court", "kind": "court", "state": "MN"}
    assert {application.jurisdiction_id for application in Application.objects.filter(place=place)} == {one.pk}


def test_what_is_known_of_an_unpublished_government_stays_unsaid(client):
    place = make_place()
    make_jurisdiction(name="Quiet Town", place=place, status="draft", website="https://quiet.example")
    start(client, place=place.pk)
    assert Application.objects.get().jurisdiction is None
    assert "Quiet" not in str(identities()[0])
    assert start(client, jurisdiction=make_jurisdiction(status="draft").pk).status_code == 400


def test_a_government_outside_the_register_is_typed(client):
    start(client, is_typed="1", name="Le Roy Park Board", state="MN")
    assert identities()[0]["answers"] == {"name": "Le Roy Park Board", "state": "MN"}


def test_a_readiness_check_of_ones_account_is_carried_over_and_answers_nothing_by_itself(client, lead):
    check = make_assessment({"data": 4}, name="Le Roy Schools", state="MN")
    check.kept_by.add(lead)
    assert f'name="assessment" value="{check.key}"' in client.get(APPLY).content.decode()
    start(client, assessment=check.key)
    application = Application.objects.get()
    assert application.assessment == check
    assert {one.section: one.answers for one in application.sections.all()} == {
        "identity": {"name": "Le Roy Schools", "state": "MN"},
        "contacts": {"lead_name": "Rosa Diaz", "lead_email": lead.email},
    }


def test_the_team_is_led_to_the_result_of_the_check_and_never_to_its_key_until_its_time_runs_out(client, lead):
    check = make_assessment({"data": 4}, name="Le Roy Schools", state="MN")
    begun_with_it, begun_without = make_application(lead, assessment=check), make_application(lead)
    link = f'<a href="/pathway/readiness/shared/{check.share_key}/">Readiness check</a>'
    sponsor = colleague(begun_with_it, Role.SPONSOR)
    for reader in (client, sponsor):
        page = reader.get(begun_with_it.get_absolute_url()).content.decode()
        assert (page.count(link), page.count(check.key)) == (1, 0)
    assert ">Readiness check<" not in client.get(begun_without.get_absolute_url()).content.decode()
    Assessment.objects.update(expires_on=timezone.localdate())
    assert ">Readiness check<" not in client.get(begun_with_it.get_absolute_url()).content.decode()


def test_a_readiness_check_that_somebody_else_keeps_cannot_be_carried_over(client):
    check = make_assessment({"data": 4}, name="Le Roy Schools", state="MN")
    check.kept_by.add(make_user())
    assert check.key not in client.get(APPLY).content.decode()
    assert start(client, assessment=check.key).status_code == 400
    assert Application.objects.count() == 0


def test_one_form_makes_one_application_however_often_it_is_sent(client):
    data = {"key": str(uuid.uuid4()), "place": make_place().pk}
    answers = [client.post(APPLY, data) for _ in range(3)]
    application = Application.objects.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, application.get_absolute_url())] * 3


def test_what_the_last_step_had_to_say_is_said_on_the_start_and_the_invitation_too_and_only_once(client, draft, lead):
    asking = make_application()
    boss = asking.team.get().user
    invitation = workflow.invite(application=asking, user=boss, email=lead.email, role=Role.EDITOR)
    for page in (APPLY, f"/pathway/invitations/{invitation.key}/"):
        client.post(f"{draft.get_absolute_url()}defer/", {"back": "1"})
        said = [client.get(page).content.decode().count("The application is no longer put off.") for _ in range(2)]
        assert said == [1, 0]


def test_a_second_application_for_the_same_government_is_allowed(client):
    place = make_place()
    for sender in (client, client, client_of(make_user())):
        assert start(sender, place=place.pk).status_code == 303
    assert Application.objects.filter(place=place).count() == 3


def test_the_key_of_somebody_elses_application_leads_nowhere_and_joins_nothing(client):
    other = make_application()
    answer = start(client, key=str(other.pk), place=make_place().pk)
    assert answer.status_code == 404
    assert other.team.count() == 1
    assert answer.content == client.get("/pathway/applications/00000000-0000-0000-0000-000000000000/").content.replace(
        b"/pathway/applications/00000000-0000-0000-0000-000000000000/", b"/pathway/apply/"
    )


BAD_STARTS = {
    "nothing": {},
    "a key that is none": {"key": "x", "place": "PLACE"},
    "an empty key": {"key": "", "place": "PLACE"},
    "a key with a NUL": {"key": "\0", "place": "PLACE"},
    "a very long key": {"key": "a" * 10_240, "place": "PLACE"},
    "a place that is no number": {"place": "x"},
    "a place too large": {"place": "9" * 30},
    "no name": {"is_typed": "1", "state": "MN"},
    "no state": {"is_typed": "1", "name": "Park Board"},
    "a state that is none": {"is_typed": "1", "name": "Park Board", "state": "XX"},
    "a name with a NUL": {"is_typed": "1", "name": "a\0", "state": "MN"},
    "a check that is none": {"assessment": "\0"},
    "two governments": {"place": "PLACE", "is_typed": "1", "name": "Park Board", "state": "MN"},
}


@pytest.mark.parametrize("data", BAD_STARTS.values(), ids=BAD_STARTS)
def test_a_bad_start_is_answered_with_what_is_wrong_and_a_fresh_key(data, client):
    place = make_place()
    answer = start(client, **{name: place.pk if value == "PLACE" else value for name, value in data.items()})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<div class="wrong" role="alert">' in page
    assert uuid.UUID(re.search(r'name="key" value="([^"]*)"', page)[1]) != data.get("key")
    assert Application.objects.count() == 0


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_a_bad_query_string_gets_a_page(query, client):
    assert client.get(f"{APPLY}?{query}").status_code == 200


def test_somebody_who_starts_very_often_is_asked_to_wait(client):
    place = make_place()
    answers = [start(client, place=place.pk).status_code for _ in range(21)]
    assert (answers, Application.objects.count()) == ([303] * 20 + [429], 20)


# --- the list ---


def states_in_list(client, application):
    page = html5lib.parse(client.get(application.get_absolute_url()).content.decode(), namespaceHTMLElements=False)
    tasks = page.find(".//ol[@class='tasks']")
    return ["".join(item.find("span").itertext()) for item in tasks]


def test_the_list_tells_done_started_and_not_started_and_links_to_what_is_missing(client, draft):
    save(draft, "goals", complete_answers()["goals"])
    save(draft, "commitment", {"commitment_kind": ["plan"], "commitment_date": "soon"})
    assert states_in_list(client, draft) == [
        {"goals": "Done", "commitment": "Started"}.get(section.id, "Not started") for section in SECTIONS
    ]
    page = client.get(draft.get_absolute_url()).content.decode()
    linked = re.findall(rf'href="{page_of(draft, "commitment")}#([^"]*)"', page)
    assert linked == ["id_commitment_date", "id_commitment_words"]
    assert "1 of 12 are done." in page


def save(application, section, answers):
    """The first save of a section, by the lead."""
    lead = application.team.get(role=Role.LEAD).user
    workflow.save_section(application=application, section=section, answers=answers, version=0, user=lead)


@pytest.mark.parametrize(
    ("role", "button"),
    [
        (Role.LEAD, "Look through it and hand it in"),
        (Role.EDITOR, None),
        (Role.VIEWER, None),
        (Role.SPONSOR, None),
    ],
)
def test_the_way_to_hand_in_is_shown_to_the_lead_alone(role, button, lead):
    application = make_complete_application(lead)
    reader = client_of(lead) if role == Role.LEAD else colleague(application, role)
    page = reader.get(application.get_absolute_url()).content.decode()
    assert (reverse("application_submit", args=[application.pk]) in page) == (button is not None)
    assert button is None or button in page
    assert "The executive sponsor has signed these answers and files off." in page
    assert states_in_list(reader, application) == ["Done"] * 12


def test_the_account_lists_ones_applications_with_the_part_one_has_in_them(client, lead):
    first, second = make_application(lead), make_application()
    save(first, "identity", {"name": "Le Roy"})
    make_member(second, Role.VIEWER, lead)
    make_application()
    page = client.get("/account/").content.decode()
    listed = page.split('id="applications"')[1].split("</ul>")[0]
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a><span class="kind">([^<]*)</span>', listed) == [
        (second.get_absolute_url(), "A government without a name", "Draft. Viewer."),
        (first.get_absolute_url(), "Le Roy", "Draft. Lead."),
    ]


# --- a section ---


def test_an_incomplete_section_is_kept_as_typed_and_the_page_says_what_will_not_do(client, draft):
    typed = {"commitment_kind": ["plan", "order"], "commitment_date": "last spring", "commitment_link": "a page"}
    answer = client.post(page_of(draft, "commitment"), {"version": "0", **typed})
    assert (answer.status_code, answer.url) == (303, page_of(draft, "commitment"))
    assert answers_in(draft, "commitment") == typed
    page = client.get(answer.url).content.decode()
    assert re.findall(r'<li><a href="#([^"]*)">[^<:]*: ([^<]*)</a>', page) == [
        ("id_commitment_date", "Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15."),
        ("id_commitment_link", "Enter a web address, like https://example.gov."),
    ]
    for name in ("commitment_date", "commitment_link"):
        (field,) = re.findall(rf'<input [^>]*name="{name}"[^>]*>', page)
        assert f'value="{typed[name]}"' in field
        assert 'aria-invalid="true"' in field
        assert f"id_{name}_error" in re.search('aria-describedby="([^"]*)"', field)[1].split()
        assert f'<p class="error" id="id_{name}_error">' in page
    assert '<li><a href="#id_commitment_words">' in page  # what is missing is linked, and no fault yet
    assert page.count("aria-invalid") == 2
    assert page.count(" checked") == 2


def test_save_and_go_to_the_list_leads_there(client, draft):
    answer = client.post(page_of(draft, "goals"), {"version": "0", "goal": "x", "to_list": "1"})
    assert (answer.status_code, answer.url) == (303, draft.get_absolute_url())


def test_a_new_section_shows_no_fault(client, draft):
    for section in SECTIONS:
        page = client.get(page_of(draft, section.id)).content.decode()
        assert [word for word in ("aria-invalid", 'role="alert"', "Not answered yet") if word in page] == []


def test_what_depends_on_another_answer_is_shown_with_a_hint_kept_and_only_asked_then(client, draft):
    client.post(page_of(draft, "eligibility"), {"version": "0", "whole": "whole", "department": "Parks" * 100})
    page = client.get(page_of(draft, "eligibility")).content.decode()
    assert "Parks" * 100 in page
    assert "Only if you chose “One department or office of it”." in page
    assert 'role="alert"' not in page
    client.post(page_of(draft, "eligibility"), {"version": "1", "whole": "department", "department": "Parks" * 100})
    assert 'href="#id_department"' in client.get(page_of(draft, "eligibility")).content.decode()


def test_a_number_may_have_commas_and_one_that_is_none_comes_back_as_it_was_typed(client, draft):
    client.post(page_of(draft, "identity"), {"version": "0", "population": "12,500"})
    assert "id_population_error" not in client.get(page_of(draft, "identity")).content.decode()
    client.post(page_of(draft, "identity"), {"version": "1", "population": "about 900"})
    page = client.get(page_of(draft, "identity")).content.decode()
    assert 'value="about 900"' in page
    assert 'id="id_population_error"' in page


def test_ends_of_lines_are_kept_in_one_form_so_that_a_browser_and_its_script_save_the_same(client, draft):
    for version, text in ((0, "one\r\ntwo"), (1, "one\ntwo")):
        client.post(page_of(draft, "goals"), {"version": version, "goal": text})
    kept = draft.sections.get()
    assert (kept.answers, kept.version) == ({"goal": "one\ntwo"}, 1)


def test_text_is_inert_on_every_page(client, draft):
    text = "</textarea><script>alert(1)</script>\"'&"
    for section, answers in complete_answers().items():
        save(draft, section, dict.fromkeys(answers, text))
    for address in (draft.get_absolute_url(), "/account/", *(page_of(draft, one.id) for one in SECTIONS)):
        assert "<script>alert" not in client.get(address).content.decode()
    viewer = colleague(draft, Role.VIEWER)
    answer = client.post(page_of(draft, "goals"), {"version": "0", "goal": f"{text}!"})
    assert answer.status_code == 409
    assert "<script>alert" not in answer.content.decode()
    assert "<script>alert" not in viewer.get(page_of(draft, "goals")).content.decode()


BAD_POSTS = {
    "no version": ({}, 400),
    "a version that is none": ({"version": "x"}, 400),
    "a negative version": ({"version": "-1"}, 400),
    "a huge version": ({"version": "9" * 5000}, 400),
    "a NUL in the version": ({"version": "\0"}, 400),
    "a version of nothing": ({"version": "7", "goal": "x"}, 409),
    "a name that is no question": ({"version": "0", "status": "accepted", "name": "x"}, 303),
    "NUL characters": ({"version": "0", "goal": "a\0b"}, 303),
    "an answer twice": ({"version": "0", "goal": ["a", "b"]}, 303),
}


@pytest.mark.parametrize(("data", "status"), BAD_POSTS.values(), ids=BAD_POSTS)
@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "script"])
def test_bad_input_to_a_section_gets_a_plain_answer(headers, data, status, client, draft):
    answer = client.post(page_of(draft, "goals"), data, headers=headers)
    assert answer.status_code == (200 if headers and status == 303 else status)
    assert answers_in(draft, "goals") in (None, {}, {"goal": "ab"}, {"goal": "b"})


def test_an_answer_far_too_long_is_refused_whole_and_comes_back_to_be_shortened(client, draft):
    save(draft, "goals", {"goal": "before"})
    text = "x" * (KEPT + 1)
    answer = client.post(page_of(draft, "goals"), {"version": "1", "goal": text, "obstacles": "new"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert text in page
    assert ">\nnew</textarea>" in page
    assert '<li><a href="#id_goal">' in page
    assert answers_in(draft, "goals") == {"goal": "before"}


def test_who_shortens_a_long_answer_still_overwrites_nobody(client, draft):
    colleague(draft).post(page_of(draft, "goals"), {"version": "0", "goal": "theirs"})
    page = client.post(page_of(draft, "goals"), {"version": "0", "goal": "x" * (KEPT + 1)}).content.decode()
    assert '<input type="hidden" name="version" value="0">' in page


def test_an_answer_above_its_limit_is_kept_and_marked(client, draft):
    client.post(page_of(draft, "goals"), {"version": "0", "goal": "x" * 1501})
    page = client.get(page_of(draft, "goals")).content.decode()
    assert "Use at most 1500 characters. There are 1501 now." in page
    assert "maxlength" not in page


# --- autosave ---


def test_a_script_gets_the_time_and_the_version_to_go_on_from(client, draft):
    answers = [
        client.post(page_of(draft, "goals"), {"version": version, "goal": goal}, headers=JSON).json()
        for version, goal in ((0, "a"), (1, "ab"), (2, "ab"))
    ]
    assert [answer["version"] for answer in answers] == [1, 2, 2]
    saved_at = date_format(timezone.localtime(draft.sections.get().saved_at), "P")
    assert answers[2]["saved_at"] == f"{saved_at} (Central time)"
    assert {answer["next"] for answer in answers} == {page_of(draft, "goals")}


def test_a_script_is_told_who_saved_in_between_and_overwrites_nothing(client, draft):
    colleague(draft, name="Ana").post(page_of(draft, "goals"), {"version": "0", "goal": "theirs"})
    answer = client.post(page_of(draft, "goals"), {"version": "0", "goal": "mine"}, headers=JSON)
    assert (answer.status_code, answer.json()) == (
        409,
        {"reasons": ["Ana saved this section while you wrote. Press “Save” to see both versions and choose."]},
    )
    assert answers_in(draft, "goals") == {"goal": "theirs"}


def test_a_script_whose_session_is_over_is_led_to_the_way_in_and_nothing_is_saved(client, draft):
    client.logout()
    answer = client.post(page_of(draft, "goals"), {"version": "0", "goal": "mine"}, headers=JSON)
    assert (answer.status_code, answer.url) == (302, f"/account/login/?next={page_of(draft, 'goals')}")
    assert draft.sections.count() == 0
    assert waiting.WAITING not in client.session


def test_what_is_sent_after_the_session_has_ended_waits_until_one_has_signed_in_and_saved(client, draft, lead):
    save(draft, "goals", {"goal": "before"})
    address, visitor = page_of(draft, "goals"), Client()
    visitor.post(address, {"version": "1", "goal": "after"})
    visitor.force_login(lead)
    assert "after</textarea>" not in visitor.get(page_of(draft, "peers")).content.decode()
    for _ in range(2):
        page = visitor.get(address).content.decode()
        assert "You were signed out before this was saved." in page
        assert ">\nafter</textarea>" in page
    assert answers_in(draft, "goals") == {"goal": "before"}
    visitor.post(address, {"version": "1", "goal": "after"})
    assert answers_in(draft, "goals") == {"goal": "after"}
    assert "You were signed out" not in visitor.get(address).content.decode()


def test_what_was_emptied_stays_empty_where_it_is_shown_again(client, draft, lead):
    kinds = {"commitment_kind": ["order", "plan"], "commitment_words": "Not for anybody"}
    save(draft, "commitment", kinds)
    address, visitor = page_of(draft, "commitment"), Client()
    visitor.post(address, {"version": "1", "commitment_kind": ["plan"], "commitment_words": ""})
    visitor.force_login(lead)
    signed_in = visitor.get(address)
    too_long = client.post(address, {"version": "1", "commitment_kind": ["plan"], "commitment_link": "x" * (KEPT + 1)})
    for answer in (signed_in, too_long):
        assert "Not for anybody" not in answer.content.decode()
        assert answer.context["form"]["commitment_kind"].value() == ["plan"]


def test_on_a_shared_computer_nobody_gets_or_saves_the_words_of_a_colleague(draft, lead):
    address, shared, member = page_of(draft, "goals"), Client(), make_member(draft, Role.EDITOR)
    words = {"version": "0", "goal": "Between us", "writer": str(lead.pk)}
    shared.post(address, words)
    shared.force_login(member.user)
    assert "Between us" not in shared.get(address).content.decode()
    assert shared.post(address, words, headers=JSON).status_code == 403
    answer = shared.post(address, words)
    assert (answer.status_code, draft.sections.count()) == (403, 0)
    assert f'name="writer" value="{member.user.pk}"' in answer.content.decode()
    assert client_of(lead).post(address, words).status_code == 303


def test_whoever_writes_while_the_lead_withdraws_can_copy_their_words(draft, lead):
    editor = colleague(draft)
    workflow.withdraw(application=draft, user=lead, reason="Later")
    answer = editor.post(page_of(draft, "goals"), {"version": "0", "goal": "<b>An hour</b> of work"})
    assert answer.status_code == 409
    assert "&lt;b&gt;An hour&lt;/b&gt; of work" in answer.content.decode()


def test_half_a_character_is_left_out(client, draft):
    parts = {"version": "0", "goal": "a+2AA-b"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts.items()
    )
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    assert client.generic("POST", page_of(draft, "goals"), body + "--x--\r\n", content_type=kind).status_code == 303
    assert answers_in(draft, "goals") == {"goal": "ab"}


def test_another_site_puts_no_words_into_anybodys_mouth(draft, lead):
    """Its form comes without the cookies: it must not make a new session in the place of the visitor's either."""
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post(page_of(draft, "goals"), {"version": "0", "goal": "planted"})
    assert answer.status_code == 302
    assert "sessionid" not in answer.cookies
    visitor.force_login(lead)
    assert "planted" not in visitor.get(page_of(draft, "goals")).content.decode()


@pytest.mark.parametrize("way", ["account_logout", "account_sign_out_everywhere", "account_delete"])
def test_only_who_signs_out_themselves_clears_the_words_on_their_device(way, lead):
    visitor = Client(enforce_csrf_checks=True)
    assert "Clear-Site-Data" not in visitor.post(reverse(way)).headers
    visitor.force_login(lead)
    assert "Clear-Site-Data" not in visitor.post(reverse(way)).headers


@pytest.mark.parametrize("way", ["account_logout", "account_sign_out_everywhere", "account_delete"])
def test_whoever_signs_out_or_deletes_their_account_leaves_no_words_on_their_device(way, client):
    user = make_user()
    sign_in(client, user)
    answer = client.post(reverse(way), {"email": user.email})
    assert (answer.status_code, answer.headers.get("Clear-Site-Data")) == (303, '"storage"')


@pytest.mark.parametrize(
    "data", [{"version": "0", "goal": "x" * settings.LONGEST_FORM}, {"version": "x", "goal": "\0"}, {}]
)
def test_a_bad_form_from_nobody_leads_to_the_way_in(data, draft, lead):
    visitor = Client()
    assert visitor.post(page_of(draft, "goals"), data).status_code == 302
    visitor.force_login(lead)
    assert visitor.get(page_of(draft, "goals")).status_code == 200


def test_a_network_that_sends_very_much_after_the_end_of_its_sessions_is_told_when_it_can_send_again(draft):
    said = [Client().post(page_of(draft, "goals"), {"version": "0", "goal": "x"}).status_code for _ in range(61)]
    assert (said, Session.objects.count()) == ([302] * 60 + [429], 60)


def test_the_page_tells_the_seconds_to_the_end_of_a_session_that_is_near(client, draft):
    address = page_of(draft, "goals")
    assert "data-ends" not in client.get(address).content.decode()
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=300))
    (left,) = re.findall('data-ends="([^"]*)"', client.get(address).content.decode())
    assert 290 <= int(left) <= 300


# --- two who write at once ---


@pytest.fixture
def two_versions(client, draft):
    """The page that the second of two gets: they agree on one answer, differ in three."""
    theirs = {"commitment_kind": ["plan", "order"], "commitment_date": "2019", "commitment_words": "They\nwrote"}
    colleague(draft, name="Ana").post(page_of(draft, "commitment"), {"version": "0", **theirs})
    mine = {"commitment_kind": ["plan", "none"], "commitment_date": "2019", "commitment_link": "https://mine.example"}
    return client.post(page_of(draft, "commitment"), {"version": "0", **mine, "commitment_words": "I wrote"})


def test_the_second_of_two_sees_both_versions_of_what_differs_and_nothing_is_overwritten(two_versions, draft):
    page = html5lib.parse(two_versions.content.decode(), namespaceHTMLElements=False)
    assert two_versions.status_code == 409
    assert [
        (field.get("type"), field.get("name"), field.get("value"))
        for field in page.find(".//form[@class='flow answers']").iter("input")
        if field.get("name") not in ("csrfmiddlewaretoken", "writer")
    ] == [
        ("hidden", "version", "1"),
        ("hidden", "commitment_date", "2019"),
        ("checkbox", "commitment_kind", "order"),
        ("checkbox", "commitment_kind", "plan"),
        ("checkbox", "commitment_kind", "none"),
        ("radio", "commitment_link", "https://mine.example"),
        ("radio", "commitment_link", ""),
        ("radio", "commitment_words", "I wrote"),
        ("radio", "commitment_words", "They\nwrote"),
    ]
    assert answers_in(draft, "commitment")["commitment_words"] == "They\nwrote"


def test_what_the_second_of_two_chose_is_saved_as_the_next_version(two_versions, client, draft):
    chosen = {"commitment_kind": ["order", "plan"], "commitment_date": "2019", "commitment_link": ""}
    answer = client.post(
        page_of(draft, "commitment"), {"version": "1", **chosen, "commitment_words": "They\r\nwrote"}
    )  # fmt: skip
    kept = draft.sections.get()
    assert (answer.status_code, kept.version) == (303, 2)
    assert kept.answers == {
        "commitment_kind": ["order", "plan"],
        "commitment_date": "2019",
        "commitment_words": "They\nwrote",
    }


def test_whoever_saved_in_another_window_is_told_that_it_was_themselves(client, draft, lead):
    address = page_of(draft, "goals")
    client_of(lead).post(address, {"version": "0", "goal": "elsewhere"})
    mine = {"version": "0", "goal": "here"}
    reason = "You saved this section in another window while you wrote. Press “Save” to see both versions and choose."
    assert client.post(address, mine, headers=JSON).json() == {"reasons": [reason]}
    page = client.post(address, mine).content.decode()
    assert '<h1 class="long">You saved this section in another window while you wrote</h1>' in page
    assert "By you in another window" in page
    assert answers_in(draft, "goals") == {"goal": "elsewhere"}


def test_the_same_words_twice_are_no_conflict(client, draft):
    for sender in (colleague(draft), client):
        answer = sender.post(page_of(draft, "goals"), {"version": "0", "goal": "the same"})
        assert answer.status_code == 303
    assert draft.sections.get().version == 1


# --- by role, and by state ---


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SPONSOR])
def test_who_only_reads_gets_the_answers_in_words_and_cannot_save(role, draft):
    save(draft, "commitment", {"commitment_kind": ["plan", "none"], "commitment_date": "2019-06"})
    reader = colleague(draft, role)
    page = reader.get(page_of(draft, "commitment")).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert re.findall("<(form|input|textarea|button|script)", main) == []
    assert "<dd>A plan that names racial equity; Nothing yet</dd>" in page
    assert "<dd>June 2019</dd>" in page
    assert reader.post(page_of(draft, "commitment"), {"version": "1"}).status_code == 404
    assert draft.sections.get().version == 1


@pytest.fixture
def asked_again(lead):
    """An application that reviewers sent back with a question."""
    application = make_complete_application(lead)
    workflow.submit(application=application, user=lead)
    chair = make_chair(application)
    workflow.begin_screening(application=application, actor=chair)
    workflow.request_changes(application=application, actor=chair, questions={"goal": "By <b>when</b>?"})
    return application


def test_of_what_was_sent_back_only_the_questions_asked_again_can_be_answered(client, asked_again):
    page = client.get(page_of(asked_again, "goals")).content.decode()
    assert re.findall(r'<(?:input|textarea)[^>]* name="(?!csrf)([^"]*)"', page) == ["writer", "version", "goal"]
    assert "By &lt;b&gt;when&lt;/b&gt;?" in page
    assert page.count("Some words,<br>in two lines.") == 3  # the answer before, and two that are not asked again
    answer = client.post(page_of(asked_again, "goals"), {"version": "1", "goal": "By June", "obstacles": "none"})
    assert answer.status_code == 303
    assert answers_in(asked_again, "goals") == {
        "goal": "By June",
        "goal_measure": "Some words,\nin two lines.",
        "obstacles": "Some words,\nin two lines.",
    }
    assert "<form" not in client.get(page_of(asked_again, "peers")).content.decode().split("<main")[1]


def test_two_who_answer_what_was_asked_again_choose_among_that_alone(client, asked_again):
    colleague(asked_again).post(page_of(asked_again, "goals"), {"version": "1", "goal": "By May"})
    answer = client.post(page_of(asked_again, "goals"), {"version": "1", "goal": "By June"})
    assert answer.status_code == 409
    names = re.findall(r'<input type="\w+" name="(?!csrf)([^"]*)"', answer.content.decode())
    assert names == ["writer", "version", "goal", "goal"]


def test_what_is_handed_in_is_read_only_and_a_late_save_is_told_so(client, lead):
    application = make_complete_application(lead)
    workflow.submit(application=application, user=lead)
    address = page_of(application, "goals")
    assert "<textarea" not in client.get(address).content.decode()
    late = client.post(address, {"version": "1", "goal": "late"})
    by_script = client.post(address, {"version": "1", "goal": "late"}, headers=JSON)
    said = str(workflow.NotPossible("submitted"))
    assert (late.status_code, said in late.content.decode()) == (409, True)
    assert (by_script.status_code, by_script.json()) == (409, {"reasons": [said]})
    assert answers_in(application, "goals")["goal"] == "Some words,\nin two lines."


def test_an_answer_in_words():
    said = [
        in_words(BY_ID[question], answer)
        for question, answer in (
            ("whole", "department"),
            ("whole", "forged"),
            ("whole", None),
            ("commitment_kind", ["plan", "none"]),
            ("state", "MN"),
            ("state", "XX"),
            ("commitment_date", "2019-06-24"),
            ("commitment_date", "soon"),
            ("true", "on"),
            ("true", None),
            ("goal", None),
        )
    ]
    assert said == [
        "One department or office of it", "forged", "", "A plan that names racial equity; Nothing yet", "Minnesota",
        "XX", "June 24, 2019", "soon", "Yes", "", "",
    ]  # fmt: skip


# --- what every page must carry ---


@pytest.fixture
def states(client, lead, two_versions, asked_again):
    """HTML of the pages, in each of their states, by name."""
    full = make_complete_application(lead)
    make_assessment({"data": 2}, name="Le Roy Schools", state="MN").kept_by.add(lead)
    addresses = {
        "start": APPLY,
        "look-up": f"{APPLY}?q=place",
        "list": full.get_absolute_url(),
        "list of what was sent back": asked_again.get_absolute_url(),
        "list of a new one": make_application(lead).get_absolute_url(),
        "asked again": page_of(asked_again, "goals"),
        "not asked again": page_of(asked_again, "contacts"),
    }
    answers = {name: client.get(address) for name, address in addresses.items()}
    answers |= {section.id: client.get(page_of(full, section.id)) for section in SECTIONS}
    answers["two versions"] = two_versions
    answers["start with a fault"] = start(client)
    wrong = {"version": "1", "commitment_date": "soon", "commitment_link": "here"}
    client.post(page_of(full, "commitment"), wrong)
    answers["faults"] = client.get(page_of(full, "commitment"))
    answers["too late"] = client.post(page_of(asked_again, "goals"), {"version": "0", "goal": "x"})
    answers["account"] = client.get("/account/")
    visitor = Client()
    visitor.post(page_of(full, "goals"), {"version": "1", "goal": "after"})
    visitor.force_login(lead)
    answers["sent while signed out"] = visitor.get(page_of(full, "goals"))
    return {name: answer.content for name, answer in answers.items()}


def test_every_state_is_valid_html(states, validate_html):
    for page in states.values():
        html5lib.HTMLParser(strict=True).parse(page.decode())
    validate_html([(name, page.decode()) for name, page in states.items()])


def test_every_state_keeps_to_the_budget_with_its_stylesheet_and_the_script_to_three_kilobytes(states, client):
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', states["list"].decode())
    (script,) = re.findall(r'<script src="([^"]+)" defer>', states["goals"].decode())
    css = len(served_bytes(client, stylesheet, "br"))
    sizes = {name: len(gzip.compress(page)) + css for name, page in states.items()}
    assert {name: size for name, size in sizes.items() if size > BUDGET} == {}
    assert len(served_bytes(client, script, "gzip")) < 3 * 1024


def test_every_state_asks_nobody_else_and_has_no_inline_script_or_style(states):
    for page in map(bytes.decode, states.values()):
        assert re.findall(r"<script(?! src=\"/static/)|<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
        assert '<meta name="robots" content="noindex">' in page


QUERIES = {"list": 12, "section": 6, "start": 3, "account": 10}


def test_the_number_of_queries_is_fixed(client, lead):
    for application in (make_complete_application(lead) for _ in range(4)):
        colleague(application)
        assert {
            "list": queries_of(client, application.get_absolute_url()),
            "section": queries_of(client, page_of(application, "goals")),
            "start": queries_of(client, APPLY),
            "account": queries_of(client, "/account/"),
        } == QUERIES
