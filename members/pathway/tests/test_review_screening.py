"""Before the review: the checklist, hints at duplicates, who reads it, and what is asked again."""

import html5lib
import pytest
from django.test import Client
from django.utils import timezone

from alliance.core.tests.factories import make_user, sign_in
from alliance.tests.test_queries import queries_of
from cohorts.models import Membership
from cohorts.tests.factories import make_jurisdiction, make_place
from members.collaborations.tests.factories import make_collaboration
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner
from members.pathway import workflow
from members.pathway.duplicates import hints_about
from members.pathway.models import Application, ChangeRequest
from members.pathway.screening import POINTS
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import assign, make_application, make_chair, make_member, make_reviewer, user_of
from .test_handing_in import hidden, text_of
from .test_review_reading import at, client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(chair):
    return client_for(chair)


@pytest.fixture
def in_screening(submitted, chair):
    workflow.begin_screening(application=submitted, actor=chair)
    submitted.refresh_from_db()
    return submitted


def in_review(application, chair):
    workflow.tick(application=application, actor=chair, points=list(POINTS))
    workflow.begin_review(application=application, actor=chair)
    application.refresh_from_db()
    return application


def status_of(application):
    return Application.objects.get(pk=application.pk).status


def send(client, application, name, **data):
    page = client.get(at(name, application))
    return client.post(at(name, application), hidden(page) | data)


# --- The checklist ---


def test_screening_begins_with_one_click_and_again_does_no_harm(submitted, client):
    for _again in range(2):
        answer = client.post(at("screening", submitted), {"begin": "1"})
        assert (answer.status_code, answer.url) == (303, at("screening", submitted))
    assert (status_of(submitted), submitted.history.filter(verb="begin_screening").count()) == (Status.SCREENING, 1)


def test_the_checklist_is_kept_as_it_is_ticked_and_says_who_did_it(in_screening, client):
    send(client, in_screening, "screening", points=["files", "answers"])
    send(client, in_screening, "screening", points=["files"])
    assert list(in_screening.checks.values_list("point", flat=True)) == ["files"]
    assert f"{POINTS['files']} Chris Chair," in text_of(client.get(at("screening", in_screening)))


def test_the_review_begins_when_every_point_is_ticked_and_what_is_ticked_is_never_lost(in_screening, client):
    answer = send(client, in_screening, "screening", points=["files"], review="1")
    html5lib.HTMLParser(strict=True).parse(answer.content)
    assert (answer.status_code, status_of(in_screening)) == (400, Status.SCREENING)
    assert in_screening.checks.count() == 1
    for _again in range(2):
        answer = client.post(at("screening", in_screening), {"points": list(POINTS), "review": "1"})
        assert (answer.status_code, answer.url) == (303, at("reviewers", in_screening))
    assert status_of(in_screening) == Status.IN_REVIEW


def test_a_point_that_there_is_not_is_refused(in_screening, client):
    assert send(client, in_screening, "screening", points=["no such"]).status_code == 400
    assert not in_screening.checks.exists()


# --- Hints ---


def handed_in(**fields):
    lead = make_user(
        email=fields.pop("email", None) or f"lead-{Application.objects.count()}@{timezone.now():%f}.example"
    )
    fields = {
        "status": Status.SUBMITTED,
        "submitted_at": timezone.now(),
        "reference": workflow.new_reference(),
    } | fields
    return make_application(lead, **fields)


def hints(application, user):
    found = hints_about(Application.objects.get(pk=application.pk), user)
    return [(one.pk, [str(reason) for reason in why]) for one, why in found.found], found.has_more


def test_another_of_the_same_government_name_or_domain_is_pointed_out_with_the_reason():
    place, jurisdiction = make_place(), make_jurisdiction()
    of = {"place": place, "jurisdiction": jurisdiction, "government_name": "City of Lakeside", "state": "MN"}
    mine = handed_in(**of, email="ann@ci.lakeside.mn.us")
    same_place = handed_in(place=place)
    same_page = handed_in(jurisdiction=jurisdiction)
    near = handed_in(government_name="City of Lakesyde", state="MN")
    of_domain = handed_in(email="bob@CI.lakeside.mn.us")
    handed_in(government_name="City of Lakeside", state="WI")
    handed_in(government_name="Hennepin County", state="MN")
    make_application(government_name="City of Lakeside", state="MN")  # a draft
    found, has_more = hints(mine, make_chair())
    assert (dict(found), has_more) == (
        {
            same_place.pk: ["the same government"],
            same_page.pk: ["the same government"],
            near.pk: ["nearly the same name"],
            of_domain.pk: ["a lead with an address of the same domain"],
        },
        False,
    )


def test_an_address_at_a_public_mail_provider_and_what_is_empty_hint_at_nothing():
    mine = handed_in(email="ann@gmail.com")
    handed_in(email="bob@gmail.com")
    assert hints(mine, make_chair()) == ([], False)


def test_of_one_that_the_reader_is_not_assigned_to_it_is_only_said_that_there_is_one(submitted, client):
    other = handed_in(government_name="City of Lakeside", state="MN")
    reviewer = make_reviewer()
    assign(submitted, reviewer)
    sign_in(client, reviewer)
    page = client.get(f"/review/{submitted.pk}/").content.decode()
    assert "There is another one, which is not open to you." in page
    assert (other.reference in page, str(other.pk) in page) == (False, False)


def test_of_one_that_the_reader_has_a_conflict_with_nothing_is_said(submitted, client, chair):
    other = handed_in(government_name="City of Lakeside", state="MN")
    other.declarations.create(by=chair, has_conflict=True)
    assert "another one" not in client.get(at("", submitted)).content.decode()
    assert hints(submitted, chair) == ([], False)


# --- Reviewers ---


def test_the_two_with_the_least_to_do_are_assigned_with_one_click(submitted, client, chair):
    busy, idle, conflicted = (make_reviewer() for _ in range(3))
    assign(handed_in(), busy)
    assign(handed_in(), chair)
    submitted.declarations.create(by=conflicted, has_conflict=True)
    for _again in range(2):
        answer = client.post(at("reviewers", submitted), {"by_load": "1"})
        assert (answer.status_code, answer.url) == (303, at("reviewers", submitted))
    chosen = set(submitted.assignments.current().values_list("reviewer", flat=True))
    assert chosen == {idle.pk, *({busy.pk, chair.pk} & chosen)}
    assert len(chosen) == 2
    assert submitted.history.filter(verb="assign").count() == 2


def test_too_few_without_a_conflict_is_said_and_nobody_is_assigned(submitted, client):
    answer = client.post(at("reviewers", submitted), {"by_load": "1"})
    assert answer.status_code == 400
    assert "There are not enough reviewers without a conflict of interest." in text_of(answer)
    assert not submitted.assignments.exists()


def test_people_are_assigned_by_name_and_taken_off(submitted, client):
    one, two = make_reviewer(name="Robin"), make_reviewer(name="Rene")
    page = text_of(client.get(at("reviewers", submitted)))
    assert "Robin (0 to review)" in page
    client.post(at("reviewers", submitted), {"by_name": "1", "reviewers": [one.pk, two.pk]})
    assert set(submitted.assignments.current().values_list("reviewer", flat=True)) == {one.pk, two.pk}
    for _again in range(2):
        assert client.post(at("reviewers", submitted), {"off": one.pk}).status_code == 303
    assert list(submitted.assignments.current().values_list("reviewer", flat=True)) == [two.pk]
    assert submitted.history.filter(verb="unassign").count() == 1
    page = text_of(client.get(at("reviewers", submitted)))
    assert "Rene Since" in page
    assert "One more is needed" in page


@pytest.mark.parametrize("sent", [{"by_name": "1"}, {"by_name": "1", "reviewers": ["x"]}, {"off": "x"}, {}])
def test_nonsense_assigns_nobody(sent, submitted, client):
    make_reviewer()
    assert client.post(at("reviewers", submitted), sent).status_code == 400
    assert not submitted.assignments.exists()


def test_somebody_with_a_conflict_is_not_offered_nor_taken_and_the_words_are_there_for_chairs(submitted, client):
    conflicted = make_reviewer(name="Connie")
    submitted.declarations.create(by=conflicted, has_conflict=True, words="My sister works there.")
    page = text_of(client.get(at("reviewers", submitted)))
    assert ("Connie (0 to review)" in page, "Connie: My sister works there." in page) == (False, True)
    answer = client.post(at("reviewers", submitted), {"by_name": "1", "reviewers": [conflicted.pk]})
    assert answer.status_code == 400
    assert not submitted.assignments.exists()


def test_whoever_is_offered_is_just_who_has_no_conflict_asked_for_all_in_one_query(django_assert_num_queries):
    government = make_jurisdiction()
    application = make_application(government_name="City of Lakeside", state="MN", jurisdiction=government)
    free = [make_reviewer() for _ in range(2)]
    tied, named, of_department, sitting, declared, in_team = (make_reviewer() for _ in range(6))
    Membership.objects.create(user=tied, jurisdiction=government)
    Membership.objects.create(user=named, jurisdiction=make_jurisdiction(name="City of Lakeside", state="MN"))
    department = make_jurisdiction(parent=government, kind="department")
    Membership.objects.create(user=of_department, jurisdiction=department)
    partner, collaboration = make_partner(), make_collaboration()
    Affiliation.objects.create(user=sitting, partner=partner)
    collaboration.seats.create(partner=partner)
    collaboration.seats.create(jurisdiction=government)
    application.declarations.create(by=declared, has_conflict=True)
    make_member(application, Role.VIEWER, in_team)
    with django_assert_num_queries(1):
        assert set(workflow.reviewers_for(application)) == set(free)
    this = Application.objects.filter(pk=application.pk)
    everybody = [*free, tied, named, of_department, sitting, declared, in_team]
    assert [one for one in everybody if this.without_conflict(one).exists()] == free


# --- Changes ---


def test_questions_are_chosen_then_asked_and_the_team_sees_just_these(in_screening, client):
    page = client.get(at("changes", in_screening))
    html5lib.HTMLParser(strict=True).parse(page.content)
    assert "words_goal" not in page.content.decode()
    chosen = client.post(at("changes", in_screening), {"choose": "1", "ask": ["goal", "name"]})
    html5lib.HTMLParser(strict=True).parse(chosen.content)
    assert (chosen.status_code, status_of(in_screening)) == (200, Status.SCREENING)
    assert "The answer now: Fewer evictions" in text_of(chosen)
    more = {"choose": "1", "ask": ["goal", "name", "website"], "words_goal": "Which residents?"}
    assert ">\nWhich residents?</textarea>" in client.post(at("changes", in_screening), more).content.decode()
    sent = {"send": "1", "ask": ["goal", "name"], "words_goal": "Which residents?", "words_name": "Its legal name?"}
    for _again in range(2):
        answer = client.post(at("changes", in_screening), sent)
        assert (answer.status_code, answer.url) == (303, at("", in_screening))
    asked = dict(ChangeRequest.objects.values_list("question", "words"))
    assert asked == {"goal": "Which residents?", "name": "Its legal name?"}
    assert status_of(in_screening) == Status.CHANGES_REQUESTED
    team = client_for(user_of(in_screening, Role.LEAD)).get(in_screening.get_absolute_url())
    assert ("Which residents?" in text_of(team), "Chris Chair" in text_of(team)) == (True, False)


@pytest.mark.parametrize(
    "sent",
    [{}, {"ask": ["no such"]}, {"ask": ["goal"]}, {"ask": ["goal"], "words_goal": " "}],
    ids=["none", "unknown", "no words", "blank"],
)
def test_what_is_not_chosen_or_not_said_is_not_asked(sent, in_screening, client):
    assert client.post(at("changes", in_screening), {"send": "1"} | sent).status_code == 400
    assert status_of(in_screening) == Status.SCREENING


def test_where_somebody_was_first_the_words_are_shown_to_be_copied(in_screening, client):
    other = make_chair(in_screening)
    workflow.request_changes(application=in_screening, actor=other, questions={"goal": "How many?"})
    answer = client.post(at("changes", in_screening), {"send": "1", "ask": ["goal"], "words_goal": "Which residents?"})
    assert (answer.status_code, ChangeRequest.objects.count()) == (409, 1)
    assert "Which residents?" in text_of(answer)
    assert at("", in_screening) in answer.content.decode()
    assert client.get(at("changes", in_screening)).status_code == 409


def test_an_assigned_reviewer_asks_too_and_words_sent_while_signed_out_wait(in_screening):
    reviewer = make_reviewer()
    assign(in_screening, reviewer)
    visitor = Client()
    sent = {"send": "1", "ask": ["goal"], "words_goal": "Which residents?", "writer": reviewer.pk}
    assert visitor.post(at("changes", in_screening), sent).status_code == 302
    sign_in(visitor, reviewer)
    page = visitor.get(at("changes", in_screening))
    assert ">\nWhich residents?</textarea>" in page.content.decode()
    assert visitor.post(at("changes", in_screening), hidden(page) | sent).status_code == 303
    assert status_of(in_screening) == Status.CHANGES_REQUESTED


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_of_each_page_are_fixed(rows, submitted, chair, client):
    for _number in range(rows):
        one = make_reviewer()
        assign(submitted, one)
        submitted.declarations.create(by=make_reviewer(), has_conflict=True)
        make_reviewer()
        handed_in(government_name="City of Lakeside", state="MN")
    workflow.begin_screening(application=submitted, actor=chair)
    workflow.tick(application=submitted, actor=chair, points=list(POINTS) if rows > 1 else ["files"])
    counted = {name: queries_of(client, at(name, submitted)) for name in ("screening", "reviewers", "changes")}
    assert counted == {"screening": 8, "reviewers": 8, "changes": 7}
