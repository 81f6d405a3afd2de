"""The pages of introductions: what each of two people, a third, staff and visitors get to see."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib import admin as site
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.accounts.leaving import erase_account, held_about
from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_user, sign_in
from cohorts.tests.factories import make_jurisdiction
from members.peers import digest, introductions, reports
from members.peers.digest import send_digests
from members.peers.models import AbuseReport, Block, Introduction, PeerProfile

from .factories import make_abuse_report, make_introduction, make_member, make_profile

pytestmark = pytest.mark.django_db

LIST = "/account/introductions/"


def make_peer(name="Rosa", **fields):
    return make_profile(make_member(make_user(name=name)), **fields).user


def client_for(user):
    client = Client()
    sign_in(client, user)
    return client


def page_of(user, address):
    answer = client_for(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def refusal(user, address):
    """The status and the page of an answer, without the address that it names to report it."""
    answer = client_for(user).get(address)
    return answer.status_code, answer.content.decode().replace(address, "").replace(quote(address, safe=""), "")


def ask_address(user):
    return reverse("peer_ask", args=[user.peer_profile.pk])


def test_from_the_question_to_the_addresses_and_back():
    rosa, paul = make_peer("Rosa Diaz", shown=["helps"]), make_peer("Paul Ng", shown=["helps"])
    one, two = client_for(rosa), client_for(paul)
    sent = one.post(ask_address(paul), {"message": "How did you <b>begin</b>?", "domain": "tools"})
    introduction = Introduction.objects.get()
    address = f"/account/introductions/{introduction.pk}/"
    assert (sent.status_code, sent.headers["Location"]) == (303, address)
    mine, theirs = one.get(address).content.decode(), two.get(address).content.decode()
    assert "Paul" not in mine
    assert '<h1 class="long">Rosa Diaz, ' in theirs
    for page in (mine, theirs):
        assert "How did you &lt;b&gt;begin&lt;/b&gt;?" in page
        assert [user.email for user in (rosa, paul) if f"mailto:{user.email}" in page] == []
    done = [two.post(address, {"verb": "accept"}).status_code for _ in range(2)]
    assert (done, Introduction.objects.get().state) == ([303, 303], "accepted")
    for place in (address, LIST):
        assert f"mailto:{paul.email}" in one.get(place).content.decode()
        assert f"mailto:{rosa.email}" in two.get(place).content.decode()
    PeerProfile.objects.filter(user=rosa).update(is_listed=False)
    for place in (address, LIST):
        page = two.get(place).content.decode()
        assert "Somebody who can’t be found now" in page
        assert [word for word in ("Rosa", rosa.email) if word in page] == []
        assert f"mailto:{paul.email}" not in one.get(place).content.decode()


def test_what_a_blocked_person_sees_is_what_a_hidden_one_leaves_to_the_byte():
    pages, files = set(), []
    for way in ("hide", "block", "erase"):
        for state in ("asked", "accepted"):
            rosa, paul = make_peer("Rosa"), make_peer("Paul")
            one = make_introduction(rosa, paul, state=state)
            profile = paul.peer_profile.pk
            if way == "hide":
                PeerProfile.objects.filter(user=paul).update(is_listed=False)
            elif way == "erase":
                erase_account(user=paul)
            else:
                introductions.block(user=paul, other=rosa)
            page = page_of(rosa, one.get_absolute_url()).replace(str(one.pk), "")
            rest = page.split("<h1", 1)[1].split("csrfmiddlewaretoken")[0]
            pages.add(rest)
            there, nowhere = [refusal(rosa, reverse("peer_ask", args=[pk])) for pk in (profile, 10**9)]
            assert (there[0], there) == (404, nowhere)
            files += [(way, entry["state"]) for entry in held_about(rosa)["introductions"]]
    assert (len(pages), set(files)) == (1, {(way, "") for way in ("hide", "block", "erase")})


def test_who_asked_and_hid_then_leaves_their_words_to_be_reported():
    one = make_introduction(make_peer(), make_peer(), message="Answer me.")
    PeerProfile.objects.update(is_listed=False)
    assert ["Answer me." in page_of(user, one.get_absolute_url()) for user in (one.asked, one.asker)] == [True, False]


def test_to_block_from_a_page_that_was_left_open_leads_back_to_the_person():
    """Whoever was signed out comes back by an address, not by a button."""
    rosa, paul = make_peer(), make_peer()
    address = reverse("peer_block", args=[paul.peer_profile.pk])
    answer = client_for(rosa).get(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/peers/{paul.peer_profile.pk}/")
    assert not Block.objects.exists()


def test_nobody_else_finds_an_introduction():
    one = make_introduction()
    for address in (one.get_absolute_url(), reverse("introduction_report", args=[one.pk])):
        nowhere = address.replace(str(one.pk), "00000000-0000-4000-8000-000000000000")
        strange, nothing = refusal(make_peer(), address), refusal(make_peer(), nowhere)
        assert (strange[0], strange) == (404, nothing)
        assert client_for(make_admin()).get(address).status_code == 404
        assert client_for(make_user()).get(address).headers["Location"] == "/peers/join/"


def test_staff_without_a_tie_ask_nobody():
    address = ask_address(make_peer())
    answer = client_for(make_admin()).post(address, {"message": "Hello"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/peers/join/")
    assert not Introduction.objects.exists()


def test_what_is_refused_stays_in_the_form():
    rosa, paul = make_peer(name=""), make_peer()
    answer = client_for(rosa).post(ask_address(paul), {"message": "My words"})
    page = answer.content.decode()
    assert (answer.status_code, "Tell us your name in your account first" in page, "My words</textarea>" in page) == (
        409, True, True,
    )  # fmt: skip
    answer = client_for(rosa).post(ask_address(paul), {"message": " "})
    assert (answer.status_code, "Write a few words to them." in answer.content.decode()) == (400, True)


def test_whoever_has_asked_already_is_led_there():
    one = make_introduction(make_peer(), make_peer())
    for user, other in ((one.asker, one.asked), (one.asked, one.asker)):
        assert client_for(user).get(ask_address(other)).headers["Location"] == one.get_absolute_url()


@pytest.mark.parametrize("sent", [{}, {"verb": "delete"}, {"verb": "ask"}])
def test_a_button_that_there_is_not_does_nothing(sent):
    one = make_introduction(make_peer(), make_peer())
    assert client_for(one.asked).post(one.get_absolute_url(), sent).status_code == 400
    assert Introduction.objects.get().state == "asked"


def test_to_block_from_a_page_of_theirs_and_to_lift_it():
    rosa, paul = make_peer("Rosa"), make_peer("Paul")
    client = client_for(rosa)
    assert client.post(reverse("peer_block", args=[paul.peer_profile.pk])).headers["Location"] == LIST
    pk = Block.objects.get(blocker=rosa, blocked=paul).pk
    assert f'name="block" value="{pk}"' in client.get(LIST).content.decode()
    assert client_for(paul).post(LIST, {"block": pk}).status_code == 303
    assert Block.objects.exists()
    assert [client.post(LIST, {"block": pk}).status_code, Block.objects.count()] == [303, 0]
    assert client.post(LIST, {"block": "x"}).status_code == 400


@pytest.mark.parametrize("words", [{}, {"text": "They are rude.", "blocks": "on"}])
def test_to_block_or_report_and_block_by_a_double_click_is_to_do_it_once(words):
    make_admin()
    rosa, paul = make_peer("Rosa"), make_peer("Paul")
    address = reverse("peer_report" if words else "peer_block", args=[paul.peer_profile.pk])
    client = client_for(rosa)
    answers = [client.post(address, words) for _click in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, LIST)] * 2
    assert (Block.objects.count(), AbuseReport.objects.count()) == (1, 1 if words else 0)


def test_whom_one_blocked_one_can_still_report_unless_they_cannot_be_found():
    rosa, paul = make_peer("Rosa"), make_peer("Paul")
    introductions.block(user=rosa, other=paul)
    address, client = reverse("peer_report", args=[paul.peer_profile.pk]), client_for(rosa)
    assert f'href="{address}"' in client.get(LIST).content.decode()
    assert "Paul" in client.get(address).content.decode()
    introductions.block(user=paul, other=rosa)
    assert f'href="{address}"' not in client.get(LIST).content.decode()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_and_a_page_take_the_same_questions_for_one_and_for_thirty(rows, django_assert_num_queries):
    rosa = make_peer()
    for _ in range(rows):
        make_introduction(make_peer(), rosa)
        make_introduction(make_peer(), rosa, state="accepted")
        introductions.block(user=rosa, other=make_peer())
    client = client_for(rosa)
    with django_assert_num_queries(12):
        client.get(LIST)
    with django_assert_num_queries(11):
        client.get(Introduction.objects.of(rosa).first().get_absolute_url())


# --- Reports ---


def test_a_report_reaches_admins_without_a_message_and_blocks_where_one_wants_that():
    admin = make_admin()
    one = make_introduction(make_peer("Rosa"), make_peer("Paul"), message="A secret word")
    address = reverse("introduction_report", args=[one.pk])
    client = client_for(one.asked)
    for _ in range(2):
        assert client.post(address, {"text": "They are rude.", "blocks": "on"}).status_code == 303
    report = AbuseReport.objects.get()
    assert (report.reporter, report.about, report.introduction, report.text) == (
        one.asked, one.asker, one, "They are rude.",
    )  # fmt: skip
    assert Block.objects.filter(blocker=one.asked, blocked=one.asker).exists()
    mail = OutgoingMail.objects.get(kind="abuse_reported")
    assert (mail.to, [word for word in ("Rosa", "Paul", "rude", "secret") if word in mail.text]) == (admin.email, [])
    place = reverse("admin:peers_abusereport_change", args=[report.pk])
    page, home = page_of(admin, place), page_of(admin, "/admin/")
    assert ("Rosa" in page, "Paul" in page, "They are rude." in page, "secret" in page) == (True, True, True, False)
    assert "Reports of people in the peer network" in home


def test_an_admin_settles_a_report_and_hides_the_person_whom_a_new_profile_does_not_bring_back():
    admin, profile = make_admin(), make_profile()
    report = make_abuse_report(about=profile.user)
    address = reverse("admin:peers_abusereport_change", args=[report.pk])
    client, member = client_for(admin), make_peer()
    assert client.post(address, {"words": ""}).status_code == 200
    assert client.post(address, {"words": "They wrote to many.", "hides": "on"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.outcome, report.hides, report.settled_by) == (
        "settled", "They wrote to many.", True, admin,
    )  # fmt: skip
    assert not PeerProfile.objects.visible_to(member).filter(user=profile.user).exists()
    tie = profile.membership
    profile.delete()
    make_profile(tie)
    assert not PeerProfile.objects.visible_to(member).filter(user=tie.user).exists()
    entries = AuditEntry.objects.filter(action__in=("settle_abuse_report", "hide_peer", "show_peer"))
    assert sorted(entries.values_list("action", flat=True)) == ["hide_peer", "settle_abuse_report"]
    assert [word for word in ("wrote", "rude") if word in str(list(entries.values()))] == []
    client.post(address, {"words": "They said sorry."})
    assert PeerProfile.objects.visible_to(member).filter(user=tie.user).exists()


def test_nobody_settles_a_report_of_their_own_or_about_themselves():
    admin = make_admin()
    for fields in ({"about": admin}, {"reporter": admin}):
        report = make_abuse_report(**fields)
        assert client_for(admin).get(reverse("admin:peers_abusereport_change", args=[report.pk])).status_code == 302
        with pytest.raises(introductions.Refused):
            reports.settle(report=report, by=admin, outcome="Nothing.", hides=False)


def test_an_admin_reads_nothing_of_a_report_that_concerns_them_in_the_audit_log():
    about, reporter, other = make_admin(), make_admin(), make_admin()
    report = make_abuse_report(about=about, reporter=reporter)
    reports.settle(report=report, by=other, outcome="They wrote to many.", hides=True)
    place = "/admin/core/auditentry/"
    for path in (place, f"{place}export/"):
        found = [str(report) in b"".join(client_for(user).get(path)).decode() for user in (about, reporter, other)]
        assert found == [False, False, True]


def test_no_page_of_the_admin_is_about_introductions_or_blocks():
    assert [model for model in (Introduction, Block, PeerProfile) if site.site.is_registered(model)] == []


# --- The mail with new people ---


def make_reader(**fields):
    return make_profile(digest="monthly", seeks_domains=["data"], **fields)


def test_the_digest_counts_those_who_help_with_what_one_looks_for_once_a_month():
    reader = make_reader()
    today = timezone.localdate()
    yesterday = timezone.now() - timedelta(days=1)
    for fields in (
        {"helps_domains": ["data"]},
        {"helps_domains": ["tools"]},
        {"helps_domains": ["data"], "shown": ["name"]},
        {"helps_domains": ["data"], "is_listed": False},
        {"helps_domains": ["data"], "listed_at": yesterday - timedelta(days=60)},
    ):
        make_profile(**{"listed_at": yesterday} | fields)
    for _ in range(2):
        send_digests()
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, "1 person is new" in mail.text) == ("peers_digest", reader.user.email, True)
    reader.refresh_from_db()
    assert reader.digest_on == today


def test_no_digest_goes_to_whoever_wants_none_or_left_or_when_nobody_is_new():
    make_profile(digest="never")
    left = make_reader()
    left.user.memberships.update(ended_on=timezone.localdate())
    make_reader()
    send_digests()
    assert not OutgoingMail.objects.exists()


def test_what_was_broken_off_midway_goes_on_and_tells_nobody_twice(monkeypatch):
    readers = [make_reader() for _ in range(3)]
    make_profile(helps_domains=["data"], listed_at=timezone.now() - timedelta(days=2))
    tell, told = digest.tell, []

    def tell_two(profile, today):
        if len(told) == 2:
            raise KeyboardInterrupt
        told.append(profile)
        tell(profile, today)

    monkeypatch.setattr(digest, "tell", tell_two)
    with pytest.raises(KeyboardInterrupt):
        send_digests()
    monkeypatch.setattr(digest, "tell", tell)
    send_digests()
    addresses = sorted(OutgoingMail.objects.values_list("to", flat=True))
    assert addresses == sorted(one.user.email for one in readers)


def test_people_of_a_government_are_those_who_show_that_they_work_there():
    town = make_jurisdiction()
    shown = make_profile(make_member(jurisdiction=town))
    make_profile(make_member(jurisdiction=town), shown=["name"])
    make_profile()
    assert list(PeerProfile.objects.of_government(town)) == [shown]
