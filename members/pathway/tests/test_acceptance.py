"""Whom the release of an acceptance takes in: the government, its seat, its people; or a clear refusal, and nothing."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import OutgoingMail
from cohorts.models import CohortSeat, Jurisdiction, Membership
from cohorts.tests.factories import make_cohort, make_jurisdiction, make_place
from members.pathway import workflow
from members.pathway.models import Application, Onboarding
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.tests.factories import make_authority_check, make_chair, make_member, user_of
from members.pathway.tests.test_deciding import held, in_review
from members.pathway.tests.test_scoring import client_of, page_of

pytestmark = pytest.mark.django_db


def ready(place=None, jurisdiction=None, answers=None, cohort=None, **named):
    """An acceptance that lacks nothing but its release, and the chair who may release it."""
    application = in_review(**named)
    Application.objects.filter(pk=application.pk).update(place=place, jurisdiction=jurisdiction)
    for section in application.sections.all():
        section.answers |= {name: value for name, value in (answers or {}).items() if name in section.answers}
        section.save()
    application = Application.objects.get(pk=application.pk)
    held(application, cohort=cohort)
    chair = make_chair(application)
    make_authority_check(application, chair)
    return application, chair


def take_in(**given):
    """Release it; the application as it stands then."""
    application, chair = ready(**given)
    workflow.release(application=application, actor=chair)
    return Application.objects.get(pk=application.pk)


def refused(**given):
    """What the release says, having written nothing."""
    application, chair = ready(**given)
    before = written()
    with pytest.raises(workflow.NotReady) as refusal:
        workflow.release(application=application, actor=chair)
    application.refresh_from_db()
    assert (application.status, written()) == (Status.DECIDED, before)
    assert refusal.value.reasons[-1] == "Name the government that joins, or put its record right; then release."
    return application, refusal.value.reasons[0]


def written():
    return [model.objects.count() for model in (Jurisdiction, Membership, CohortSeat, Onboarding, OutgoingMail)]


# --- which government ---


def test_a_place_of_the_register_gets_a_record_of_its_own_which_nobody_sees():
    place = make_place(name="Le Roy", kind="city")
    one = take_in(
        place=place, answers={"website": "leroy.example.gov", "commitment_link": "https://leroy.example.gov/r"}
    )
    record = one.jurisdiction
    assert (record.name, record.kind, record.state, record.place, record.status, record.role, record.role_year) == (
        "Le Roy", "city", "MN", place, "draft", "member", timezone.localdate().year,
    )  # fmt: skip
    assert (record.slug, record.website) == ("le-roy-mn", "https://leroy.example.gov")
    assert record.sources == ["https://leroy.example.gov/r", "https://leroy.example.gov"]


@pytest.mark.parametrize("status", ["draft", "published"])
@pytest.mark.parametrize("by", ["place", "jurisdiction"])
def test_a_record_that_is_there_is_linked_and_keeps_its_publication(by, status):
    place = make_place(name="Le Roy", kind="city")
    record = make_jurisdiction(name="City of Le Roy", kind="city", place=place, status=status, role="grant_partner")
    one = take_in(place=place, jurisdiction=record if by == "jurisdiction" else None)
    record.refresh_from_db()
    assert (one.jurisdiction, record.status, record.role, Jurisdiction.objects.count()) == (record, status, "member", 1)


def test_a_core_member_stays_one():
    record = make_jurisdiction(name="Le Roy", kind="city", role="core_member", role_year=2017, role_words="Founder")
    take_in(jurisdiction=record)
    record.refresh_from_db()
    assert (record.role, record.role_year, record.role_words) == ("core_member", 2017, "Founder")


@pytest.mark.parametrize("kind", ["regional_agency", "tribal_nation", "school_district", "special_district", "court"])
def test_a_body_in_no_register_gets_a_record_from_its_answers(kind):
    record = take_in(government_name="Río Grande Council", kind=kind).jurisdiction
    assert (record.name, record.kind, record.place, record.slug) == (
        "Río Grande Council",
        kind,
        None,
        "rio-grande-council-mn",
    )


def test_a_record_of_the_same_name_kind_and_state_is_linked_and_several_are_not_guessed():
    record = make_jurisdiction(name="Park Board", kind="special_district", state="MN", status="draft")
    make_jurisdiction(name="Park Board", kind="special_district", state="WI")
    assert take_in(government_name="Park Board", kind="special_district").jurisdiction == record
    make_jurisdiction(name="Park board", kind="special_district", state="MN")
    application, words = refused(government_name="Park Board", kind="special_district")
    assert words == "Several governments on record have this name, kind and state."
    name(application, record)
    assert released(application).jurisdiction == record


def name(application, jurisdiction=None, place=None):
    """A chair says which it is."""
    chair = make_chair(application)
    workflow.name_government(application=application, actor=chair, jurisdiction=jurisdiction, place=place)


def released(application):
    workflow.release(application=application, actor=make_chair(application))
    return Application.objects.get(pk=application.pk)


@pytest.mark.parametrize(
    "named", [{"state": "WI"}, {"kind": "county"}, {"government_name": "Park Board"}], ids=["state", "kind", "name"]
)
@pytest.mark.parametrize("known", ["record", "register"])
def test_answers_that_speak_of_another_government_are_refused_until_a_chair_says_which_it_is(known, named):
    place = make_place(name="Le Roy", kind="city")
    record = make_jurisdiction(name="Le Roy", kind="city", place=place) if known == "record" else None
    application, words = refused(place=place, jurisdiction=record, **named)
    assert words.startswith("The answers speak of ")
    assert words.endswith("of Le Roy (City, MN).")
    name(application)
    one = released(application).jurisdiction
    assert (one.place, one.name) == (None, application.government_name)


def test_a_chair_can_say_that_it_is_the_entry_of_the_register_all_the_same():
    place = make_place(name="Le Roy", kind="city")
    application, _words = refused(place=place, kind="town")
    name(application, place=place)
    one = released(application).jurisdiction
    assert (one.place, one.kind) == (place, "town")


def test_what_the_register_does_not_know_for_certain_is_no_difference():
    place = make_place(name="Le Roy", kind="village")
    assert take_in(place=place, kind="town").jurisdiction.kind == "town"


AS_A_DEPARTMENT = {"whole": "department", "department": "Health Department"}


def test_a_department_joins_below_the_government_on_record():
    city = make_jurisdiction(name="Le Roy", kind="city", role="grant_partner")
    one = take_in(jurisdiction=city, answers=AS_A_DEPARTMENT).jurisdiction
    city.refresh_from_db()
    assert (one.name, one.kind, one.parent, one.state, one.slug, one.role) == (
        "Health Department", "department", city, "MN", "le-roy-health-department-mn", "member",
    )  # fmt: skip
    assert city.role == "grant_partner"
    assert take_in(jurisdiction=city, answers=AS_A_DEPARTMENT).jurisdiction == one


def test_a_department_of_a_place_without_a_record_brings_that_record_with_it():
    place = make_place(name="Le Roy", kind="city")
    one = take_in(place=place, answers=AS_A_DEPARTMENT).jurisdiction
    assert (one.kind, one.place, one.parent.name, one.parent.place, one.parent.kind, one.parent.role) == (
        "department", None, "Le Roy", place, "city", "",
    )  # fmt: skip


def test_a_department_that_names_no_government_waits_for_a_chair_to_name_it():
    application, words = refused(government_name="Health Department", kind="department")
    assert words == "It is a department: name the government that it belongs to."
    city = make_jurisdiction(name="Le Roy", kind="city")
    name(application, city)
    one = released(application).jurisdiction
    assert (one.name, one.parent) == ("Health Department", city)


def test_an_address_word_that_is_taken_gets_a_number():
    make_jurisdiction(name="Other", slug="le-roy-mn")
    make_jurisdiction(name="Another", slug="le-roy-mn-2")
    assert take_in().jurisdiction.slug == "le-roy-mn-3"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"kind": ""}, "kind: This field cannot be blank."),
        ({"state": ""}, "state: This field cannot be blank."),
        ({"government_name": ""}, "name: This field cannot be blank."),
        ({"government_name": "x" * 161}, "name: Ensure this value has at most 160 characters (it has 161)."),
    ],
)
def test_what_no_record_can_be_made_of_is_said(named, words):
    assert refused(**named)[1] == words


def test_the_longest_name_will_do():
    assert take_in(government_name="x" * 160).jurisdiction.slug == "x" * 100


# --- its seat ---


def seats(record):
    return list(CohortSeat.objects.filter(jurisdiction=record).values_list("joined", "left").order_by("pk"))


def test_a_seat_begins_today_once():
    cohort, record, today = (
        make_cohort(),
        make_jurisdiction(name="Le Roy", kind="city"),
        timezone.localdate().isoformat(),
    )
    for _time in range(2):
        take_in(jurisdiction=record, cohort=cohort)
    assert seats(record) == [(today, None)]


@pytest.mark.parametrize("left", [None, "2990", "2990-05"])
def test_a_seat_that_is_there_now_or_to_come_stays_the_only_one(left):
    cohort, record = make_cohort(), make_jurisdiction(name="Le Roy", kind="city")
    CohortSeat.objects.create(cohort=cohort, jurisdiction=record, joined="2016", left=left)
    take_in(jurisdiction=record, cohort=cohort)
    assert seats(record) == [("2016", left)]


def test_a_seat_that_was_left_makes_room_for_another_also_in_the_same_year():
    cohort, record = make_cohort(), make_jurisdiction(name="Le Roy", kind="city")
    year = str(timezone.localdate().year)
    CohortSeat.objects.create(cohort=cohort, jurisdiction=record, joined="2016", left=year)
    take_in(jurisdiction=record, cohort=cohort)
    assert len(seats(record)) == 2


# --- its people ---


def test_lead_editors_and_sponsor_belong_to_it_and_viewers_do_not():
    application, chair = ready()
    editor, viewer = make_member(application, Role.EDITOR).user, make_member(application, Role.VIEWER).user
    make_authority_check(application, chair)
    workflow.release(application=application, actor=chair)
    ties = {tie.user: (tie.verified_by, tie.verified_on) for tie in Membership.objects.all()}
    people = [user_of(application, Role.LEAD), user_of(application, Role.SPONSOR), editor]
    assert ties == dict.fromkeys(people, (chair, timezone.localdate()))
    assert viewer not in ties


def test_whoever_came_into_the_team_after_the_check_of_its_authority_waits_for_an_admin():
    application, chair = ready()
    late = make_member(application, Role.EDITOR).user
    workflow.release(application=application, actor=chair)
    assert [tie.user for tie in Membership.objects.to_verify()] == [late]


def test_what_was_read_and_checked_before_it_was_handed_in_anew_counts_no_longer():
    application = in_review()
    chair, lead = make_chair(application), user_of(application, Role.LEAD)
    make_authority_check(application, chair)
    assert [application.reviews.handed_in().count(), application.authority_checks.that_count().count()] == [2, 1]
    workflow.withdraw(application=application, user=lead, reason="Later")
    workflow.reopen(application=application, user=lead)
    Application.objects.filter(pk=application.pk).update(submitted_at=timezone.now())
    assert [application.reviews.handed_in().count(), application.authority_checks.that_count().count()] == [0, 0]
    assert [application.reviews.count(), application.authority_checks.count()] == [2, 1]


def test_ties_that_are_there_are_verified_kept_or_begun_anew():
    record = make_jurisdiction(name="Le Roy", kind="city")
    application, chair = ready(jurisdiction=record)
    lead, sponsor = user_of(application, Role.LEAD), user_of(application, Role.SPONSOR)
    editor = make_member(application, Role.EDITOR).user
    make_authority_check(application, chair)
    before = timezone.localdate() - timedelta(days=400)
    other = make_chair()
    kept = Membership.objects.create(
        user=lead, jurisdiction=record, verified_on=before, verified_by=other, title="Clerk"
    )
    open_one = Membership.objects.create(user=sponsor, jurisdiction=record)
    Membership.objects.create(user=editor, jurisdiction=record, ended_on=before, verified_on=before, verified_by=other)
    workflow.release(application=application, actor=chair)
    for tie in (kept, open_one):
        tie.refresh_from_db()
    assert (kept.verified_by, kept.title, open_one.verified_by) == (other, "Clerk", chair)
    assert Membership.objects.filter(user=editor, ended_on=None, verified_by=chair).count() == 1
    assert Membership.objects.count() == 4


# --- two of one government ---


def test_two_acceptances_of_one_government_make_one_record_and_two_onboardings():
    first, second = take_in(), take_in()
    assert (first.jurisdiction, Jurisdiction.objects.count(), Onboarding.objects.count()) == (second.jurisdiction, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_do_so_too():
    both = [ready(), ready()]
    barrier, failed = Barrier(2), []

    def release(application, chair):
        try:
            barrier.wait(timeout=20)
            workflow.release(application=application, actor=chair)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=release, args=one) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []
    assert (Jurisdiction.objects.count(), Onboarding.objects.count()) == (1, 2)


# --- to name it ---


def test_a_chair_looks_the_government_up_and_names_it_which_the_held_page_says(client):
    record = make_jurisdiction(name="Northfield", kind="city", state="MN", status="draft")
    place = make_place(name="Northfield", kind="city", state="MN")
    application, chair = ready(government_name="Health Department", kind="department")
    client, address = client_of(chair), page_of(application, "review_government")
    held_page = client.get(page_of(application, "review_decision")).content.decode()
    assert "It is a department: name the government" in held_page
    page = client.get(address, {"q": "northfield"}).content.decode()
    assert (f'value="record {record.pk}"' in page, f'value="place {place.pk}"' in page) == (True, True)
    assert client.post(address, {"which": f"record {record.pk}"}).status_code == 400
    answer = client.post(f"{address}?q=northfield", {"which": f"record {record.pk}"})
    assert (answer.status_code, answer.url) == (303, page_of(application, "review_decision"))
    held_page = client.get(page_of(application, "review_decision")).content.decode()
    assert "Health Department, MN (Department of a government: Northfield). A new record is made" in held_page
    entry = application.history.get(verb="name_government")
    assert (entry.actor, entry in application.history.for_team()) == (chair, False)
    for strange in ("", "record 0", "x"):
        assert client.post(address, {"which": strange}).status_code == 400


def test_a_chair_who_belongs_to_the_government_that_is_named_reads_it_no_more():
    record = make_jurisdiction(name="Northfield", kind="city", state="MN")
    application, chair = ready()
    Membership.objects.create(user=chair, jurisdiction=record)
    client = client_of(chair)
    assert client.get(page_of(application, "review_decision")).status_code == 200
    workflow.name_government(application=application, actor=chair, jurisdiction=record)
    assert client.get(page_of(application, "review_decision")).status_code == 404
    assert application.reference not in client.get(reverse("review_decisions")).content.decode()
