"""The pages to ask for a seat and to answer; whoever has no part in a request finds nothing there."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.tests.test_pages import BUDGET
from alliance.tests.test_queries import queries_of
from cohorts.tests.factories import make_jurisdiction, make_member
from members.collaborations import joining as verbs
from members.collaborations.models import Collaboration, JoinRequest, Seat
from members.collaborations.views import joining
from members.partners.models import Affiliation, Partner
from members.partners.tests.factories import make_partner

from .factories import make_collaboration, make_join_request, make_seat, make_steward

pytestmark = pytest.mark.django_db


@pytest.fixture
def together():
    return make_collaboration(name="Together", slug="together")


@pytest.fixture
def fund():
    return make_partner(name="The <Fund>")


@pytest.fixture
def rosa(fund):
    user = make_user(name="Rosa Diaz", email="rosa@fund.example.org")
    Affiliation.objects.create(user=user, partner=fund)
    return user


@pytest.fixture
def steward(together):
    return make_steward(together, make_user(name="Ada Lovelace")).user


def client_of(user):
    client = Client()
    sign_in(client, user)
    return client


def address(*rest):
    return "/".join(["/account/collaborations/together", *map(str, rest)]) + "/"


def words(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def send(client, page, **typed):
    word = "partner" if isinstance(page, Partner) else "government"
    return client.post(address("join"), {"holder": f"{word}-{page.pk}", "title": "Director"} | typed)


# --- Asking ---


def test_a_request_is_sent_kept_and_its_page_says_that_it_waits(together, fund, rosa):
    client = client_of(rosa)
    assert "The &lt;Fund&gt;" in words(client.get(address("join")))
    answer = send(client, fund, title=" Chief\u202e ", message="We fund <b>buses</b>.\r\nNow.")
    asked = JoinRequest.objects.get()
    assert (answer.status_code, answer.url) == (303, address("requests", asked.pk))
    assert (asked.asked_by, asked.partner, asked.title, asked.message) == (
        rosa, fund, "Chief", "We fund <b>buses</b>.\nNow.",
    )  # fmt: skip
    page = words(client.get(answer.url))
    for text in ("Thank you. It is sent", "It waits for an answer.", "We fund &lt;b&gt;buses&lt;/b&gt;.<br>Now."):
        assert text in page
    assert "You have asked for The &lt;Fund&gt; already." in words(client.get(address("join")))


def test_a_double_click_sends_one(together, fund, rosa):
    client = client_of(rosa)
    assert [send(client, fund).status_code for _ in range(2)] == [303, 303]
    assert JoinRequest.objects.count() == 1


def test_only_ones_own_are_offered_where_staff_verified_a_tie_and_all_public_ones_otherwise(together, fund, rosa):
    town = make_jurisdiction(name="Oakwood")
    make_partner(name="Hidden", status="draft")
    offered = {user: words(client_of(user).get(address("join"))) for user in (rosa, make_member(town), make_user())}
    found = [[label in page for label in ("The &lt;Fund&gt;", "Oakwood, MN", "Hidden")] for page in offered.values()]
    assert found == [[True, False, False], [False, True, False], [True, True, False]]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"holder": ""}, "Choose whom you ask for."),
        ({"holder": "partner-0"}, "Select a valid choice."),
        ({"holder": "0\x00"}, "Select a valid choice."),
        ({"title": " "}, "Say what your job there is."),
        ({"title": "a" * 121}, "at most 120 characters"),
        ({"message": "a" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(typed, fault, together, fund, rosa):
    answer = send(client_of(rosa), fund, **{"message": "Our buses."} | typed)
    page = words(answer)
    assert (answer.status_code, fault in page, 'role="alert"' in page) == (400, True, True)
    assert ("Our buses.</textarea>" in page) == ("message" not in typed)
    assert not JoinRequest.objects.exists()


def test_what_can_not_be_is_said_in_words(together, fund, rosa):
    make_seat(collaboration=together, partner=fund)
    answer = send(client_of(rosa), fund)
    assert answer.status_code == 409
    assert "The &lt;Fund&gt; has a seat in this collaboration already." in words(answer)


def test_what_has_ended_says_so_and_takes_nothing(together, fund, rosa):
    together.ended = "2020"
    together.save()
    client = client_of(rosa)
    page = words(client.get(address("join")))
    assert ("Nobody can join it any more." in page, "<form" in page) == (True, False)
    assert send(client, fund).status_code == 409
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_public_can_not_be_joined(status, rosa):
    make_collaboration(slug="together", status=status)
    assert nothing_there(client_of(rosa), address("join"))


def test_a_person_can_ask_so_often_a_day(together, fund, rosa, monkeypatch):
    client = client_of(rosa)
    monkeypatch.setattr(joining, "OF_PERSON", joining.Limit("test", 1, timedelta(days=1)))
    assert [send(client, fund).status_code for _ in range(2)] == [303, 429]


# --- Answering ---


@pytest.fixture
def asked(together, fund, rosa):
    return make_join_request(
        collaboration=together, partner=fund, asked_by=rosa, title="Chief", message="We fund buses."
    )


def test_a_steward_reads_who_asks_and_accepts_and_the_public_page_lists_the_partner(together, fund, asked, steward):
    client = client_of(steward)
    listed = words(client.get(address("requests")))
    assert (asked.get_absolute_url() in listed, "Staff have verified that this person belongs to it." in listed) == (
        True, True,
    )  # fmt: skip
    page = words(client.get(asked.get_absolute_url()))
    for text in ("Rosa Diaz", "Chief", "We fund buses.", "Staff have verified that this person belongs to it."):
        assert text in page
    assert "rosa@fund.example.org" not in page
    answer = client.post(asked.get_absolute_url(), {"verdict": "accept", "answer": "Welcome."}, follow=True)
    assert "We tell them by mail that there is an answer." in words(answer)
    assert "The &lt;Fund&gt;" in words(Client().get(together.get_absolute_url()))
    page = words(client_of(asked.asked_by).get(asked.get_absolute_url()))
    assert ("Accepted. The &lt;Fund&gt; has a seat." in page, "Welcome." in page, "Ada" in page) == (True, True, False)
    # Whose name it was is no business of the stewards any more.
    assert "Rosa Diaz" not in words(client.get(asked.get_absolute_url()))


def test_who_has_no_verified_tie_is_said_plainly(together, fund, steward):
    asked = make_join_request(collaboration=together, partner=fund)
    for page in (asked.get_absolute_url(), address("requests")):
        assert "Staff have not verified that this person speaks for it." in words(client_of(steward).get(page))


def test_a_steward_declines_and_says_why(asked, steward):
    client = client_of(steward)
    answer = client.post(asked.get_absolute_url(), {"verdict": "decline", "answer": " "})
    assert (answer.status_code, "Say why, in a sentence." in words(answer)) == (400, True)
    assert client.post(asked.get_absolute_url(), {"verdict": "decline", "answer": "Not now."}).status_code == 303
    page = words(client_of(asked.asked_by).get(asked.get_absolute_url()))
    assert ("Declined." in page, "Not now." in page, Seat.objects.count()) == (True, True, 0)


@pytest.mark.parametrize("sent", [{}, {"verdict": ""}, {"verdict": "withdraw"}, {"verdict": "close", "answer": "x"}])
def test_a_form_that_says_nothing_does_nothing(sent, asked, steward):
    answer = client_of(steward).post(asked.get_absolute_url(), sent)
    assert (answer.status_code, "Choose an answer." in words(answer)) == (400, True)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_who_answers_second_reads_what_happened(together, asked, steward):
    client, other = client_of(steward), client_of(make_steward(together).user)
    other.post(asked.get_absolute_url(), {"verdict": "decline", "answer": "No."})
    answer = client.post(asked.get_absolute_url(), {"verdict": "accept", "answer": "Welcome to us."})
    assert (answer.status_code, Seat.objects.count()) == (409, 0)
    assert ["This was answered on" in words(answer), "Welcome to us." in words(answer)] == [True, True]


def test_who_asked_withdraws_and_answers_nothing(together, asked, rosa):
    make_steward(together, rosa)
    client = client_of(rosa)
    assert "Withdraw it" in words(client.get(asked.get_absolute_url()))
    for _ in range(2):
        assert client.post(asked.get_absolute_url(), {"verdict": "accept"}).status_code == 303
    asked.refresh_from_db()
    page = words(client.get(asked.get_absolute_url()))
    assert (asked.state, Seat.objects.count(), "Withdrawn." in page) == ("withdrawn", 0, True)


def people(together):
    former, of_another = make_steward(together, ended_on=timezone.localdate()), make_steward()
    return [make_user(), former.user, of_another.user, make_curator(), make_admin()]


def nothing_there(client, where):
    """Whether an address answers, to the byte, as it does for a collaboration that does not exist."""
    nowhere = where.replace("together", "nowheres")
    for method in ("get", "post"):
        there, none = [getattr(client, method)(path, {"verdict": "accept"}) for path in (where, nowhere)]
        assert there.status_code == none.status_code
        assert there.status_code == 404 or (method, there.status_code) == ("post", 405)
        assert there.headers == none.headers
        assert there.content.decode().replace(where, "") == none.content.decode().replace(nowhere, "")
    return True


def test_whoever_has_no_part_in_it_gets_the_404_of_what_is_not_there_to_the_byte(together, asked):
    for person in people(together):
        client = client_of(person)
        for where in (asked.get_absolute_url(), address("requests"), address("close")):
            assert nothing_there(client, where), person
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_a_request_is_found_under_its_own_collaboration_only(asked, rosa):
    other = make_collaboration()
    assert client_of(rosa).get(f"/account/collaborations/{other.slug}/requests/{asked.pk}/").status_code == 404


def test_the_account_leads_to_what_one_asked_for(asked, rosa):
    assert f'href="{asked.get_absolute_url()}"' in words(client_of(rosa).get("/account/"))
    assert asked.get_absolute_url() not in words(client_of(make_user()).get("/account/"))


# --- The end of a collaboration ---


def test_a_steward_closes_it_and_whoever_waits_is_told(together, asked, steward):
    client = client_of(steward)
    assert "1 request to join waits for an answer." in words(client.get(address("close")))
    for typed, fault in (("", "Say when it ended."), ("soon", "Enter a year, a month or a day")):
        answer = client.post(address("close"), {"ended": typed})
        assert (answer.status_code, fault in words(answer)) == (400, True)
    assert client.post(address("close"), {"ended": "2026-05"}).status_code == 303
    together.refresh_from_db()
    asked.refresh_from_db()
    assert (together.ended, asked.state, OutgoingMail.objects.get().kind) == ("2026-05", "declined", "join_answered")
    assert "This collaboration has ended." in words(client_of(asked.asked_by).get(asked.get_absolute_url()))


def test_an_end_before_the_beginning_is_refused_in_words(together, steward):
    together.founded = "2020"
    together.save()
    answer = client_of(steward).post(address("close"), {"ended": "2019"})
    assert (answer.status_code, "The end cannot come before the beginning." in words(answer)) == (400, True)
    assert not AuditEntry.objects.exists()


# --- What it costs ---


def test_an_end_before_a_beginning_that_a_colleague_just_saved_is_refused_in_words(together, steward, monkeypatch):
    def late(*, collaboration, close=verbs.close, **said):
        Collaboration.objects.update(founded="2027")
        return close(collaboration=collaboration, **said)

    monkeypatch.setattr(verbs, "close", late)
    answer = client_of(steward).post(address("close"), {"ended": "2026"})
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"ended": ["The end cannot come before the beginning."]}
    assert Collaboration.objects.get(pk=together.pk).ended is None


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, together, fund, rosa, steward):
    for _ in range(rows):
        asked = make_join_request(collaboration=together, asked_by=rosa)
        make_join_request(collaboration=together, state="withdrawn")
        make_join_request(collaboration=together, jurisdiction=make_jurisdiction())
        make_partner()
    stewards, own = client_of(steward), client_of(rosa)
    pages = {address("requests"): 5, asked.get_absolute_url(): 3, address("close"): 4}
    assert {page: queries_of(stewards, page) for page in pages} == pages
    pages = {address("join"): 7, asked.get_absolute_url(): 3}
    assert {page: queries_of(own, page) for page in pages} == pages
    assert queries_of(client_of(make_user()), address("join")) == 8


def test_the_pages_are_valid_and_small(together, asked, rosa, steward, validate_html):
    for number in range(30):
        make_join_request(collaboration=together, partner=make_partner(name=f"Partner <b> {number}"))
        make_jurisdiction(name=f"Town <i> {number}")
    stewards, own, other = client_of(steward), client_of(rosa), client_of(make_user())
    answers = {
        "join": own.get(address("join")),
        "join of a stranger": other.get(address("join")),
        "refused": own.post(address("join"), {"message": "<x>"}),
        "own": own.get(asked.get_absolute_url()),
        "account": own.get("/account/"),
        "answer": stewards.get(asked.get_absolute_url()),
        "answer refused": stewards.post(asked.get_absolute_url(), {"verdict": "decline"}),
        "list": stewards.get(address("requests")),
        "close": stewards.get(address("close")),
    }
    pages = {name: answer.content.decode() for name, answer in answers.items()}
    validate_html(list(pages.items()))
    large = {name: size for name, page in pages.items() if (size := len(gzip.compress(page.encode()))) > BUDGET / 2}
    assert large == {}
