"""The doors of an account in a real browser: codes from the outbox, passkeys, apps, a keyboard, no JavaScript."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.test import Client
from playwright.sync_api import expect

from alliance.accounts import doors
from alliance.core.limits import Limit
from alliance.core.models import Tally, User
from alliance.core.tests.factories import SECRET, make_user, numbers, sign_in
from alliance.tests.test_browser import faults, tab_to

from .ways import code_in_mail, code_of_app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(live_server):
    return live_server.url


@pytest.fixture
def phone(browser):
    """A phone with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def heading(page):
    return page.get_by_role("heading", level=1)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def give_authenticator(page):
    """Plug a security key into the browser that unlocks itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_up(page, home, email):
    page.goto(f"{home}/account/signup/")
    page.get_by_label("E-mail address").fill(email)
    press(page, "Send me a code")
    expect(heading(page)).to_have_text("Type the code that we sent")
    page.get_by_label("Code").fill(code_in_mail(email.lower()))
    press(page, "Confirm the address")
    expect(heading(page)).to_have_text("Your account")


def ask_for_code(page, home, email):
    page.goto(f"{home}/account/login/")
    page.get_by_label("E-mail address").fill(email)
    press(page, "Send me a code")
    expect(heading(page)).to_have_text("Type the code that we sent")
    page.get_by_label("Code").fill(code_in_mail(email))
    press(page, "Sign in")


def strange(said):
    """What the browser's console said beside that a form was refused and that signing out cleared what was kept."""
    return [text for text in said if not re.search(r"status of 4(00|29)|^Clear-Site-Data header .* Cleared data", text)]


def sign_out(page, home):
    page.goto(f"{home}/account/logout/")
    press(page, "Sign out")
    expect(heading(page)).not_to_have_text("Sign out?")


def test_a_person_makes_an_account_secures_it_comes_back_every_way_and_leaves(home, page, browser):
    said = []
    page.on("console", lambda message: said.append(message.text))
    email = "ada@example.org"
    give_authenticator(page)
    sign_up(page, home, "Ada@Example.org")
    expect(page.get_by_text("Off.")).to_be_visible()

    # A passkey, and with it the recovery codes
    page.get_by_role("link", name="Passkeys and authenticator app").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("My laptop")
    press(page, "Add a passkey")
    expect(heading(page)).to_have_text("Your recovery codes")
    codes = page.locator(".codes li").all_text_contents()
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Save them as a file").click()
    kept = download.value.path().read_text().split()
    assert [word for word in kept if word.isdigit()] == codes

    # An app: the secret to type is the one of the picture
    page.goto(f"{home}/account/two-step/app/")
    secret = page.locator(".secret").text_content()
    page.get_by_label("Code that the app shows").fill(code_of_app(secret))
    press(page, "Turn it on")
    expect(heading(page)).to_have_text("Two-step sign-in")
    expect(page.get_by_text("An app is set up.")).to_be_visible()

    # In by the passkey alone, to where they were going
    sign_out(page, home)
    page.goto(f"{home}/account/mail/")
    press(page, "Sign in with a passkey")
    expect(heading(page)).to_have_text("Which mail you get")
    page.goto(f"{home}/account/again/passkey/?next=/account/sessions/")
    press(page, "Use a passkey")
    expect(heading(page)).to_have_text("Where you are signed in")
    expect(page.get_by_text("Chrome on Linux")).to_be_visible()

    # In by a code from the mail and one from the app
    sign_out(page, home)
    ask_for_code(page, home, email)
    expect(heading(page)).to_have_text("Second step")
    page.get_by_label("Code").fill("000000")
    press(page, "Sign in")
    expect(page.get_by_role("alert").first).to_contain_text("This is not the code that the app shows now.")
    page.get_by_label("Code").fill(code_of_app(secret, step=1))
    press(page, "Sign in")
    expect(heading(page)).to_have_text("Your account")

    # A recovery code lets in once
    Tally.objects.all().delete()  # nobody is as quick as this test
    for expected in ("Your account", "Second step"):
        sign_out(page, home)
        ask_for_code(page, home, email)
        page.get_by_label("Code").fill(codes[0])
        press(page, "Sign in")
        expect(heading(page)).to_have_text(expected)
    page.get_by_label("Code").fill(codes[1])
    press(page, "Sign in")
    expect(heading(page)).to_have_text("Your account")

    # Signing out everywhere ends the other browser
    other = browser.new_context().new_page()
    ask_for_code(other, home, email)
    other.get_by_label("Code").fill(codes[2])
    press(other, "Sign in")
    expect(heading(other)).to_have_text("Your account")
    page.goto(f"{home}/account/sessions/")
    assert page.locator(".entries h2").count() == 2
    press(page, "Sign out everywhere, here too")
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()
    other.reload()
    expect(heading(other)).to_have_text("Sign in")
    other.context.close()

    # The end
    press(page, "Sign in with a passkey")
    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label("Type your e-mail address").fill(email)
    press(page, "Delete my account for good")
    page.wait_for_url("**/account/deleted/")
    assert not User.objects.filter(email=email).exists()
    assert strange(said) == []


def test_somebody_comes_in_with_the_keyboard_alone(home, page):
    email = make_user().email
    page.goto(f"{home}/account/login/")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(email)
    tab_to(page, page.get_by_role("button", name="Send me a code"), most=1)
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Type the code that we sent")
    tab_to(page, page.get_by_label("Code"))
    page.keyboard.type("XXXX-XXXX")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    tab_to(page, page.get_by_role("link", name="This is not the code that we sent."))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(code_in_mail(email))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Your account")
    tab_to(page, page.get_by_role("link", name="Where you are signed in"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("This one")).to_be_visible()


def test_somebody_comes_in_on_a_phone_without_javascript(home, phone):
    user = make_user(is_staff=True)
    ask_for_code(phone, home, user.email)
    expect(heading(phone)).to_have_text("Second step")
    expect(phone.get_by_role("button", name="Use a passkey")).to_be_hidden()
    phone.get_by_label("Code").fill(code_of_app(SECRET))
    press(phone, "Sign in")
    expect(heading(phone)).to_have_text("Your account")
    phone.goto(f"{home}/account/two-step/passkeys/add/")
    press_if_asked(phone)
    expect(phone.get_by_text("Passkeys need JavaScript")).to_be_visible()


def press_if_asked(page):
    """Show the second step once more, where the page asks for it."""
    if heading(page).text_content() == "Is it you?":
        page.get_by_role("link", name="Use a code").click()
        page.get_by_label("Code").fill(code_of_app(SECRET, step=1))
        press(page, "Go on")


# --- every page in every state ---


def cookie_of(user, home):
    """The cookie of a session in which somebody has just shown their second step; they have another one elsewhere."""
    for device in ("", "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"):
        client = Client()
        sign_in(client, user)
        key = client.session.session_key
        UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", user_agent=device)
    return {"name": "sessionid", "value": key, "url": home}


def refused(page, button):
    press(page, button)
    expect(page.get_by_role("alert").first).to_be_visible()


def go(address, button=None, **typed):
    """A way into a state: open the page, and where a button is named, fill the fields and be refused."""

    def way(page, home):
        page.goto(home + address)
        for name, value in typed.items():
            field = page.locator(f"main [name={name}]").first
            field.evaluate("field => field.removeAttribute('maxlength')")
            field.fill(value)
        if button:
            refused(page, button)

    return way


def wait_for_code(address):
    def way(page, home):
        page.goto(home + address)
        page.get_by_label("E-mail address").fill(f"visitor-{next(numbers)}@example.org")
        press(page, "Send me a code")
        expect(heading(page)).to_have_text("Type the code that we sent")

    return way


def wrong_code(address, button):
    def way(page, home):
        wait_for_code(address)(page, home)
        page.get_by_label("Code").fill("wrong")
        refused(page, button)

    return way


def locked(page, home):
    for _ in range(2):
        page.context.clear_cookies()
        page.goto(f"{home}/account/password/reset/")
        page.get_by_label("E-mail address").fill("ada@example.org")
        press(page, "Send me a code")
    expect(heading(page)).to_have_text("Too many tries")


VISITOR = {
    "sign in": go("/account/login/"),
    "sign in, refused": go("/account/login/", "Send me a code"),
    "code": wait_for_code("/account/login/"),
    "code, wrong": wrong_code("/account/login/", "Sign in"),
    "password sign-in": go("/account/login/password/"),
    "password sign-in, refused": go("/account/login/password/", "Sign in", login="ada@example.org", password="wrong"),
    "sign up": go("/account/signup/"),
    "sign up, refused": go("/account/signup/", "Send me a code", email="nobody"),
    "sign up, code": wait_for_code("/account/signup/"),
    "reset": go("/account/password/reset/"),
    "reset, refused": go("/account/password/reset/", "Send me a code"),
    "reset, code": wait_for_code("/account/password/reset/"),
    "reset, code wrong": wrong_code("/account/password/reset/", "Go on"),
    "reset, done": go("/account/password/reset/done/"),
    "closed": go("/account/inactive/"),
    "locked": locked,
}

MEMBER = {
    "account": go("/account/"),
    "account, refused": go("/account/", "Save the name", name="x" * 200),
    "address": go("/account/email/"),
    "address, refused": go("/account/email/", "Send a code to the new address", email="nobody"),
    "password": go("/account/password/"),
    "password, refused": go("/account/password/", "Save the password", oldpassword="x", password1="short"),
    "again": go("/account/again/"),
    "again, refused": go("/account/again/", "Go on", password="wrong"),
    "two-step, off": go("/account/two-step/"),
    "app": go("/account/two-step/app/"),
    "app, refused": go("/account/two-step/app/", "Turn it on", code="000000"),
    "passkeys, none": go("/account/two-step/passkeys/"),
    "passkey": go("/account/two-step/passkeys/add/"),
    "sessions": go("/account/sessions/"),
    "mail": go("/account/mail/"),
    "sign out": go("/account/logout/"),
}

STAFF = {
    "account of staff": go("/account/"),
    "two-step, on": go("/account/two-step/"),
    "app, remove": go("/account/two-step/app/remove/"),
    "recovery codes": go("/account/two-step/codes/"),
    "new recovery codes": go("/account/two-step/codes/new/"),
    "second step again": go("/account/again/two-step/"),
    "second step again, refused": go("/account/again/two-step/", "Go on", code="wrong"),
}


@pytest.fixture(params=["visitor", "member", "staff"])
def states(request, home, monkeypatch):
    """The states of the pages of one kind of person, and the cookies with which each begins."""
    once = Limit("once", 1, doors.MAILS[0].span)
    monkeypatch.setitem(doors.DOORS, "account_reset_password", (Limit("many", 99, once.span), once))
    if request.param == "visitor":
        return VISITOR, []
    user = make_user(is_staff=request.param == "staff", name="Ada Lovelace")
    if user.is_staff:
        RecoveryCodes.activate(user)
    return STAFF if user.is_staff else MEMBER, [cookie_of(user, home)]


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_state(states, home, page):
    found, said = {}, []
    page.on("console", lambda message: said.append(message.text))
    page.emulate_media(reduced_motion="reduce")  # colors that are on their way are no colors of ours
    ways, cookies = states
    for name, way in ways.items():
        page.context.clear_cookies()
        page.context.add_cookies(cookies)
        way(page, home)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found |= {(name, width, scheme): faults(page)} if faults(page) else {}
        for width in (320, 768):  # 320 is a screen of 1280 at 400 %
            page.set_viewport_size({"width": width, "height": 900})
            found |= {(name, width): "too wide"} if is_too_wide(page) else {}
    assert found == {}
    assert strange(said) == []
