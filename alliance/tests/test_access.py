"""The access table holds for every address of the URL resolver and every kind of person."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from alliance.access import ACCESS, ADMIN_SITE, BY_KEY, ENTRANCE, EVERYONE, REVIEW, SIGNED_IN
from alliance.core.tests.factories import PASSWORD, code_of_the_app, make_admin, make_curator, make_user, sign_in
from alliance.core.tests.files import pdf
from alliance.core.tests.note_factories import make_report
from cohorts.tests.factories import make_cohort, make_jurisdiction, make_milestone
from members.collaborations.tests.factories import make_collaboration, make_gathering, make_measure
from members.partners.tests.factories import make_partner
from members.pathway.questions import SECTIONS
from members.pathway.tests.factories import make_application, make_assessment
from resources.tests.factories import make_collection, make_resource, make_topic

pytestmark = pytest.mark.django_db

PEOPLE = ("visitor", "person", "curator", "admin")


def addresses(resolver=None, namespace=""):
    """(row of the access table, name for reverse) of every address that the resolver knows."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            row = f"{namespace}:*" if namespace else pattern.name
            yield row, f"{namespace}:{pattern.name}" if namespace else pattern.name
        else:
            yield from addresses(pattern, pattern.namespace or namespace)


ADDRESSES = list(addresses())
PUBLIC = [name for row, name in ADDRESSES if ACCESS.get(row) == EVERYONE]


def make_resource_with_a_file(**fields):
    return make_resource(file=ContentFile(pdf(), name="plan.pdf"), **fields)


def make_topic_in_use(**fields):
    """A topic with a resource: the time of an empty feed is that of its making."""
    topic = make_topic(**fields)
    make_resource(topics=[topic])
    return topic


# The pages of one object: what to create, so that there is something to see.
OBJECTS = {
    "cohort_detail": make_cohort,
    "jurisdiction_detail": make_jurisdiction,
    "partner_detail": make_partner,
    "collaboration_detail": make_collaboration,
    "activity_list": make_collaboration,
    "update_list": make_collaboration,
    "calendar_ics": make_collaboration,
    "gathering_list": make_collaboration,
    "collaboration_measures_csv": make_collaboration,
    "measure_detail": make_measure,
    "measure_csv": make_measure,
    "resource_detail": make_resource,
    "resource_file": make_resource_with_a_file,
    "topic_detail": make_topic,
    "topic_feed": make_topic_in_use,
    "collection_detail": make_collection,
}


@pytest.fixture
def client_of():
    makers = {"person": make_user, "curator": make_curator, "admin": make_admin}

    def log_in(person):
        client = Client()
        if person != "visitor":
            sign_in(client, makers[person]())
        return client

    return log_in


def address_of(name):
    if name == "sitemap_section":
        return reverse(name, args=["resource"])
    if name == "note_answer":
        return reverse(name, args=["sent"])
    if name == "data_file":
        return reverse(name, args=["partners", "csv"])
    if name in ("gathering", "gathering_ics"):
        one = make_gathering()
        return reverse(name, args=[one.collaboration.slug, one.pk])
    return reverse(name, args=[OBJECTS[name]().slug] if name in OBJECTS else [])


def test_every_address_has_a_row_and_every_row_an_address():
    assert {row for row, _name in ADDRESSES} == set(ACCESS)


def test_every_rule_is_one_of_the_five():
    assert set(ACCESS.values()) == {EVERYONE, BY_KEY, ENTRANCE, SIGNED_IN, REVIEW, ADMIN_SITE}


def test_an_address_without_a_row_does_not_exist_for_anybody(monkeypatch, client_of):
    monkeypatch.delitem(ACCESS, "about")
    assert [client_of(person).get("/about/").status_code for person in PEOPLE] == [404] * 4


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", PUBLIC)
def test_everyone_may_open_the_public_addresses(name, person, client_of):
    expected = 302 if name == "favicon" else 200
    assert client_of(person).get(address_of(name)).status_code == expected


@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in ("healthz", "readyz")])
def test_a_public_page_is_the_same_for_everybody_and_sets_no_cookie(name, client_of):
    make_milestone()  # the time of an empty feed is that of its making
    make_resource()
    address = address_of(name)
    answers = [client_of(person).get(address) for person in PEOPLE]
    assert len({answer.getvalue() if answer.streaming else answer.content for answer in answers}) == 1
    assert [dict(answer.cookies) for answer in answers] == [{}] * 4
    assert not any("Cookie" in answer.headers.get("Vary", "") for answer in answers)


@pytest.mark.parametrize("cookie", ["csrftoken=zz", "sessionid=abc", "sessionid=" + "x" * 32, "messages=broken"])
@pytest.mark.parametrize("address", ["/", "/jurisdictions/", "/resources/", "/no-such-page/", "/feeds/milestones.atom"])
def test_a_broken_cookie_is_not_mended_on_a_public_page(address, cookie, client):
    answer = client.get(address, headers={"cookie": cookie})
    assert dict(answer.cookies) == {}
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_signing_in_and_curating_sets_two_cookies(client):
    admin = make_admin()
    client.get("/account/login/password/")
    client.post("/account/login/password/", {"login": admin.email, "password": PASSWORD})
    client.post("/account/login/two-step/", {"code": code_of_the_app(admin)})
    client.post("/admin/cohorts/cohort/", {"action": "archive", "_selected_action": [make_cohort().pk]})
    assert get_user(client) == admin
    assert set(client.cookies) == {"csrftoken", "sessionid"}


KEYED = {
    "readiness_start": (),
    "readiness_government": (),
    "readiness_domain": ("data",),
    "readiness_result": (),
    "readiness_shared": (),
    "readiness_share": (),
    "readiness_delete": (),
    "report": (),
    "suggest": (),
    "note": (),
}
# Those that hand out keys.
KEYLESS = ("readiness_start", "report", "suggest")
# Those that take a form and show nothing.
FORM_ONLY = ("readiness_share",)
KEY = "k" * 32


def test_the_pages_behind_a_key_are_these():
    assert {name for row, name in ADDRESSES if ACCESS.get(row) == BY_KEY} == set(KEYED)


def keyed_address(name, key):
    return reverse(name, args=[] if name in KEYLESS else [key, *KEYED[name]])


@pytest.fixture
def behind_the_key():
    make_assessment({"data": 2}, key=KEY, share_key=KEY)
    make_report(state="unconfirmed", key=KEY)


@pytest.mark.parametrize("name", [name for name in KEYED if name not in FORM_ONLY])
def test_whoever_holds_the_key_gets_the_same_page_and_nobody_keeps_it(name, behind_the_key, client_of):
    address = keyed_address(name, KEY)
    answers = [client_of(person).get(address) for person in PEOPLE]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    for answer in answers:
        assert dict(answer.cookies) == {}
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert_private(answer)


def assert_private(answer):
    expected = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    assert {name: answer.headers.get(name) for name in expected} == expected


@pytest.mark.parametrize("name", [name for name in KEYED if name not in KEYLESS + FORM_ONLY])
def test_without_the_key_the_page_does_not_exist_for_anybody(name, behind_the_key, client_of):
    answers = [client_of(person).get(keyed_address(name, "A" * 32)) for person in PEOPLE]
    assert [answer.status_code for answer in answers] == [404] * 4
    for answer in answers:
        assert_private(answer)


@pytest.mark.parametrize("name", ["readiness_start", "readiness_domain", "readiness_share", "readiness_delete", "note"])
def test_a_form_behind_a_key_is_taken_without_a_cookie_and_sets_none(name, behind_the_key):
    sender = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    answer = sender.post(keyed_address(name, KEY), {"level": "1"}, headers={"cookie": "csrftoken=zz"})
    assert answer.status_code in (200, 303)
    assert dict(answer.cookies) == {}
    assert_private(answer)


FEEDS = ("sitemap", "sitemap_section", "milestone_feed", "resource_feed", "topic_feed")


@pytest.mark.parametrize("method", ["options", "trace"])
def test_the_feeds_and_the_sitemap_answer_reading_only(method, client_of):
    visitor = client_of("visitor")
    assert [getattr(visitor, method)(address_of(name)).status_code for name in FEEDS] == [405] * len(FEEDS)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in FEEDS])
def test_public_addresses_only_read(name, method, client_of):
    assert getattr(client_of("visitor"), method)(address_of(name)).status_code == 405


@pytest.mark.parametrize(
    ("make", "name"),
    [(maker, name) for name, maker in OBJECTS.items()],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_published_does_not_exist_in_public(make, name, status, client_of):
    address = reverse(name, args=[make(status=status).slug])
    assert [client_of(person).get(address).status_code for person in PEOPLE] == [404] * 4


# To come in: what a visitor gets, and what those who are in already. 302 leads on, to the page before or the account.
ENTRANCES = {
    "account_login": (200, 302),
    "account_request_login_code": (200, 302),
    "account_confirm_login_code": (302, 302),
    "account_password_login": (200, 302),
    "mfa_login_webauthn": (302, 302),
    "mfa_authenticate": (302, 302),
    "account_signup": (200, 302),
    "account_email_verification_sent": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_password_reset_code": (302, 302),
    "account_complete_password_reset": (302, 302),
    "account_password_reset_completed": (200, 200),
    "account_inactive": (200, 200),
    "account_logout": (302, 200),
    "account_deleted": (200, 200),
}


def assert_kept_by_nobody(answer):
    expected = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    assert {name: answer.headers.get(name) for name in expected} == expected


@pytest.mark.parametrize("name", [name for row, name in ADDRESSES if ACCESS.get(row) == ENTRANCE])
def test_the_ways_in_are_open_to_visitors_and_kept_by_nobody(name, client_of):
    answers = [client_of(person).get(reverse(name)) for person in PEOPLE]
    for_visitor, for_others = ENTRANCES[name]
    assert [answer.status_code for answer in answers] == [for_visitor, *[for_others] * 3]
    for answer in answers:
        assert_kept_by_nobody(answer)


# What is about oneself: answers to a GET by somebody with a password who has just shown their second step.
# "person" has none: for them some pages lead to where it is set up.
OWN = {
    "account": (200, 200),
    "account_email": (200, 200),
    "account_change_password": (200, 200),
    "account_set_password": (302, 302),
    "account_reauthenticate": (200, 200),
    "mfa_reauthenticate": (302, 200),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_index": (200, 200),
    "mfa_activate_totp": (200, 302),
    "mfa_deactivate_totp": (404, 200),
    "mfa_view_recovery_codes": (404, 404),
    "mfa_generate_recovery_codes": (200, 200),
    "mfa_download_recovery_codes": (404, 404),
    "mfa_list_webauthn": (200, 200),
    "mfa_add_webauthn": (200, 200),
    "mfa_edit_webauthn": (404, 404),
    "mfa_remove_webauthn": (404, 404),
    "usersessions_list": (200, 200),
    "account_sign_out_everywhere": (405, 405),
    "account_mail": (200, 200),
    "account_data": (200, 200),
    "account_delete": (200, 200),
    "readiness_keep": (200, 200),
}
OF_ONE = {"mfa_edit_webauthn": [1], "mfa_remove_webauthn": [1], "readiness_keep": [KEY]}
# Of an application to whose team none of these people belongs: what stands behind its key in the address.
OF_AN_APPLICATION = {
    "application": (),
    "application_section": (SECTIONS[0],),
    "application_team": (),
    "application_member_remove": (1,),
    "application_hand_over": (1,),
    "application_invitation_revoke": (1,),
    "application_files": (),
    "application_file": (1,),
    "application_file_remove": (1,),
    "application_sign_off": (),
    "application_submit": (),
    "application_receipt": (),
    "application_print": (),
    "application_json": (),
    "application_messages": (),
    "application_answer": (),
    "application_withdraw": (),
    "application_reopen": (),
    "application_defer": (),
    "application_onboarding": (),
    "application_page": (),
}
# Of a government of which none of these people is a member.
OF_A_GOVERNMENT = {
    "government": (),
    "propose": ("summary",),
    "propose_change": ("milestone", 1),
    "proposal": ("00000000-0000-4000-8000-000000000000",),
}
# Of a collaboration of which none of these people is; to join one anybody may ask.
OF_A_COLLABORATION = {
    "collaboration_join": (),
    "collaboration_requests": (),
    "collaboration_request": (1,),
    "collaboration_close": (),
    "known_gathering": (1,),
    "known_gathering_ics": (1,),
    "collaboration_room": (),
    "collaboration_history": (),
    "collaboration_edit": ("page",),
    "collaboration_remove": ("update", 1),
    "collaboration_points": (1,),
    "collaboration_paste": (1,),
}
# Of the peer network, with which these people have no tie: staff look on.
OWN |= {"peer_list": (303, 200), "peer_detail": (303, 404), "peers_join": (200, 200), "peer_profile": (303, 303)}
OWN |= {"peer_ask": (303, 404), "peer_report": (303, 404), "peer_block": (303, 303), "introduction_list": (303, 200)}
OWN |= {"introduction": (303, 404), "introduction_report": (303, 404)}
OF_ONE |= dict.fromkeys(["peer_detail", "peer_ask", "peer_report", "peer_block"], [1])
OF_ONE |= dict.fromkeys(["introduction", "introduction_report"], ["00000000-0000-4000-8000-000000000000"])
STRANGE = [*OF_AN_APPLICATION, *OF_A_GOVERNMENT, *OF_A_COLLABORATION, "invitation"]
OWN |= dict.fromkeys(STRANGE, (404, 404)) | dict.fromkeys(["apply", "collaboration_join"], (200, 200))


def own_address(name):
    if name in OF_AN_APPLICATION:
        return reverse(name, args=[make_application().pk, *OF_AN_APPLICATION[name]])
    if name in OF_A_GOVERNMENT:
        return reverse(name, args=[make_jurisdiction().slug, *OF_A_GOVERNMENT[name]])
    if name in OF_A_COLLABORATION:
        return reverse(name, args=[make_collaboration().slug, *OF_A_COLLABORATION[name]])
    if name == "invitation":
        return reverse(name, args=[KEY])
    return reverse(name, args=OF_ONE.get(name, []))


@pytest.mark.parametrize("name", [name for row, name in ADDRESSES if ACCESS.get(row) == SIGNED_IN])
def test_ones_own_pages_ask_visitors_to_sign_in_and_are_kept_by_nobody(name, behind_the_key, client_of):
    address = own_address(name)
    answers = {person: client_of(person).get(address) for person in PEOPLE}
    assert answers["visitor"].headers["Location"] == f"/account/login/?next={address}"
    for_person, for_staff = OWN[name]
    assert [answer.status_code for answer in answers.values()] == [302, for_person, for_staff, for_staff]
    for answer in answers.values():
        assert_kept_by_nobody(answer)


def test_nobody_finds_another_persons_passkey(client_of):
    other = Authenticator.objects.create(user=make_user(), type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client_of("person").get(reverse(name, args=[other.pk])).status_code == 404


# What each person gets at the addresses of the admin that take no object.
ADMIN_ANSWERS = {
    "visitor": {"admin:index": 302, "admin:cohorts_jurisdiction_changelist": 302, "admin:core_user_changelist": 302},
    "person": {"admin:index": 403, "admin:cohorts_jurisdiction_changelist": 403, "admin:core_user_changelist": 403},
    "curator": {"admin:index": 200, "admin:cohorts_jurisdiction_changelist": 200, "admin:core_user_changelist": 403},
    "admin": {"admin:index": 200, "admin:cohorts_jurisdiction_changelist": 200, "admin:core_user_changelist": 200},
}


@pytest.mark.parametrize("person", PEOPLE)
def test_the_admin_opens_for_staff_with_the_right_only(person, client_of):
    client = client_of(person)
    answers = {name: client.get(reverse(name)).status_code for name in ADMIN_ANSWERS[person]}
    assert answers == ADMIN_ANSWERS[person]


ADMIN_LISTS = [name for row, name in ADDRESSES if row == "admin:*" and name.endswith(("_changelist", "_add"))]


def test_an_address_that_leads_nowhere_in_the_admin_does_not_exist_for_staff(client):
    sign_in(client, make_curator())
    assert client.get("/admin/nothing-here/").status_code == 404


@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_no_list_or_form_of_the_admin_opens_without_the_staff_mark(name, client_of):
    assert [client_of(person).get(reverse(name)).status_code for person in ("visitor", "person")] == [302, 403]
