"""The directory of the peer network: whom one finds there, by what, and what one sees of them."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from alliance.accounts.leaving import erase_account, held_about
from alliance.core.models import OutgoingMail, User
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from cohorts.tests.factories import make_jurisdiction, make_place
from members.peers import profiles, reports
from members.peers.face import face_of
from members.peers.matches import suggested
from members.peers.models import Block, Introduction, PeerProfile
from resources.tests.factories import make_topic

from .factories import make_abuse_report, make_introduction, make_member, make_profile

pytestmark = pytest.mark.django_db

PEERS, OWN = "/peers/", "/account/peer/"
ROSA = "rosa.diaz@duluth.example.gov"
Part = PeerProfile.Part


@pytest.fixture
def viewer(client):
    """A member who looks for help with data, from a city of 10,000."""
    town = make_jurisdiction(name="Northfield", place=make_place(name="Northfield"))
    mine = make_profile(make_member(jurisdiction=town), seeks_domains=["data"], helps_domains=["tools"])
    sign_in(client, mine.user)
    return mine


def make_rosa(shown=tuple(Part.values), **fields):
    """Somebody with something in every part."""
    place = make_place(name="Duluth", latitude=46.8, longitude=-92.1, population=8_000)
    town = make_jurisdiction(name="Duluth", kind="city", place=place)
    tie = make_member(make_user(name="Rosa Diaz"), town, title="Equity officer")
    values = {"helps": "Our budgets.", "seeks": "A trainer.", "helps_domains": ["data"], "seeks_domains": ["tools"]}
    rosa = make_profile(tie, shown=list(shown), languages=["so"], **values | fields)
    rosa.helps_topics.add(make_topic(name="Housing", slug="housing"))
    return rosa


def names(client, **query):
    answer = client.get(PEERS, query)
    return [str(face) for _one, face in answer.context["found"]]


# --- who may look ---


def test_staff_look_on_and_whoever_has_no_tie_is_led_to_ask(client):
    rosa = make_rosa()
    addresses = [PEERS, f"{PEERS}{rosa.pk}/"]
    for user, expected in ((make_curator(), 200), (make_admin(), 200), (make_member().user, 200), (make_user(), 303)):
        sign_in(client, user)
        answers = [client.get(address) for address in addresses]
        assert [answer.status_code for answer in answers] == [expected] * 2
        if expected == 303:
            assert {answer.url for answer in answers} == {"/peers/join/"}


def test_whose_tie_ended_or_waits_is_led_to_ask(client):
    for fields in ({"ended_on": timezone.localdate()}, {"verified_on": None, "verified_by": None}):
        tie = make_member()
        type(tie).objects.filter(pk=tie.pk).update(**fields)
        sign_in(client, tie.user)
        assert [client.get(address).url for address in (PEERS, OWN)] == ["/peers/join/"] * 2


def test_it_is_kept_by_nobody_and_found_by_no_search_engine(viewer, client):
    rosa = make_rosa()
    for address in (PEERS, f"{PEERS}{rosa.pk}/", OWN, "/peers/join/"):
        answer = client.get(address)
        assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("private, no-store", "noindex")
        assert '<meta name="robots" content="noindex">' in answer.content.decode()
        assert f"{PEERS}{rosa.pk}/" not in client.get("/sitemap.xml").content.decode()


def test_the_directory_says_to_whoever_cannot_be_found_that_they_cannot(viewer, client):
    words = "Nobody can find you here now."
    assert words not in client.get(PEERS).content.decode()
    make_abuse_report(
        about=viewer.user, state="settled", settled_at=timezone.now(), settled_by=make_user(), outcome="-", hides=True
    )
    assert words in client.get(PEERS).content.decode()


# --- what one sees ---


WORDS = {
    Part.NAME: ["Rosa Diaz"],
    Part.GOVERNMENT: ["Duluth"],
    Part.TITLE: ["Equity officer"],
    Part.HELPS: ["Our budgets.", "Data", "Housing"],
    Part.SEEKS: ["A trainer.", "Tools in decisions"],
    Part.LANGUAGES: ["Somali"],
    Part.TIME: ["A call now and then"],
}


@pytest.mark.parametrize("part", Part.values)
def test_each_part_is_seen_where_it_is_shown_and_nowhere_else(part, viewer, client):
    """The list, the page, the preview of its own person, and every number and choice of the filters."""
    rosa = make_rosa(shown=[part])
    own = Client()
    sign_in(own, rosa.user)
    preview = own.get(OWN).content.decode().partition('id="preview"')[2].partition("</section>")[0]
    page = client.get(f"{PEERS}{rosa.pk}/").content.decode().partition("<h1")[2].partition("</main>")[0]
    listed = client.get(PEERS).content.decode().partition('<ol class="entries">')[2].partition("</ol>")[0]
    for text in (preview, page, listed):
        assert {one: [word in text for word in words] for one, words in WORDS.items()} == {
            one: [one == part] * len(words) for one, words in WORDS.items()
        }


FINDS = [
    (Part.NAME, {"q": "rosa"}),
    (Part.GOVERNMENT, {"q": "duluth"}),
    (Part.GOVERNMENT, {"state": "MN"}),
    (Part.GOVERNMENT, {"kind": "city"}),
    (Part.TITLE, {"q": "officer"}),
    (Part.HELPS, {"q": "budgets"}),
    (Part.HELPS, {"domain": "data"}),
    (Part.HELPS, {"topic": "housing"}),
    (Part.SEEKS, {"q": "trainer"}),
    (Part.LANGUAGES, {"language": "so"}),
]


@pytest.mark.parametrize(("part", "query"), FINDS)
def test_what_is_not_shown_is_neither_searched_nor_filtered_nor_counted(part, query, viewer, client):
    rosa = make_rosa(shown=[part])
    assert len(names(client, **query)) == 1
    rosa.shown = [one for one in Part.values if one != part]
    rosa.save()
    assert names(client, **query) == []
    offered = {
        (facet.param, choice.value) for facet, choices in client.get(PEERS).context["listing"].choices
        for choice in choices
    }  # fmt: skip
    assert not offered & set(query.items())


def test_the_closest_name_comes_first(viewer, client):
    for name in ("Rosalind Tan", "Rosa", "Kim Rosa"):
        make_profile(make_member(make_user(name=name)), shown=["name"])
    assert names(client, q="rosa") == ["Rosa", "Rosalind Tan", "Kim Rosa"]


def test_what_is_not_shown_sorts_nobody(viewer, client):
    for name, shown in (("Zumbrota", ["government"]), ("Ada", ["time"]), ("Bemidji", ["government"])):
        make_profile(make_member(jurisdiction=make_jurisdiction(name=name)), shown=shown)
    found = names(client, sort="government")
    assert found == ["Somebody at Bemidji, MN", "Somebody at Zumbrota, MN", "Somebody in the peer network"]


def test_a_topic_without_a_page_is_named_nowhere(viewer, client):
    rosa = make_rosa()
    rosa.helps_topics.update(status="archived")
    assert "Housing" not in client.get(PEERS).content.decode()
    assert names(client, topic="housing") == []


def test_nobody_is_ever_called_by_their_address(viewer, client):
    nameless = make_profile(make_member(make_user(email="secretive@example.gov")), shown=["name"])
    for address in (PEERS, f"{PEERS}{nameless.pk}/"):
        page = client.get(address).content.decode()
        assert ("secretive" in page, "Somebody in the peer network" in page) == (False, True)


def test_what_people_write_is_text(viewer, client):
    rosa = make_rosa(helps="<script>alert(1)</script>")
    type(rosa.user).objects.filter(pk=rosa.user_id).update(name="<b>Rosa</b>")
    for address in (PEERS, f"{PEERS}{rosa.pk}/"):
        page = client.get(address).content.decode()
        assert ("<script>alert" in page, "<b>Rosa" in page, "&lt;b&gt;Rosa" in page) == (False, False, True)


# --- whom one may want to meet ---


def test_the_reasons_are_true_and_the_best_match_comes_first(viewer):
    alike = make_profile(make_member(jurisdiction=make_jurisdiction(kind="city", place=make_place())), helps="")
    rosa = make_rosa()
    (first, face, why), (second, _face, why_alike) = suggested(viewer)
    assert (first, str(face), second) == (rosa, "Rosa Diaz", alike)
    assert why == [
        "can help with what you look for: Data", "also a city", "about the same size, with 8,000 people",
        "in the same state", "132 miles away",
    ]  # fmt: skip
    assert why_alike == ["also a city", "about the same size, with 10,000 people", "in the same state", "0 miles away"]


def test_topics_count_as_domains_do(viewer):
    rosa = make_rosa(helps_domains=[])
    viewer.seeks_topics.set(rosa.helps_topics.all())
    assert suggested(viewer)[0][2][0] == "can help with what you look for: Housing"


def test_no_reason_speaks_of_what_is_not_shown(viewer):
    rosa = make_rosa(shown=["name"])
    assert suggested(viewer) == []
    rosa.shown = ["helps"]
    rosa.save()
    assert [why for _one, _face, why in suggested(viewer)] == [["can help with what you look for: Data"]]


def test_colleagues_are_not_called_alike(viewer):
    make_profile(make_member(jurisdiction=viewer.membership.jurisdiction))
    assert suggested(viewer) == []


# --- to be found nowhere ---


def hide(profile, viewer):
    profiles.hide(user=profile.user)


def leave(profile, viewer):
    profiles.leave(user=profile.user)


def end(profile, viewer):
    profile.user.memberships.update(ended_on=timezone.localdate())


def doubt(profile, viewer):
    profile.user.memberships.update(verified_on=None, verified_by=None)


def deactivate(profile, viewer):
    type(profile.user).objects.filter(pk=profile.user_id).update(is_active=False)


def erase(profile, viewer):
    erase_account(user=profile.user)


def be_hidden_by_staff(profile, viewer):
    report = make_abuse_report(about=profile.user)
    reports.settle(report=report, by=make_admin(), outcome="They wrote to many.", hides=True)


def block(profile, viewer):
    Block.objects.create(blocker=profile.user, blocked=viewer.user)


def be_blocked(profile, viewer):
    Block.objects.create(blocker=viewer.user, blocked=profile.user)


def is_met(page):
    """Whether a page of introductions shows Rosa or her address, all of it or nothing."""
    (is_there,) = {word in page for word in ("Rosa Diaz", ROSA)}
    return is_there


PLACES = {
    "the list": lambda client, viewer, pk: f"{PEERS}{pk}/" in client.get(PEERS).content.decode(),
    "the count": lambda client, viewer, pk: client.get(PEERS).context["listing"].total > 0,
    "the search": lambda client, viewer, pk: names(client, q="rosa") != [],
    "the filters": lambda client, viewer, pk: names(client, domain="data") != [],
    "the choices": lambda client, viewer, pk: any(
        choices for _facet, choices in client.get(PEERS).context["listing"].choices
    ),
    "the suggestions": lambda client, viewer, pk: suggested(viewer) != [],
    "the page": lambda client, viewer, pk: client.get(f"{PEERS}{pk}/").status_code == 200,
    "the page to ask on": lambda client, viewer, pk: client.get(f"{PEERS}{pk}/ask/").status_code == 303,
    "the mail with new people": lambda client, viewer, pk: PeerProfile.objects.new_for(
        viewer, timezone.localdate(), timezone.localdate() + timedelta(days=1)
    ).exists(),
    "the introductions": lambda client, viewer, pk: is_met(
        client.get("/account/introductions/").content.decode().partition('id="blocked"')[0]
    ),
    "an introduction": lambda client, viewer, pk: is_met(
        client.get(Introduction.objects.get().get_absolute_url()).content.decode()
    ),
    "the file of one's data": lambda client, viewer, pk: "Accepted" in str(held_about(viewer.user)["introductions"]),
    "the site's search": lambda client, viewer, pk: "Rosa" in client.get("/search/?q=rosa").content.decode(),
}
PRIVATE = "the site's search"


@pytest.mark.parametrize("way", [hide, leave, end, doubt, deactivate, erase, be_hidden_by_staff, block, be_blocked])
def test_whoever_is_gone_is_found_nowhere_on_the_next_request(way, viewer, client):
    rosa = make_rosa()
    User.objects.filter(pk=rosa.user_id).update(email=ROSA)
    make_introduction(viewer.user, rosa.user, state="accepted")
    before = {name: is_found(client, viewer, rosa.pk) for name, is_found in PLACES.items()}
    assert before == {name: name != PRIVATE for name in PLACES}
    way(rosa, viewer)
    assert {name: is_found(client, viewer, rosa.pk) for name, is_found in PLACES.items()} == dict.fromkeys(
        PLACES, False
    )
    there = client.get(f"{PEERS}{rosa.pk}/")
    nowhere = client.get(f"{PEERS}{rosa.pk + 1000}/")
    assert (there.status_code, there.content) == (
        404,
        nowhere.content.replace(b"%d" % (rosa.pk + 1000), b"%d" % rosa.pk),
    )
    assert not OutgoingMail.objects.filter(Q(text__contains="Rosa") | Q(subject__contains="Rosa")).exists()


# --- cost ---


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_take_the_same_questions_for_any_number(rows, viewer, client, django_assert_num_queries):
    topic = make_topic(name="Housing")
    viewer.seeks_topics.add(topic)
    for _row in range(rows):
        one = make_profile(helps_domains=["data"])
        one.helps_topics.add(topic)
    with django_assert_num_queries(15):
        client.get(PEERS)
    with django_assert_num_queries(11):
        client.get(PEERS, {"q": "plan", "domain": "data"})
    with django_assert_num_queries(6):
        client.get(f"{PEERS}{one.pk}/")


BAD = [
    "q=%00",
    "domain=%00",
    "page=zzz",
    "page=0",
    "q=" + "a" * 9000,
    "state[]=MN",
    "topic='--",
    "sort=x",
    "language=xx",
]


@pytest.mark.parametrize("query", BAD)
def test_a_bad_query_string_gets_a_page(query, viewer, client):
    assert client.get(f"{PEERS}?{query}").status_code == 200


@pytest.mark.parametrize("pk", ["0", "9" * 30, "-1", "%00", "x"])
def test_a_bad_address_does_not_exist(pk, viewer, client):
    assert client.get(f"{PEERS}{pk}/").status_code == 404


def test_a_face_says_no_more_than_the_parts_that_are_shown(viewer):
    rosa = make_rosa(shown=["time"])
    face = face_of(PeerProfile.objects.with_people().get(pk=rosa.pk))
    assert face == ("", None, "", None, None, [], "A call now and then")
