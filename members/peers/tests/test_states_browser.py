"""The pages of the network in every state, with the longest words that people can write: valid, small, accessible, and
never wider than the screen."""

import gzip
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.accounts.leaving import erase_account
from alliance.core.tests.factories import make_user, sign_in
from alliance.tests.test_browser import faults
from alliance.tests.test_pages import BUDGET, served_bytes
from cohorts.tests.factories import make_jurisdiction, make_place
from members.peers import introductions
from members.peers.models import Introduction, PeerProfile
from resources.tests.factories import make_topic

from .factories import make_introduction, make_member, make_profile, make_tie_request

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "Donaudampfschifffahrts" * 6
TEXT = f"{WORD}\nHow we split our budget by neighborhood. \u202etxet\u202c"
PEERS, OWN, JOIN, LIST = "/peers/", "/account/peer/", "/peers/join/", "/account/introductions/"
State = Introduction.State


def make_peer(name="Rosa Diaz", **fields):
    government = make_jurisdiction(name="Park and Recreation District of the Seven Lakes", place=make_place())
    tie = make_member(make_user(name=name), government, title="Director of equity and inclusion")
    return make_profile(tie, **{"helps": TEXT, "seeks": TEXT} | fields).user


@pytest.fixture
def states():
    """{name: (the page as it was answered, the client that got it)}."""
    topics = [make_topic(name=f"Topic {number}") for number in range(16)]
    found = {}

    def see(name, user, address, sent=None, status=200):
        client = Client()
        sign_in(client, user)
        answer = client.get(address) if sent is None else client.post(address, sent)
        assert (name, answer.status_code) == (name, status)
        found[name] = answer

    alone = make_peer(name=WORD)
    see("a directory with nobody in it", alone, PEERS)
    see("no profile yet", make_member().user, OWN)
    see("no introduction yet", alone, LIST)

    rosa, paul = make_peer(), make_peer(name=WORD, languages=["en", "es", "so"])
    for number in range(28):
        one = make_peer(name=f"Rosa Diaz {number}", helps_domains=["data", "tools"], seeks_domains=["learning"])
        one.peer_profile.helps_topics.set(topics[:2])
    rosa.peer_profile.seeks_topics.set(topics)
    PeerProfile.objects.filter(user=rosa).update(seeks_domains=["data"])
    see("a directory with 30 people", rosa, PEERS)
    see("a directory under filters", rosa, f"{PEERS}?domain=data&q=rosa")
    see("a directory in which nothing matches", rosa, f"{PEERS}?domain=data&q=zzzzz")
    person, asking = [reverse(name, args=[paul.peer_profile.pk]) for name in ("peer_detail", "peer_ask")]
    see("a person", rosa, person)
    see("to ask", rosa, asking)
    see("to ask, with errors", rosa, asking, {"message": "a" * 2001}, 400)
    see("to ask, refused", make_peer(name=""), asking, {"message": TEXT}, 409)
    see("to report a person", rosa, f"{person}report/")
    see("to report a person, with errors", rosa, f"{person}report/", {"text": " "}, 400)

    for state in State:
        one = make_introduction(make_peer(), paul, state=state, message=TEXT, domain="data")
        see(f"an introduction: {state}, to who asked", one.asker, one.get_absolute_url())
        see(f"an introduction: {state}, to who is asked", paul, one.get_absolute_url())
    hidden = make_introduction(make_peer(), paul, state=State.ACCEPTED, message=TEXT)
    introductions.block(user=paul, other=make_peer(name=WORD))
    PeerProfile.objects.filter(user=hidden.asker).update(is_listed=False)
    see("an introduction with somebody who hid", paul, hidden.get_absolute_url())
    see("an agreed introduction, to who hid", hidden.asker, hidden.get_absolute_url())
    gone = make_introduction(make_peer(), paul, state=State.ACCEPTED, message=TEXT)
    erase_account(user=gone.asker)
    see("an introduction with somebody who is gone", paul, gone.get_absolute_url())
    see("to report somebody who is gone", paul, f"{gone.get_absolute_url()}report/")
    see("introductions of every state, and blocks", paul, LIST)
    PeerProfile.objects.filter(user=paul).update(is_listed=False)
    waiting = Introduction.objects.open().get(asked=paul)
    see("an introduction that waits for who hid", paul, waiting.get_absolute_url())

    said = {"helps": TEXT, "seeks_topics": [one.pk for one in topics], "digest": "never"}
    see("one's own profile", rosa, OWN)
    see("a preview", rosa, OWN, {"preview": "1", "shown": list(PeerProfile.Part), "is_listed": "on"} | said)
    see("one's own profile, with errors", rosa, OWN, said | {"helps": "a" * 1001, "is_listed": "on"}, 400)

    left = make_peer()
    left.memberships.update(ended_on=timezone.localdate())
    see("one's own profile after the tie ended", left, OWN)

    government = rosa.peer_profile.membership.jurisdiction
    see("to join", make_user(), JOIN)
    see("to join, looked up", make_user(), f"{JOIN}?q={government.place.name}")
    see("to join, not found", make_user(), f"{JOIN}?q={WORD}")
    see("to join, picked", make_user(), f"{JOIN}?place={government.place_id}")
    see("to join, with errors", make_user(), JOIN, {"website": "no address", "title": WORD}, 400)
    see("to join, asked", make_tie_request(government_name=WORD).user, JOIN)
    answer = {"status": "declined", "settled_at": timezone.now(), "settled_by": make_user(), "answer": TEXT}
    see("to join, declined", make_tie_request(**answer).user, JOIN)
    see("to join another one", rosa, JOIN)
    return found


def test_every_state_is_valid_small_kept_by_nobody_and_found_by_no_search_engine(states, client, validate_html):
    pages = {name: answer.content.decode() for name, answer in states.items()}
    for name, page in pages.items():
        files = re.findall(r'<link rel="stylesheet" href="([^"]+)"|<script src="([^"]+)"', page)
        weights = [len(served_bytes(client, style or script, "br")) for style, script in files]
        assert weights
        assert (name, len(gzip.compress(page.encode())) + sum(weights) <= BUDGET) == (name, True)
    headers = {(answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) for answer in states.values()}
    assert headers == {("private, no-store", "noindex")}
    assert [name for name, page in pages.items() if '<meta name="robots" content="noindex">' not in page] == []
    assert [
        name for name, page in pages.items() if re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|placeholder=", page)
    ] == []
    validate_html(list(pages.items()))


def test_no_state_has_a_fault_or_is_wider_than_the_screen(states, page, live_server):
    """Each page as it was answered, with the style that the server has for it."""
    page.emulate_media(reduced_motion="reduce")
    shown = {}
    page.route("**/state/", lambda route: route.fulfill(body=shown["body"], content_type="text/html; charset=utf-8"))
    for name, answer in states.items():
        shown["body"] = answer.content
        page.goto(f"{live_server}/state/")
        for width, scheme in ((320, None), (360, "light"), (768, None), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            most = page.evaluate("document.documentElement.scrollWidth")
            assert (name, most) == (name, width)
            if scheme:
                page.emulate_media(color_scheme=scheme)
                assert (name, scheme, faults(page)) == (name, scheme, [])
