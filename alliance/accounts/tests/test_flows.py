"""What the doors of an account let through and what they don't, by Django's test client."""

import time
from datetime import timedelta
from importlib import import_module
from threading import Barrier, Thread

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from alliance.accounts import tidy
from alliance.accounts.adapter import AccountAdapter
from alliance.accounts.doors import GUESSES, MAILS
from alliance.accounts.leaving import erase_account
from alliance.accounts.views import account, live_sessions
from alliance.core.models import OutgoingMail, User
from alliance.core.models.user import SECOND_STEPS
from alliance.core.tests.admin_forms import filled_in
from alliance.core.tests.factories import PASSWORD, SECRET, make_admin, make_curator, make_user, sign_in
from alliance.core.tests.threads import at_once
from cohorts.tests.factories import make_membership

from .ways import ask_for_code, code_in_mail, code_of_app, is_signed_in, kinds_to, sign_in_by_code

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "four words in a row"


@pytest.fixture
def clock(monkeypatch):
    """A clock that can be put forward by seconds."""
    offset = [0]
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + offset[0])

    def forward(seconds):
        offset[0] += seconds

    return forward


@pytest.fixture
def ada():
    return make_user(email="ada@example.org")


def sign_in_by_password(client, user, password=PASSWORD, **data):
    return client.post("/account/login/password/", {"login": user.email, "password": password, **data})


def words_of(client, address="/account/login/"):
    """The messages that the page at an address shows."""
    return [str(message) for message in client.get(address).context["messages"]]


# --- codes ---


def test_a_code_lets_in_to_the_account(client, ada):
    answer = ask_for_code(client, ada.email)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/login/code/")
    answer = client.post("/account/login/code/", {"code": code_in_mail(ada.email)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/")
    assert is_signed_in(client)


def test_a_code_is_read_in_any_case_and_with_or_without_its_dash(client, ada):
    ask_for_code(client, ada.email)
    client.post("/account/login/code/", {"code": f" {code_in_mail(ada.email).lower().replace('-', '')} "})
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["ADA@Example.org", " ada@example.org ", "ａｄａ@example.org", "ada@ｅxample.org"])
def test_an_address_is_known_however_it_is_typed(typed, client, ada):
    ask_for_code(client, typed)
    assert kinds_to(ada.email) == ["sign_in_code"]


def test_the_third_wrong_code_ends_the_try(client, ada):
    ask_for_code(client, ada.email)
    right = code_in_mail(ada.email)
    answers = [client.post("/account/login/code/", {"code": "XXXX-XXXX"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 303]
    assert answers[2].headers["Location"] == "/account/login/"
    client.post("/account/login/code/", {"code": right})
    assert not is_signed_in(client)
    assert words_of(client)[0] == "The code was wrong too often, so it is of no use now. Ask for a new one."


def test_a_code_is_dead_after_fifteen_minutes(client, ada, clock):
    ask_for_code(client, ada.email)
    clock(901)
    answer = client.post("/account/login/code/", {"code": code_in_mail(ada.email)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/login/")
    assert words_of(client) == ["No code is waited for any more. Ask for a new one."]
    assert not is_signed_in(client)


def test_a_code_lives_up_to_fifteen_minutes(client, ada, clock):
    ask_for_code(client, ada.email)
    clock(895)
    client.post("/account/login/code/", {"code": code_in_mail(ada.email)})
    assert is_signed_in(client)


def test_a_code_works_once_and_in_the_browser_that_asked_only(client, ada):
    sign_in_by_code(client, ada.email)
    client.post("/account/logout/")
    code = code_in_mail(ada.email)
    thief = Client()
    for browser in (client, thief):
        ask_for_code(browser, ada.email)
        browser.post("/account/login/code/", {"code": code})
        assert not is_signed_in(browser)


def test_a_new_code_ends_the_one_before(client, ada):
    ask_for_code(client, ada.email)
    first = code_in_mail(ada.email)
    answer = client.post("/account/login/code/", {"action": "resend"})
    assert answer.status_code == 303
    assert code_in_mail(ada.email) != first
    assert client.post("/account/login/code/", {"code": first}).status_code == 400
    client.post("/account/login/code/", {"code": code_in_mail(ada.email)})
    assert is_signed_in(client)


def test_whoever_mistyped_the_address_can_begin_again(client, ada):
    ask_for_code(client, "oda@example.org")
    assert client.get("/account/login/").headers["Location"] == "/account/login/code/"
    answer = client.post("/account/logout/", {"next": "/account/login/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/login/")
    assert client.get("/account/login/").status_code == 200


def test_a_code_dies_when_the_address_changes(client, ada):
    ask_for_code(client, ada.email)
    code = code_in_mail(ada.email)
    User.objects.filter(pk=ada.pk).update(email="new@example.org")
    client.post("/account/login/code/", {"code": code})
    assert not is_signed_in(client)


def test_a_code_for_a_new_password_dies_when_the_address_changes(client, ada):
    client.post("/account/password/reset/", {"email": ada.email})
    code = code_in_mail(ada.email)
    client.post("/account/password/reset/code/", {"code": code})
    User.objects.filter(pk=ada.pk).update(email="new@example.org")
    answer = client.post("/account/password/reset/new/", {"password1": NEW_PASSWORD})
    assert answer.headers["Location"] == "/account/password/reset/"
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_closed_account_answers_like_any_other_until_the_code_is_right(client, ada):
    ask_for_code(client, ada.email)
    code = code_in_mail(ada.email)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.post("/account/login/code/", {"code": "XXXX-XXXX"}).status_code == 400
    answer = client.post("/account/login/code/", {"code": code})
    assert answer.headers["Location"] == "/account/inactive/"
    assert not is_signed_in(client)


def test_a_closed_account_asks_for_a_code_like_an_unknown_one(ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    answers = []
    for email in (ada.email, "unknown@example.org"):
        visitor = Client()
        asked = ask_for_code(visitor, email)
        page = visitor.get("/account/login/code/").content.decode().replace(email, "")
        answers.append((asked.status_code, asked.headers["Location"], page.partition("csrfmiddleware")[0]))
        assert kinds_to(email) == ["no_account"]
    assert answers[0] == answers[1]


# --- where it leads ---


def test_one_is_led_to_the_page_that_asked(client, ada):
    address = client.get("/account/mail/").headers["Location"]
    assert address == "/account/login/?next=/account/mail/"
    assert 'name="next" value="/account/mail/"' in client.get(address).content.decode()
    answer = ask_for_code(client, ada.email, next="/account/mail/")
    answer = client.post(answer.headers["Location"], {"code": code_in_mail(ada.email)})
    assert answer.headers["Location"] == "/account/mail/"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "http:evil.example"],
)
def test_nobody_is_led_elsewhere(foreign, client, ada):
    answer = ask_for_code(client, ada.email, next=foreign)
    assert "evil" not in answer.headers["Location"]
    client.post("/account/login/code/", {"code": code_in_mail(ada.email), "next": foreign})
    assert is_signed_in(client)
    for address in ("/account/login/", "/account/login/password/", "/account/signup/"):
        assert client.get(address, {"next": foreign}).headers["Location"] == "/account/"
    assert client.post("/account/logout/", {"next": foreign}).headers["Location"] == "/"


# --- a new account ---


def test_an_address_makes_an_account_once_its_code_is_typed(client):
    answer = client.post("/account/signup/", {"email": "Ada@Example.org"})
    assert answer.headers["Location"] == "/account/confirm/"
    assert not is_signed_in(client)
    answer = client.post("/account/confirm/", {"code": code_in_mail("ada@example.org")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/")
    user = User.objects.get()
    assert (user.email, user.name, user.is_staff, user.has_usable_password()) == ("ada@example.org", "", False, False)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_sign_up_with_one_address_at_once_all_get_the_same_answer():
    start, answers = Barrier(3), []

    def sign_up():
        start.wait()
        answers.append(Client(raise_request_exception=False).post("/account/signup/", {"email": "ada@example.org"}))
        connection.close()

    people = [Thread(target=sign_up) for _ in range(3)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert {(answer.status_code, answer.headers.get("Location")) for answer in answers} == {(303, "/account/confirm/")}
    assert sorted(kinds_to("ada@example.org")) == ["has_account", "has_account", "sign_up_code"]


def test_an_address_that_has_an_account_gets_a_mail_and_no_second_account(client, ada):
    answer = client.post("/account/signup/", {"email": "ADA@example.org"})
    assert answer.headers["Location"] == "/account/confirm/"
    assert client.get("/account/confirm/").status_code == 200
    assert (User.objects.count(), kinds_to(ada.email)) == (1, ["has_account"])
    assert client.post("/account/confirm/", {"code": ""}).status_code == 400


# --- passwords ---


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("fourteen chars", "too short"),
        ("1234567890123456", None),
        ("ada@example.org", "too similar"),
        ("123456789987654321", "too common"),
        (NEW_PASSWORD, None),
        ("ein paßwort über alles 🏛", None),
        (" " * 15, None),
        ("x" * 5000, None),
    ],
)
def test_a_password_needs_fifteen_characters_and_nothing_else(password, fault, client, ada):
    ada.set_unusable_password()
    ada.save()
    sign_in_by_code(client, ada.email)
    answer = client.post("/account/password/set/", {"password1": password})
    if fault:
        assert answer.status_code == 400
        assert fault in str(answer.context["form"].errors["password1"])
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/")
        assert User.objects.get(pk=ada.pk).check_password(password)
        assert kinds_to(ada.email)[-1] == "password_changed"


def test_a_password_lets_in_and_a_wrong_one_does_not(client, ada):
    answer = sign_in_by_password(client, ada, "wrong")
    assert answer.status_code == 400
    assert answer.context["form"].non_field_errors() == [
        "Address and password do not belong together. Try again, or ask for a code."
    ]
    assert sign_in_by_password(client, ada).status_code == 303
    assert is_signed_in(client)


def test_a_new_password_signs_out_everywhere_else(client, ada):
    other = Client()
    for browser in (client, other):
        sign_in_by_password(browser, ada)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}
    assert client.post("/account/password/", data | {"oldpassword": "wrong"}).status_code == 400
    assert client.post("/account/password/", data).status_code == 303
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    ada.refresh_from_db()
    assert len(list(live_sessions(ada))) == 1


def test_a_forgotten_password_is_replaced_by_a_code(client, ada):
    other = Client()
    sign_in_by_password(other, ada)
    answer = client.post("/account/password/reset/", {"email": ada.email})
    answer = client.post(answer.headers["Location"], {"code": code_in_mail(ada.email)})
    assert answer.headers["Location"] == "/account/password/reset/new/"
    assert client.post("/account/password/reset/new/", {"password1": "short"}).status_code == 400
    assert client.post("/account/password/reset/new/", {"password1": NEW_PASSWORD}).status_code == 303
    assert not is_signed_in(other)
    assert kinds_to(ada.email) == ["password_code", "password_changed"]
    sign_in_by_password(Client(), ada, NEW_PASSWORD)
    assert client.post("/account/password/reset/new/", {"password1": PASSWORD}).headers["Location"] != "/account/"


def test_a_forgotten_password_does_not_open_the_second_step(client):
    admin = make_admin()
    client.post("/account/password/reset/", {"email": admin.email})
    client.post("/account/password/reset/code/", {"code": code_in_mail(admin.email)})
    client.post("/account/password/reset/new/", {"password1": NEW_PASSWORD})
    assert not is_signed_in(client)


# --- the address ---


def test_a_new_address_counts_once_confirmed_and_both_are_told(client, ada):
    sign_in(client, ada)
    answer = client.post("/account/email/", {"email": "New@Example.org", "action_add": ""})
    assert answer.headers["Location"] == "/account/confirm/"
    assert User.objects.get().email == "ada@example.org"
    assert kinds_to(ada.email) == []
    client.post("/account/confirm/", {"code": code_in_mail("new@example.org")})
    assert User.objects.get().email == "new@example.org"
    assert kinds_to("ada@example.org") == ["address_changed"]
    assert kinds_to("new@example.org") == ["address_code", "address_changed"]
    assert is_signed_in(client)
    ask_for_code(Client(), "ada@example.org")
    assert kinds_to("ada@example.org") == ["address_changed", "no_account"]


def test_mail_to_the_address_of_before_is_forgotten_with_the_person(client):
    user = make_user(email="ada@example.org", password=None)
    sign_in_by_code(client, user.email)
    client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    client.post("/account/confirm/", {"code": code_in_mail("new@example.org")})
    erase_account(user=user)
    assert list(OutgoingMail.objects.values_list("kind", "to")) == [("account_deleted", "new@example.org")]


def test_an_address_of_somebody_else_is_not_told_apart_and_not_taken(client, ada):
    other = make_user(email="other@example.org")
    sign_in(client, ada)
    answer = client.post("/account/email/", {"email": other.email, "action_add": ""})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/confirm/")
    client.post("/account/confirm/", {"code": "XXXX-XXXX"})
    assert User.objects.get(pk=ada.pk).email == "ada@example.org"


def test_ones_own_address_is_refused(client, ada):
    sign_in(client, ada)
    answer = client.post("/account/email/", {"email": "ADA@example.org", "action_add": ""})
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"email": ["This is your address already."]}


# --- roles ---


def test_a_new_role_given_in_the_admin_signs_out(client, ada):
    admin = Client()
    sign_in(admin, make_admin())
    sign_in(client, ada)
    address = reverse("admin:core_user_change", args=[ada.pk])
    answer = admin.post(address, filled_in(admin.get(address), is_staff="on"))
    assert answer.status_code == 302
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", ["is_staff = true", "is_superuser = true", "is_active = false"])
def test_a_new_role_given_by_sql_signs_out(change, client, ada):
    sign_in(client, ada)
    assert is_signed_in(client)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_user SET {change} WHERE id = %s", [ada.pk])
    assert not is_signed_in(client)


def test_a_new_name_does_not_sign_out(client, ada):
    sign_in(client, ada)
    client.post("/account/", {"name": "Ada"})
    assert is_signed_in(client)


# --- two steps ---


def test_staff_without_a_second_step_are_led_to_it_and_then_to_the_admin(client, django_capture_on_commit_callbacks):
    curator = make_curator(password=None)
    Authenticator.objects.all().delete()
    sign_in_by_code(client, curator.email)
    answer = client.get("/admin/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/two-step/")
    assert words_of(client, "/account/two-step/") == [
        "Staff sign in with two steps. Set up the second one here; then curation opens."
    ]
    secret = client.get("/account/two-step/app/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/two-step/app/", {"code": code_of_app(secret)})
    assert answer.headers["Location"] == "/account/two-step/codes/"
    page = client.get("/account/two-step/codes/")
    assert page.status_code == 200
    assert '<a class="more" href="/admin/">' in page.content.decode()
    assert client.get("/admin/").status_code == 200
    assert kinds_to(curator.email) == ["sign_in_code", "two_step_changed"]


def in_by_two_steps(client, user, code):
    sign_in_by_code(client, user.email)
    return client.post("/account/login/two-step/", {"code": code})


def test_a_session_from_before_the_second_step_does_not_open_the_admin(client):
    """Whoever reads the mail of staff may have signed in with it before the second step was set up elsewhere."""
    user = make_user(is_staff=True, is_superuser=True)
    Authenticator.objects.filter(user=user).delete()
    sign_in_by_code(client, user.email)
    TOTP.activate(user, SECRET)
    for address in ("/admin/", "/admin/core/user/"):
        answer = client.get(address)
        where = answer.headers["Location"].partition("?")[0]
        assert (answer.status_code, where) == (302, reverse("mfa_reauthenticate"))
    client.post(f"{reverse('mfa_reauthenticate')}?next=/admin/", {"code": code_of_app(SECRET)})
    assert client.get("/admin/").status_code == 200


def test_a_passkey_is_unlocked_by_its_owner_whichever_page_asks(ada):
    """Whatever page asked last, its question also stands when somebody signs in with the passkey alone."""
    request = RequestFactory().get("/")
    for person in (None, ada):
        request.session = {}
        with request_context(request):
            asked = begin_authentication(person)
        assert asked["publicKey"]["userVerification"] == "required"
        assert request.session["mfa.webauthn.state"]["user_verification"] == "required"


def test_a_code_of_the_app_works_once(client):
    curator = make_curator()
    code = code_of_app(SECRET)
    assert in_by_two_steps(client, curator, code).headers["Location"] == "/account/"
    cache.clear()  # the memory of one process; another would not know
    assert in_by_two_steps(Client(), curator, code).status_code == 400
    assert in_by_two_steps(Client(), curator, code_of_app(SECRET, step=1)).status_code == 303


@pytest.mark.parametrize("beside", ["login", "email"])
def test_no_field_that_a_door_does_not_ask_for_gets_a_guess_past_its_limit(beside, client):
    curator = make_curator()
    sign_in_by_code(client, curator.email)
    guesses = [
        client.post("/account/login/two-step/", {"code": "000000", beside: f"{n}@example.org"}).status_code
        for n in range(GUESSES[1].amount + 1)
    ]
    assert guesses[-1] == 429  # the code from the mail counts as well
    assert guesses[0] == 400


@pytest.mark.parametrize("address", ["/account/signup/", "/account/password/reset/"])
def test_no_field_that_a_door_does_not_ask_for_gets_a_mail_past_its_limit(address, ada):
    for number in range(MAILS[1].amount + 1):
        answer = Client().post(address, {"email": ada.email, "login": f"{number}@example.org"})
    assert answer.status_code == 429
    assert len(kinds_to(ada.email)) == MAILS[1].amount


def test_no_number_of_blanks_gets_a_guess_past_its_limit(client, ada):
    for number in range(GUESSES[1].amount + 1):
        blanks = " " * (900 + 20 * number)
        answer = client.post("/account/login/password/", {"login": blanks + ada.email, "password": "wrong"})
    assert answer.status_code == 429


def test_a_recovery_code_works_once(client):
    curator = make_curator()
    code = RecoveryCodes.activate(curator).get_unused_codes()[0]
    assert in_by_two_steps(client, curator, code).status_code == 303
    assert in_by_two_steps(Client(), curator, code).status_code == 400


def test_the_secret_of_the_app_is_not_in_the_database_as_it_is():
    make_curator()
    assert SECRET not in str(Authenticator.objects.get().data)


SENSITIVE = [
    "/account/two-step/app/",
    "/account/two-step/codes/",
    "/account/two-step/codes/new/",
    "/account/two-step/codes.txt",
    "/account/two-step/passkeys/add/",
]


@pytest.mark.parametrize("address", SENSITIVE)
def test_what_matters_asks_for_a_proof_that_is_not_old(address, client, ada, clock):
    TOTP.activate(ada, SECRET) if "codes" in address else None
    RecoveryCodes.activate(ada) if "codes" in address else None
    sign_in(client, ada)
    assert client.get(address).status_code == 200
    clock(901)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/again/")
    client.post("/account/again/", {"password": PASSWORD, "next": address})
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/account/email/", "/account/password/set/", "/account/two-step/app/", "/account/two-step/passkeys/add/"],
)
def test_whoever_has_nothing_to_show_again_signs_in_again_before_what_matters(address, client, clock):
    user = make_user(password=None)
    sign_in_by_code(client, user.email)
    assert client.get(address).status_code == 200
    clock(901)
    for ask in (client.get, client.post):
        answer = ask(address, {"email": "eve@example.org", "action_add": ""})
        assert answer.headers["Location"].startswith("/account/login/?next=")
    assert kinds_to("eve@example.org") == []
    assert not is_signed_in(client)
    sign_in_by_code(client, user.email)
    assert client.get(address).status_code == 200


def test_a_new_address_asks_for_a_proof_and_then_goes_on_by_itself(client, ada, clock):
    sign_in(client, ada)
    clock(901)
    answer = client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert answer.headers["Location"] == "/account/again/?next=%2Faccount%2Femail%2F"
    assert OutgoingMail.objects.count() == 0
    answer = client.post(answer.headers["Location"], {"password": PASSWORD})
    assert answer.headers["Location"] == "/account/confirm/"
    assert kinds_to("new@example.org") == ["address_code"]


def test_people_and_roles_ask_admins_for_their_second_step_again(client, clock):
    sign_in(client, make_admin())
    assert client.get("/admin/core/user/").status_code == 200
    clock(901)
    assert client.get("/admin/").status_code == 200
    assert (
        client.get("/admin/core/user/").headers["Location"] == "/account/again/two-step/?next=%2Fadmin%2Fcore%2Fuser%2F"
    )
    answer = client.post("/account/again/two-step/?next=/admin/core/user/", {"code": code_of_app(SECRET)})
    assert answer.headers["Location"] == "/admin/core/user/"
    assert client.get("/admin/core/user/").status_code == 200


def test_a_forged_form_is_not_held_back_to_be_carried_out_later(clock):
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, make_admin())
    clock(901)
    assert browser.post("/admin/core/user/add/", {"email": "eve@example.org"}).status_code == 403
    assert "account_reauthentication_state" not in browser.session


def test_removing_the_last_second_step_takes_the_recovery_codes_along_and_closes_the_admin(client):
    curator = make_curator()
    RecoveryCodes.activate(curator)
    sign_in(client, curator)
    assert client.post("/account/two-step/app/remove/").status_code == 303
    assert not Authenticator.objects.exists()
    assert kinds_to(curator.email) == ["two_step_changed"]
    assert client.get("/admin/").headers["Location"] == "/account/two-step/"


LAST_STEP = "You are the only admin, and this is your last second step."


def steps_of(user):
    return list(user.authenticator_set.filter(type__in=SECOND_STEPS).values_list("type", flat=True))


def add_passkey(user):
    """A passkey of this person, and the address that removes it."""
    credential = {"name": "Key", "credential": {"id": "a"}}
    passkey = Authenticator.objects.create(user=user, type="webauthn", data=credential)
    return f"/account/two-step/passkeys/{passkey.pk}/remove/"


@pytest.mark.parametrize("last", ["app", "passkey"])
def test_the_last_second_step_of_the_only_admin_stays_and_they_read_what_to_do_first(client, last):
    admin = make_admin()
    address = add_passkey(admin) if last == "passkey" else "/account/two-step/app/remove/"
    if last == "passkey":
        admin.authenticator_set.filter(type="totp").delete()
    make_admin(is_active=False)
    sign_in(client, admin)
    page = client.get(address)
    assert (page.status_code, LAST_STEP in page.content.decode()) == (200, True)
    answer = client.post(address)
    assert (answer.status_code, LAST_STEP in answer.content.decode(), len(steps_of(admin))) == (409, True, 1)
    assert '<a href="/account/two-step/">Set up another second step for yourself</a>' in answer.content.decode()
    assert kinds_to(admin.email) == []
    make_admin()
    assert LAST_STEP not in client.get(address).content.decode()
    assert client.post(address).status_code in (302, 303)
    assert steps_of(admin) == []


def test_of_two_second_steps_the_only_admin_may_remove_one(client):
    admin = make_admin()
    passkey = add_passkey(admin)
    sign_in(client, admin)
    assert client.post("/account/two-step/app/remove/").status_code in (302, 303)
    assert (steps_of(admin), client.post(passkey).status_code, steps_of(admin)) == (["webauthn"], 409, ["webauthn"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", ["one admin with two steps", "two admins with one step each"])
def test_of_the_last_two_second_steps_that_are_removed_at_once_one_stays(people):
    removal, one = "/account/two-step/app/remove/", make_admin()
    ways = [(one, removal), (one, add_passkey(one)) if people.startswith("one") else (make_admin(), removal)]

    def remove(user, address):
        browser = Client()
        sign_in(browser, user)
        return lambda: browser.post(address).status_code

    for _ in range(5):
        kept = list(Authenticator.objects.all())
        answers = at_once(*(remove(*way) for way in ways))
        assert sorted(answer == 409 for answer in answers) == [False, True]
        assert Authenticator.objects.filter(type__in=SECOND_STEPS).count() == 1
        Authenticator.objects.all().delete()
        Authenticator.objects.bulk_create(kept)


def test_an_admin_who_lost_everything_is_rescued(client, capsys):
    admin = make_admin()
    RecoveryCodes.activate(admin)
    sign_in(client, admin)
    call_command("forget_two_step", admin.email.upper())
    assert not is_signed_in(client)
    assert not Authenticator.objects.exists()
    assert kinds_to(admin.email) == ["two_step_changed"]
    assert "removed by staff, on request" in OutgoingMail.objects.get().text
    sign_in_by_code(client, admin.email)
    assert client.get("/admin/").headers["Location"] == "/account/two-step/"


def test_the_rescue_says_where_there_is_nothing_to_do(ada):
    with pytest.raises(CommandError, match="nobody has this address"):
        call_command("forget_two_step", "nobody@example.org")
    with pytest.raises(CommandError, match="has no second step"):
        call_command("forget_two_step", ada.email)


# --- sessions ---


def test_the_list_names_the_devices_and_ends_one_of_them(client, ada):
    firefox = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"})
    for browser in (client, firefox):
        sign_in_by_password(browser, ada)
    page = client.get("/account/sessions/")
    assert [one.device for one in page.context["sessions"]] == ["Firefox on Windows", "Unknown device"]
    (other,) = page.context["others"]
    assert client.post("/account/sessions/", {"session": other.pk}).status_code == 303
    assert (is_signed_in(client), is_signed_in(firefox)) == (True, False)
    assert client.post("/account/sessions/", {"session": other.pk}).status_code == 400


def test_all_others_end_at_once(client, ada):
    others = [Client(), Client()]
    for browser in (client, *others):
        sign_in_by_password(browser, ada)
    client.post("/account/sessions/", {"session": "others"})
    assert [is_signed_in(browser) for browser in (client, *others)] == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(client, ada):
    stranger = Client()
    sign_in_by_password(stranger, make_user())
    sign_in_by_password(client, ada)
    theirs = stranger.get("/account/sessions/").context["sessions"][0].pk
    assert client.post("/account/sessions/", {"session": theirs}).status_code == 400
    assert is_signed_in(stranger)


def test_signing_out_everywhere_ends_this_session_too(client, ada):
    other = Client()
    for browser in (client, other):
        sign_in_by_password(browser, ada)
    assert client.post("/account/sessions/end/").headers["Location"] == "/account/login/"
    assert (is_signed_in(client), is_signed_in(other)) == (False, False)


def test_signing_out_ends_this_session_only(client, ada):
    other = Client()
    for browser in (client, other):
        sign_in_by_password(browser, ada)
    client.post("/account/logout/")
    assert (is_signed_in(client), is_signed_in(other)) == (False, True)


def test_a_proof_of_before_does_not_outlive_its_session(client, ada):
    sign_in(client, ada)
    client.post("/account/logout/")
    assert AUTHENTICATION_METHODS_SESSION_KEY not in client.session


def test_the_admin_leads_to_the_account_and_out(client):
    sign_in(client, make_curator())
    page = client.get("/admin/").content.decode()
    assert '<a href="/account/">Your account</a>' in page
    assert '<form id="logout-form" method="post" action="/account/logout/">' in page
    assert "password_change" not in page


def test_saving_a_name_or_a_password_brings_no_role_back(monkeypatch):
    """A page that began before an admin took the role away writes the name or the password, and nothing else."""
    user = make_user()
    stale = User.objects.get(pk=user.pk)
    stale.is_staff = True  # as this page read it, a moment too early
    AccountAdapter().set_password(stale, "several words in a row are fine")
    request = RequestFactory().post("/account/", {"name": "Ada"})
    request.user, request.session = stale, {}
    monkeypatch.setattr("alliance.accounts.views.messages.success", lambda *args: None)
    account(request)
    user.refresh_from_db()
    assert (user.name, user.is_staff, user.check_password("several words in a row are fine")) == ("Ada", False, True)


def admin_by_command():
    call_command("make_admin", "new@example.org")


def person_by_an_admin():
    admin = Client()
    sign_in(admin, make_admin())
    admin.post("/admin/core/user/add/", {"email": "new@example.org", "is_active": "on"})


def person_from_before_there_were_codes():
    User.objects.bulk_create([User(email="new@example.org")])
    with connection.cursor() as cursor:
        cursor.execute(import_module("alliance.accounts.migrations.0002_addresses").NOTE)


@pytest.mark.parametrize("made", [admin_by_command, person_by_an_admin, person_from_before_there_were_codes])
def test_whoever_did_not_sign_up_comes_in_by_one_code(made, client):
    made()
    assert sign_in_by_code(client, "new@example.org").headers["Location"] == "/account/"
    assert is_signed_in(client)
    assert list(EmailAddress.objects.filter(email="new@example.org").values_list("verified", "primary")) == [
        (True, True)
    ]


def test_an_account_that_nobody_came_in_to_is_forgotten_after_a_week(client):
    client.post("/account/signup/", {"email": "typed@example.org"})
    call_command("make_admin", "staff@example.org")
    User.objects.create_user("tied@example.org")
    make_membership(user=User.objects.get(email="tied@example.org"))
    make_user(email="confirmed@example.org")
    User.objects.update(date_joined=timezone.now() - timedelta(days=6, hours=23))
    tidy.forget_unconfirmed_accounts()
    assert User.objects.count() == 4
    User.objects.update(date_joined=timezone.now() - timedelta(days=7, hours=1))
    tidy.forget_unconfirmed_accounts()
    left = {"staff@example.org", "tied@example.org", "confirmed@example.org"}
    assert set(User.objects.values_list("email", flat=True)) == left


@pytest.mark.parametrize("address", ["/account/email/", "/account/password/set/", "/account/two-step/passkeys/add/"])
def test_whoever_has_just_signed_up_is_not_asked_to_sign_in_anew(address, client):
    client.post("/account/signup/", {"email": "new@example.org"})
    client.post("/account/confirm/", {"code": code_in_mail("new@example.org")})
    assert client.get(address).status_code == 200
