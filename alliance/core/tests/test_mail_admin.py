"""What staff see of mail, and what nobody sees."""

import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from alliance.core import mail
from alliance.core.models import OutgoingMail

from .factories import make_admin, make_curator, make_user, sign_in

pytestmark = pytest.mark.django_db

OUTBOX = "/admin/core/outgoingmail/"
State = OutgoingMail.State


@pytest.fixture
def as_admin(client):
    sign_in(client, make_admin())
    return client


@pytest.fixture
def as_curator(client):
    sign_in(client, make_curator())
    return client


@pytest.fixture
def here(settings, tmp_path):
    """A computer on which mail becomes files."""
    settings.EMBEDDED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    mask = os.umask(0o022)
    yield
    os.umask(mask)


def write_code(**fields):
    row = mail.send("sign_in_code", "ada@example.org", code="KRTM-WXBP", minutes=15)
    OutgoingMail.objects.filter(pk=row.pk).update(**fields)
    return row


@pytest.mark.parametrize("person", [make_user, make_curator])
def test_the_outbox_and_its_files_are_for_admins(client, here, person):
    sign_in(client, person())
    row = write_code()
    addresses = (OUTBOX, f"{OUTBOX}{row.pk}/change/", f"{OUTBOX}files/")
    assert [client.get(address).status_code for address in addresses] == [403] * 3


def test_no_page_of_the_outbox_holds_a_code_or_a_subject(as_admin):
    row = write_code(last_error="<b>550</b>", state=State.FAILED, done_at=timezone.now())
    for address in (OUTBOX, f"{OUTBOX}{row.pk}/change/"):
        page = as_admin.get(address).content.decode()
        assert ("ada@example.org" in page, "A code to sign in with" in page) == (True, True)
        assert [word in page for word in ("KRTM", row.subject, "It works once", "<b>550")] == [False] * 4


def test_the_outbox_is_for_reading(as_admin):
    row = write_code()
    assert as_admin.get(f"{OUTBOX}add/").status_code == 403
    assert as_admin.get(f"{OUTBOX}{row.pk}/delete/").status_code == 403
    assert as_admin.post(f"{OUTBOX}{row.pk}/change/", {"to": "eve@example.org"}).status_code == 403
    as_admin.post(OUTBOX, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert OutgoingMail.objects.get().to == "ada@example.org"


@pytest.mark.parametrize(
    ("query", "found"), [("kind=sign_in_code", 1), ("kind=no_account", 0), ("kind=x", 1), ("q=ad", 1)]
)
def test_the_outbox_can_be_filtered(as_admin, query, found):
    write_code()
    assert as_admin.get(f"{OUTBOX}?{query}").context["cl"].result_count == found


def test_the_number_of_queries_of_the_outbox_is_fixed(as_admin, django_assert_num_queries):
    for count in (1, 30):
        while OutgoingMail.objects.count() < count:
            write_code(user=make_user())
        as_admin.get(OUTBOX)
        with django_assert_num_queries(5):
            as_admin.get(OUTBOX)


def test_mail_that_failed_is_tried_again_and_the_rest_stays_as_it_is(as_admin):
    later = timezone.now() + timedelta(hours=6)
    failed = write_code(state=State.FAILED, done_at=timezone.now(), attempts=21)
    waiting = write_code(due_at=later, attempts=12)
    sent = write_code(state=State.SENT, done_at=timezone.now(), text="", html="")
    rows = [failed.pk, waiting.pk, sent.pk]
    answer = as_admin.post(OUTBOX, {"action": "try_again", "_selected_action": rows}, follow=True)
    assert "2 mails are tried again now." in answer.content.decode()
    assert set(OutgoingMail.objects.due()) == {failed, waiting}
    assert OutgoingMail.objects.get(pk=sent.pk).state == State.SENT


# --- The texts ---


def test_every_member_of_staff_finds_the_texts_of_all_kinds(as_curator):
    texts = reverse("admin:core_outgoingmail_texts")
    assert f'href="{texts}"' in as_curator.get("/admin/").content.decode()
    page = as_curator.get(texts).content.decode()
    links = [reverse("admin:core_outgoingmail_html", args=[name]) for name in mail.kinds()]
    assert [f'href="{link}"' in page for link in links] == [True] * len(links)
    assert [as_curator.get(link).status_code for link in links] == [200] * len(links)
    assert as_curator.get(f"{texts}nothing/").status_code == 404
    assert "Content-Security-Policy" in as_curator.get(texts).headers
    assert "unsafe-inline" not in as_curator.get(texts).headers["Content-Security-Policy"]


def test_the_html_of_a_mail_may_have_its_own_looks_and_nothing_else(as_curator):
    answer = as_curator.get(reverse("admin:core_outgoingmail_html", args=["sign_in_code"]))
    assert sorted(answer.headers["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "style-src 'unsafe-inline'",
    ]
    assert answer.content.decode() == mail.render("sign_in_code", mail.kinds()["sign_in_code"].sample())[2]


def test_markup_in_a_sample_is_inert_on_both_pages(as_curator, monkeypatch):
    kind = mail.Kind("sign_in_code", "<i>label</i>", lambda: {"code": "<script>x</script>", "minutes": 15})
    monkeypatch.setitem(mail.kinds(), kind.name, kind)
    for address in ("texts/", "texts/sign_in_code/"):
        page = as_curator.get(OUTBOX + address).content.decode()
        assert ("<script>x" in page, "<i>label" in page) == (False, False)
        assert "&lt;script&gt;x&lt;/script&gt;" in page


# --- The files of this computer ---


def test_the_newest_mail_of_this_computer_comes_first_and_is_inert(as_admin, here, settings):
    assert "No mail has been sent yet." in as_admin.get(f"{OUTBOX}files/").content.decode()
    for number, code in enumerate(["AAAA-AAAA", "<script>x</script>"]):
        mail.send("sign_in_code", "ada@example.org", code=code, minutes=15)
        call_command("send_mail", "--once")
        for file in settings.EMAIL_FILE_PATH.iterdir():
            if code in file.read_text():
                os.utime(file, (number, number))
    page = as_admin.get(f"{OUTBOX}files/").content.decode()
    assert page.index("&lt;script&gt;x&lt;/script&gt;") < page.index("AAAA-AAAA")
    assert "<script>x" not in page
    assert f'href="{OUTBOX}files/"' in as_admin.get(OUTBOX).content.decode()


@pytest.mark.parametrize(
    "change",
    [{"EMBEDDED": False}, {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}],
)
def test_elsewhere_there_is_no_such_page(as_admin, here, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    assert as_admin.get(f"{OUTBOX}files/").status_code == 404
    assert f"{OUTBOX}files/" not in as_admin.get(OUTBOX).content.decode()


def test_a_file_that_is_no_mail_does_no_harm(as_admin, here, settings):
    settings.EMAIL_FILE_PATH.mkdir()
    (settings.EMAIL_FILE_PATH / "x.log").write_bytes(b"\xff\x00<b>not a mail</b>")
    assert as_admin.get(f"{OUTBOX}files/").status_code == 200
