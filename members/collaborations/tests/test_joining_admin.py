"""Staff appoint stewards, answer who asks to join where no steward does, and say that a collaboration has ended."""

from datetime import date

import pytest
from django.utils import timezone

from alliance.accounts.leaving import erase_account
from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.admin_forms import complaints, filled_in
from alliance.core.tests.factories import make_curator, make_user, sign_in
from members.collaborations.models import Collaboration, DataPoint, Gathering, JoinRequest, Seat, Steward
from members.partners.tests.factories import make_partner

from .factories import (
    make_activity,
    make_collaboration,
    make_gathering,
    make_group,
    make_join_request,
    make_measure,
    make_point,
    make_seat,
    make_steward,
    make_update,
)

pytestmark = pytest.mark.django_db

ADMIN = "/admin/collaborations/"
STEWARDS = f"{ADMIN}steward/"
REQUESTS = f"{ADMIN}joinrequest/"


@pytest.fixture
def ada(client):
    ada = make_curator(name="Ada Lovelace")
    sign_in(client, ada)
    return ada


def change(thing):
    return f"{ADMIN}{thing._meta.model_name}/{thing.pk}/change/"


def audited():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "kind", "label"))


@pytest.mark.parametrize(
    ("make", "queries"),
    [
        (make_activity, 8),
        (make_gathering, 8),
        (make_update, 8),
        (make_measure, 8),
        (make_point, 9),
        (make_join_request, 8),
        (make_steward, 8),
        (lambda: make_group(f"Group {make_user().pk}"), 7),
    ],
    ids=["activity", "gathering", "update", "measure", "figure", "request", "steward", "group"],
)
def test_a_list_asks_the_same_questions_at_1_and_at_30_rows(make, queries, ada, client, django_assert_num_queries):
    address = f"{ADMIN}{make()._meta.model_name}/"
    for rows in (1, 29):
        for _ in range(rows):
            make()
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


# --- Stewards ---


def appoint(client, collaboration, email, **fields):
    return client.post(
        f"{STEWARDS}add/", {"email": email, "collaboration": collaboration.pk, "started_on": ""} | fields
    )


def test_a_steward_is_found_by_their_address_and_appointed_on_record(ada, client):
    collaboration, paul = make_collaboration(name="Together"), make_user(name="Paul", email="paul@example.org")
    assert client.get(f"{STEWARDS}add/").context["adminform"].form["started_on"].value() == timezone.localdate()
    answer = appoint(client, collaboration, " PAUL@example.org", started_on="2026-05-01")
    assert answer.status_code == 302
    one = Steward.objects.get()
    assert (one.user, one.collaboration, one.appointed_by, one.started_on, one.ended_on) == (
        paul, collaboration, ada, date(2026, 5, 1), None,
    )  # fmt: skip
    assert audited() == [("appoint_steward", "collaborations.steward", f"Person {paul.pk}, Together")]
    assert Collaboration.objects.kept_by(paul).get() == collaboration


def test_nobody_is_appointed_whom_the_portal_does_not_know_nor_by_themselves_nor_twice(ada, client):
    collaboration, gone = make_collaboration(), make_user(email="gone@example.org")
    erase_account(user=gone)
    off = make_user(is_active=False)
    unknown = "Nobody has an account with this address. Ask them to make one first."
    for address in ("nobody@example.org", "gone@example.org", off.email):
        assert complaints(appoint(client, collaboration, address)) == {"email": [unknown]}
    assert complaints(appoint(client, collaboration, ada.email)) == {"__all__": ["Nobody appoints themselves."]}
    there = make_steward(collaboration)
    again = complaints(appoint(client, collaboration, there.user.email))
    assert again == {"__all__": ["This person is a steward of this collaboration already."]}
    assert Steward.objects.get() == there


def test_the_work_of_a_steward_ends_and_nothing_else_of_it_changes(ada, client):
    one = make_steward(started_on=date(2026, 1, 1))
    page = client.get(change(one))
    typed = filled_in(
        page, ended_on="2026-02-01", user=ada.pk, appointed_by=ada.pk, collaboration=make_collaboration().pk
    )
    assert client.post(change(one), typed).status_code == 302
    kept = Steward.objects.get()
    assert (kept.user, kept.collaboration, kept.appointed_by, kept.ended_on) == (
        one.user, one.collaboration, None, date(2026, 2, 1),
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before, entry.after) == ("end_steward", {"ended_on": None}, {"ended_on": "2026-02-01"})
    assert not Collaboration.objects.kept_by(one.user).exists()


# --- Requests to join ---


def answer(client, asked, verdict, words=""):
    return client.post(change(asked), {"verdict": verdict, "words": words})


def test_staff_read_who_asks_and_accept(ada, client):
    asked = make_join_request(asked_by=make_user(name="Rosa <Diaz>"), message="We fund buses.")
    page = client.get(change(asked)).content.decode()
    for text in ("Rosa &lt;Diaz&gt;", "We fund buses.", "Director"):
        assert text in page
    assert asked.asked_by.email not in page
    assert answer(client, asked, "accept", "Welcome.").status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.answer, asked.seat) == (
        "accepted",
        ada,
        "Welcome.",
        Seat.objects.get(),
    )
    assert OutgoingMail.objects.get().to == asked.asked_by.email
    # Once: by the verb, and without a word that somebody wrote.
    assert audited() == [("accept_joining", "collaborations.joinrequest", str(asked))]
    page = client.get(change(asked)).content.decode()
    assert ("Welcome." in page, 'name="verdict"' in page) == (True, False)


def test_declining_needs_a_reason(ada, client):
    asked = make_join_request()
    assert complaints(answer(client, asked, "decline", " ")) == {"words": ["Say why, in a sentence."]}
    assert answer(client, asked, "decline", "Not now.").status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("declined", "Not now.")


def test_what_can_not_be_is_said_in_the_form_and_nothing_typed_is_lost(ada, client):
    own, late = make_join_request(asked_by=ada), make_join_request(state="withdrawn")
    over = make_join_request(collaboration=make_collaboration(ended="2020"))
    refusals = {
        own: "You asked for this yourself. Somebody else answers it.",
        late: "Who asked for this has withdrawn it.",
        over: "This collaboration has ended. Nobody can join it any more.",
    }
    for asked, words in refusals.items():
        page = answer(client, asked, "accept", "Welcome to us.")
        assert complaints(page) == {"__all__": [words]}
        assert "Welcome to us.</textarea>" in page.content.decode()
    assert (Seat.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_requests_are_filtered_by_what_waits_and_by_whether_anybody_keeps_the_page(ada, client):
    waiting, settled = make_join_request(), make_join_request(state="withdrawn")
    kept = make_join_request(collaboration=make_steward().collaboration)
    former = make_join_request(collaboration=make_steward(ended_on=date(2020, 1, 1)).collaboration)

    def rows(query):
        return set(client.get(REQUESTS + query).context["cl"].result_list)

    assert rows("?state__exact=asked") == {waiting, kept, former}
    assert rows("?steward=none") == {waiting, settled, former}
    assert rows("?steward=x") == {waiting, settled, kept, former}


# --- The end of a collaboration ---


def test_the_end_is_set_in_the_form_answers_whoever_waits_and_is_one_version(ada, client):
    asked = make_join_request()
    collaboration = asked.collaboration
    data = filled_in(client.get(change(collaboration)), ended="2026-05")
    assert client.post(change(collaboration), data).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, Collaboration.objects.get().ended) == ("declined", ada, "2026-05")
    assert [version.history_user for version in collaboration.history.all()] == [ada, None]
    assert [action for action, _kind, _label in audited()] == ["decline_joining", "close_collaboration"]
    data = filled_in(client.get(change(collaboration)), ended="")
    assert client.post(change(collaboration), data).status_code == 302
    assert (Collaboration.objects.get().ended, JoinRequest.objects.get().state) == (None, "declined")
    assert AuditEntry.objects.order_by("pk").last().action == "reopen_collaboration"


def test_an_older_version_that_had_ended_is_restored_and_answers_whoever_waits(ada, client):
    collaboration = make_collaboration(ended="2026-05")
    ended = collaboration.history.get()
    collaboration.ended = None
    collaboration.save()
    asked = make_join_request(collaboration=collaboration)
    address = f"{ADMIN}collaboration/{collaboration.pk}/history/{ended.history_id}/"
    assert [client.post(address).status_code for _ in range(2)] == [302, 302]
    asked.refresh_from_db()
    assert (Collaboration.objects.get().ended, asked.state, asked.answered_by) == ("2026-05", "declined", ada)
    assert OutgoingMail.objects.filter(kind="join_answered").count() == 1
    assert [action for action, _kind, _label in audited()].count("decline_joining") == 1


# --- Measures, groups and common work ---


def test_everyone_and_the_categories_of_the_standard_stay_as_they_are(ada, client):
    standard, ours = make_group(), make_group("Hmong")
    assert 'name="name"' not in client.get(change(standard)).content.decode()
    assert client.post(change(standard), {"name": "X", "short_name": "X", "position": 1}).status_code == 403
    assert client.post(f"{ADMIN}populationgroup/{standard.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [standard.pk, ours.pk], "post": "yes"}
    client.post(f"{ADMIN}populationgroup/", chosen)
    assert make_group("White") == standard
    assert (
        client.post(change(ours), {"name": "Hmong people", "short_name": "Hmong", "position": 100}).status_code == 302
    )


def test_the_filter_for_what_is_missing_finds_measures_that_are_not_split_and_such_without_their_reference(ada, client):
    split = make_measure([("2020", "White", 3), ("2020", "Black", 9)])
    whole = make_measure([("2020", "Everyone", 4)])
    bare = make_measure()
    other = make_measure([("2020", "Black", 9)])

    def rows(word):
        return set(client.get(f"{ADMIN}sharedmeasure/?missing={word}").context["cl"].result_list)

    assert rows("groups") == {whole, bare}
    assert rows("reference") == {whole, bare, other}
    assert rows("figures") == {bare}
    assert split not in rows("figures") | rows("groups") | rows("reference")


def test_the_list_of_measures_leads_to_their_figures(ada, client):
    measure = make_measure([("2020", "White", 3), ("2021", "White", 4)])
    make_point()
    address = f"{ADMIN}datapoint/?measure__id__exact={measure.pk}"
    assert f'<a href="{address}">2</a>' in client.get(f"{ADMIN}sharedmeasure/").content.decode()
    found = client.get(address).context["cl"].result_list
    assert set(found) == set(DataPoint.objects.filter(measure=measure))


def test_times_of_a_gathering_are_those_of_its_zone(ada, client):
    gathering = make_gathering(time_zone="America/Los_Angeles")
    form = client.get(change(gathering)).context["adminform"].form
    assert [f"{form[name].value():%H:%M}" for name in ("starts_at", "ends_at")] == ["07:00", "08:30"]
    typed = {"starts_at_0": "2026-12-03", "starts_at_1": "09:00", "ends_at_0": "2026-12-03", "ends_at_1": "10:30"}
    assert client.post(change(gathering), filled_in(client.get(change(gathering)), **typed)).status_code == 302
    kept = Gathering.objects.get()
    assert (kept.starts_at.isoformat(), kept.ends_at.isoformat()) == (
        "2026-12-03T17:00:00+00:00", "2026-12-03T18:30:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("year", ["0001", "1898", "2201", "9999"])
def test_a_gathering_is_of_our_time(year, ada, client):
    gathering = make_gathering()
    typed = {"starts_at_0": f"{year}-12-31", "starts_at_1": "22:00", "ends_at_0": f"{year}-12-31", "ends_at_1": "23:00"}
    answer = client.post(change(gathering), filled_in(client.get(change(gathering)), **typed))
    assert complaints(answer) == {"__all__": ["Choose days between 1900 and 2200."]}


def test_only_members_of_the_same_collaboration_lead_join_and_come(ada, client):
    activity, stranger = make_activity(), make_seat(partner=make_partner())
    words = ["Choose members of this collaboration only."]
    data = filled_in(client.get(change(activity)), lead=stranger.pk, joined_by=[stranger.pk])
    assert complaints(client.post(change(activity), data)) == {"lead": words, "joined_by": words}
    own = make_seat(collaboration=activity.collaboration)
    data = filled_in(client.get(change(activity)), lead=own.pk, joined_by=[own.pk])
    assert client.post(change(activity), data).status_code == 302
    activity.refresh_from_db()
    assert (activity.lead, list(activity.joined_by.all())) == (own, [own])
