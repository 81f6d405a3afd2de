"""One's own profile in the peer network: what one says, what others see of it, and how one hides and leaves."""

import pytest
from django.test import Client
from django.utils import timezone

from alliance.core.tests.factories import make_user, sign_in
from members.peers.models import PeerProfile
from resources.tests.factories import make_topic

from .factories import make_abuse_report, make_member, make_profile

pytestmark = pytest.mark.django_db

OWN = "/account/peer/"


@pytest.fixture
def tie():
    return make_member(make_user(name="Rosa Diaz"), title="Equity officer")


@pytest.fixture
def rosa(tie, client):
    sign_in(client, tie.user)
    return tie.user


def said(tie, **fields):
    values = {
        "membership": tie.pk,
        "helps": "Our budgets.",
        "helps_domains": ["data", "tools"],
        "seeks_domains": ["learning"],
        "languages": ["en", "so"],
        "time": "call",
        "shown": ["name", "helps"],
        "is_listed": "on",
        "digest": "never",
    }
    return values | fields


def test_what_one_says_is_kept_and_shown_part_by_part(tie, rosa, client):
    topic = make_topic(name="Housing")
    answer = client.post(OWN, said(tie, helps_topics=[topic.pk]))
    assert (answer.status_code, answer.url) == (303, OWN)
    kept = PeerProfile.objects.listed().get()
    assert (kept.user, kept.membership, kept.helps, kept.helps_domains, kept.seeks_domains) == (
        rosa, tie, "Our budgets.", ["data", "tools"], ["learning"],
    )  # fmt: skip
    assert (kept.languages, kept.time, kept.shown, list(kept.helps_topics.all())) == (
        ["en", "so"], "call", ["name", "helps"], [topic],
    )  # fmt: skip
    page = client.get(OWN).content.decode()
    preview = page.partition('id="preview"')[2].partition("</section>")[0]
    assert [word in preview for word in ("Rosa Diaz", "Our budgets.", "Housing", "Somali")] == [True, True, True, False]
    assert "Your peers can find you now." in page


def test_nothing_is_listed_that_one_did_not_choose(tie, rosa, client):
    client.post(OWN, {"membership": tie.pk, "digest": "never"})
    kept = PeerProfile.objects.get()
    assert (kept.is_listed, kept.listed_at, kept.shown, PeerProfile.objects.listed().count()) == (False, None, [], 0)


def test_the_preview_shows_what_was_typed_and_saves_nothing(tie, rosa, client):
    answer = client.post(OWN, said(tie, preview="1"))
    page = answer.content.decode()
    preview = page.partition('id="preview"')[2].partition("</section>")[0]
    assert (answer.status_code, "Our budgets." in preview, "Somali" in preview) == (200, True, False)
    assert "It is not saved yet." in preview
    assert 'value="so" id="id_languages_9" checked' in page
    assert PeerProfile.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shown": []}, "Choose what others may see, or stay hidden."),
        ({"helps": "a" * 1001}, "Use at most 1000 characters. There are 1001 now."),
        ({"helps_domains": ["data", "\x00"]}, "Select a valid choice."),
        ({"helps_topics": ["9" * 30]}, "One of these topics is gone. Choose again."),
        ({"languages": ["xx"]}, "Select a valid choice."),
        ({"digest": "daily"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(fields, words, tie, rosa, client):
    sent = said(tie, seeks="Only <b>here</b>", **fields)
    answer = client.post(OWN, sent)
    page = answer.content.decode()
    assert (answer.status_code, words in page, "Only &lt;b&gt;here&lt;/b&gt;" in page) == (400, True, True)
    assert PeerProfile.objects.count() == 0


def test_nobody_appears_with_the_tie_of_another_or_with_one_that_ended(tie, rosa, client):
    ended, second = make_member(rosa, ended_on="2026-01-01"), make_member(rosa)
    for other in (make_member().pk, ended.pk, ""):
        assert client.post(OWN, said(tie, membership=other)).status_code == 400
    assert PeerProfile.objects.count() == 0
    client.post(OWN, said(second))
    assert PeerProfile.objects.get().membership == second


def test_the_only_tie_is_not_asked_for(tie, rosa, client):
    client.post(OWN, said(tie, membership=make_member().pk))
    assert PeerProfile.objects.get().membership == tie


def test_a_second_click_makes_no_second_profile(tie, rosa, client):
    assert [client.post(OWN, said(tie)).status_code for _time in range(2)] == [303, 303]
    first = PeerProfile.objects.get()
    client.post(OWN, said(tie, helps="Other words."))
    kept = PeerProfile.objects.get()
    assert (kept.pk, kept.helps, kept.created_at, kept.listed_at) == (
        first.pk, "Other words.", first.created_at, first.listed_at,
    )  # fmt: skip


def test_one_click_hides_and_another_deletes(tie, client):
    profile = make_profile(tie)
    sign_in(client, tie.user)
    for _time in range(2):
        assert client.post(OWN, {"hide": "1"}).status_code == 303
        assert (PeerProfile.objects.listed().count(), PeerProfile.objects.get().helps) == (0, profile.helps)
    assert "Nobody can find you now." in client.get(OWN).content.decode()
    for _time in range(2):
        assert client.post(OWN, {"leave": "1"}).status_code == 303
        assert PeerProfile.objects.count() == 0


def test_whose_tie_ended_reads_that_nobody_finds_them_and_can_delete_what_they_wrote(tie, rosa, client):
    make_profile(tie, helps="Our budgets.")
    rosa.memberships.update(ended_on=timezone.localdate())
    answer = client.get(OWN)
    page = answer.content.decode()
    words = ("Nobody can find you now.", "Leave: delete my profile", 'href="/peers/join/"', "<textarea", "Hide me now")
    assert (answer.status_code, [one in page for one in words]) == (200, [True] * 3 + [False] * 2)
    assert client.post(OWN, said(tie)).url == "/peers/join/"
    assert PeerProfile.objects.get().helps == "Our budgets."
    assert client.post(OWN, {"leave": "1"}).status_code == 303
    assert (PeerProfile.objects.count(), client.get(OWN).url) == (0, "/peers/join/")


def test_whom_staff_have_hidden_reads_so_and_stays_hidden(tie, rosa, client):
    settled = {"state": "settled", "settled_at": timezone.now(), "settled_by": make_user(), "outcome": "Hidden."}
    make_abuse_report(about=rosa, hides=True, **settled)
    client.post(OWN, said(tie))
    page = client.get(OWN).content.decode()
    words = ("Saved. Nobody can find you.", "Our staff have hidden your profile.")
    assert [one in page for one in words] == [True] * 2
    assert "can find you now.</p>" not in page


def test_what_is_sent_after_the_session_ended_waits_with_every_box(tie):
    client = Client()
    client.post(OWN, said(tie, writer=tie.user_id))
    sign_in(client, tie.user)
    page = client.get(OWN).content.decode()
    assert ("Our budgets." in page, 'value="so" id="id_languages_9" checked' in page) == (True, True)
    assert PeerProfile.objects.count() == 0


@pytest.mark.parametrize("button", ["hide", "leave"])
def test_a_button_that_was_pressed_after_the_session_ended_empties_no_form(button, tie):
    make_profile(tie, helps="Our budgets.")
    client = Client()
    client.post(OWN, {button: "1"})
    sign_in(client, tie.user)
    page = client.get(OWN).content.decode()
    words = ("Our budgets.</textarea>", "You were signed out, so nothing has changed. Press the button again.")
    assert [one in page for one in words] == [True, True]
    assert "You were signed out before this was saved." not in page
    assert "You were signed out" not in client.get(OWN).content.decode()
    client.post(OWN, {button: "1"})
    assert not PeerProfile.objects.listed().exists()


@pytest.mark.parametrize("ties", [1, 30])
def test_the_page_takes_the_same_questions_for_any_number(ties, client, django_assert_num_queries):
    profile = make_profile()
    for _tie in range(ties):
        make_member(profile.user)
        profile.helps_topics.add(make_topic())
    sign_in(client, profile.user)
    with django_assert_num_queries(15):
        client.get(OWN)
