"""The files of an application: what is taken, who gets them, and that what is removed is gone."""

import re
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from alliance.core import filetypes
from alliance.core.filetypes import MB
from alliance.core.tests.factories import make_user
from alliance.core.tests.files import DECLARATION, SAMPLES, WORD, content_types, docx, pdf
from alliance.core.uploads import BODY_LIMIT
from alliance.tests.test_queries import queries_of
from members.pathway import workflow
from members.pathway.models import Application, Attachment
from members.pathway.team import Role
from members.pathway.views import files as views

from .factories import make_application, make_member
from .test_team import NEW, at_once, client_of, without

pytestmark = pytest.mark.django_db

WE_TAKE = "We take PDF or Word (DOCX), up to 10 MB."
MACROS = content_types(document=WORD.replace("document.main", "document.macroEnabled.main"))


@pytest.fixture
def application():
    return make_application()


@pytest.fixture
def client(application):
    """Of the lead."""
    return client_of(application.team.get().user)


def files_page(application):
    return reverse("application_files", args=[application.pk])


def page_of(application, attachment, name="application_file"):
    return reverse(name, args=[application.pk, attachment.pk])


def send(client, application, content, name="Plan.pdf"):
    return client.post(files_page(application), {"file": SimpleUploadedFile(name, content, "application/pdf")})


def add(application, content=SAMPLES["pdf"], name="Plan.pdf", user=None):
    user = user or application.team.get(role="lead").user
    return workflow.attach(application=application, user=user, file=SimpleUploadedFile(name, content))


def padded(size, mark=0):
    """A PDF of just so many bytes; another mark makes another file."""
    filling = size - len(pdf(b"/Mark (00)"))
    return pdf(b"/Mark (%02d%s)" % (mark, b" " * filling))


# --- adding ---


@pytest.mark.parametrize(("word", "name"), [("pdf", "Our plan.PDF"), ("docx", "resolution.pdf")])
def test_a_file_is_kept_under_the_name_that_it_came_with_and_the_type_that_it_holds(word, name, application, client):
    answer = send(client, application, SAMPLES[word], name)
    assert (answer.status_code, answer.url) == (303, files_page(application))
    kept = application.attachments.get()
    assert kept.name == f"{name.rpartition('.')[0]}.{word}"
    assert (kept.size, kept.added_by) == (len(SAMPLES[word]), application.team.get().user)
    assert re.fullmatch(rf"applications/[0-9a-f]{{32}}\.{word}", kept.file.name)
    page = client.get(files_page(application)).content.decode()
    assert f'<a href="{page_of(application, kept)}">{kept.name}</a>' in page
    assert f"“{kept.name}” is added." in page.replace("&quot;", '"')


def test_a_name_may_be_as_long_as_it_likes(application, client):
    assert send(client, application, SAMPLES["pdf"], "a" * 250 + ".pdf").status_code == 303
    assert application.attachments.get().name == "a" * 195 + ".pdf"


BAD = {
    "nothing": (None, "Choose a file first."),
    "empty": (b"", "This file is empty. Choose another one."),
    "another type": (SAMPLES["png"], f"Files of this type are not taken here. {WE_TAKE}"),
    "a table": (SAMPLES["csv"], f"Files of this type are not taken here. {WE_TAKE}"),
    "slides": (SAMPLES["pptx"], f"Files of this type are not taken here. {WE_TAKE}"),
    "a program": (b"MZ" + bytes(500), f"{filetypes.UNKNOWN} {WE_TAKE}"),
    "a page of the web": (b"<html><script>alert(1)</script>", f"{filetypes.UNKNOWN} {WE_TAKE}"),
    "a PDF with a password": (pdf(b"/Encrypt 9 0 R"), f"{filetypes.LOCKED} {WE_TAKE}"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), f"{filetypes.OLD_OR_LOCKED} {WE_TAKE}"),
    "macros": (docx(types=MACROS), f"{filetypes.MACROS} {WE_TAKE}"),
    "a part with macros": (docx(vbaProject_bin=b"x"), f"{filetypes.MACROS} {WE_TAKE}"),
    "XML entities": (
        docx(document_xml=f'{DECLARATION}<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        f"{filetypes.DOCTYPE} {WE_TAKE}",
    ),
    "a bomb": (
        docx(bomb_bin=b"\0" * (filetypes.UNPACKED + 1)),
        f"{filetypes.TOO_MUCH} {WE_TAKE}",
    ),
    "10 MB and a byte": (padded(10 * MB + 1), f"This file is too large. {WE_TAKE}"),
}


@pytest.mark.parametrize(("content", "error"), BAD.values(), ids=BAD)
def test_a_file_that_we_do_not_take_is_refused_soon_and_next_to_the_field(content, error, application, client):
    began = time.monotonic()
    answer = client.post(files_page(application)) if content is None else send(client, application, content)
    assert time.monotonic() - began < 2
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"file": [error]}
    page = answer.content.decode()
    assert page.index('<div class="wrong" role="alert">') < page.index(f'<a href="#id_file">{error}</a>')
    assert f'<p class="error" id="id_file_error">{error} </p>' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_file_helptext id_file_error"' in page
    assert not Attachment.objects.exists()


def test_a_file_of_just_ten_megabytes_is_taken(application, client):
    assert send(client, application, padded(10 * MB)).status_code == 303


def test_what_is_more_than_any_form_takes_is_refused_unread(application, client):
    answer = client.post(files_page(application), {"file": SimpleUploadedFile("a.pdf", bytes(BODY_LIMIT))})
    assert (answer.status_code, Attachment.objects.count()) == (413, 0)


def test_ten_files_are_the_most_and_the_page_says_so(application, client):
    for number in range(10):
        add(application, padded(1000, number))
    assert "Remove one first." in client.get(files_page(application)).content.decode()
    answer = send(client, application, padded(1000, 10))
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"file": ["An application has at most 10 files. Remove one first."]}
    assert application.attachments.count() == 10


def test_all_together_are_at_most_fifty_megabytes(application, client):
    for number in range(5):
        add(application, padded(10 * MB - 200, number))
    answer = send(client, application, padded(1001))
    assert answer.context["form"].errors == {"file": ["All files together have at most 50 MB."]}
    assert send(client, application, padded(1000)).status_code == 303
    assert application.attachments.bytes() == 50 * MB


def test_the_same_file_sent_twice_is_one_row_and_what_only_looks_alike_is_two(application, client):
    for number in (1, 1, 2):
        assert send(client, application, padded(1000, number)).status_code == 303
    assert application.attachments.count() == 2
    with application.attachments.first().file.open() as kept:
        assert kept.read() == padded(1000, 1)


def test_a_removed_file_can_be_added_again(application, client):
    client.post(page_of(application, add(application), "application_file_remove"))
    assert send(client, application, SAMPLES["pdf"]).status_code == 303
    assert (application.attachments.count(), application.attachments.current().count()) == (2, 1)


def test_of_one_person_sixty_files_an_hour_are_looked_at_taken_or_not(application, client, monkeypatch):
    assert (views.SENT.amount, views.SENT.span) == (60, timedelta(hours=1))
    monkeypatch.setattr(views, "SENT", type(views.SENT)("two", 2, timedelta(hours=1)))
    sent = [send(client, application, content) for content in (b"no", SAMPLES["pdf"], SAMPLES["docx"])]
    assert [answer.status_code for answer in sent] == [400, 303, 429]
    assert application.attachments.count() == 1


@pytest.mark.parametrize("status", ["submitted", "withdrawn"])
def test_files_change_only_while_answers_may(status, application, client):
    kept = add(application)
    Application.objects.filter(pk=application.pk).update(
        status=status, submitted_at="2026-03-04T05:06:07Z", reference="A-1"
    )
    assert client.get(page_of(application, kept, "application_file_remove")).status_code == 409
    page = client.get(files_page(application)).content.decode()
    assert ("multipart/form-data" in page, "Files can be added and removed in a draft" in page) == (False, True)
    for answer in (
        send(client, application, padded(1000)),
        client.post(page_of(application, kept, "application_file_remove")),
    ):
        assert answer.status_code == 409
        assert f"It is “{status.capitalize()}” now." in answer.content.decode()
    assert client.get(page_of(application, kept)).status_code == 200
    assert application.attachments.current().count() == 1


# --- handing out ---


def test_a_file_comes_out_as_it_went_in_as_an_attachment_that_nobody_keeps(application, client):
    kept = add(application, SAMPLES["docx"], "Zoë's «plan».docx")
    answer = client.get(page_of(application, kept), headers={"accept-encoding": "gzip, br"})
    assert b"".join(answer.streaming_content) == SAMPLES["docx"]
    expected = {
        "Content-Type": filetypes.TYPES["docx"].mime,
        "Content-Length": str(len(SAMPLES["docx"])),
        "Content-Disposition": "attachment; filename*=utf-8''Zo%C3%AB%27s%20%C2%ABplan%C2%BB.docx",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
        "Content-Encoding": "identity",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected


def test_a_page_of_the_storage_leads_nowhere(application, client):
    kept = add(application)
    assert client.get(f"/media/{kept.file.name}").status_code == 404
    assert client.get(f"/{kept.file.name}").status_code == 404


def test_what_is_removed_is_handed_out_no_more_even_while_it_is_still_in_the_storage(application, client):
    kept = add(application)
    application.attachments.update(removed_at=kept.added_at)
    assert default_storage.exists(kept.file.name)
    assert client.get(page_of(application, kept)).status_code == 404


def test_a_file_answers_reading_only(application, client):
    assert client.post(page_of(application, add(application))).status_code == 405


def test_a_name_is_inert(application, client):
    kept = add(application, name='"><script>alert(1)<b>.pdf')
    for page in (files_page(application), page_of(application, kept, "application_file_remove")):
        shown = client.get(page).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


# --- removing ---


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_from_the_storage_and_its_row_stays(application, client):
    kept = add(application)
    page = page_of(application, kept, "application_file_remove")
    assert f"Remove “{kept.name}”?" in client.get(page).content.decode()
    assert default_storage.exists(kept.file.name)
    answers = [client.post(page) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, files_page(application))] * 2
    assert not default_storage.exists(kept.file.name)
    assert [client.get(page).status_code, client.get(page_of(application, kept)).status_code] == [404, 404]
    row = application.attachments.get()
    assert (row.name, bool(row.removed_at)) == ("Plan.pdf", True)


@pytest.mark.parametrize("was_handed_in", [False, True])
def test_who_removes_a_file_reads_what_becomes_of_it(was_handed_in, application, client):
    kept = add(application)
    if was_handed_in:
        application.snapshots.create(number=1, taken_by=kept.added_by).files.create(attachment=kept)
    page = client.get(page_of(application, kept, "application_file_remove")).content.decode()
    assert ("the reviewers keep it" in page, "It is deleted for everybody" in page) == (
        was_handed_in,
        not was_handed_in,
    )


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_in_the_storage_where_the_removal_is_not_committed(application, monkeypatch):
    kept = add(application)
    monkeypatch.setattr(Attachment, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        workflow.detach(application=application, user=application.team.get().user, attachment=kept)
    assert default_storage.exists(kept.file.name)


# --- who may what ---

NAMES = ("application_files", "application_file", "application_file_remove")
WRITER = {"get": [200, 200, 200], "post": [303, 405, 303]}
READER = {"get": [200, 200, 404], "post": [404, 405, 404]}
NOBODY = {"get": [404, 404, 404], "post": [404, 405, 404]}
WHO = {
    "lead": WRITER,
    "editor": WRITER,
    "viewer": READER,
    "sponsor": READER,
    "removed": NOBODY,
    "invited": NOBODY,
    "lead of another": NOBODY,
    "stranger": NOBODY,
    "staff": NOBODY,
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("person", WHO)
def test_writers_add_and_remove_and_all_of_the_team_reads(person, method, application):
    kept = add(application)
    lead = application.team.get().user
    people = {role: make_member(application, role).user for role in ("editor", "viewer", "sponsor")}
    gone = make_member(application, Role.EDITOR)
    workflow.leave(application=application, user=lead, member=gone)
    workflow.invite(application=application, user=lead, email=NEW, role=Role.EDITOR)
    people |= {"lead": lead, "removed": gone.user, "invited": make_user(email=NEW)}
    people |= {"stranger": make_user(), "staff": make_user(is_staff=True)}
    people["lead of another"] = make_application().team.get().user
    client = client_of(people[person])
    if method == "get":
        answers = [client.get(page).status_code for page in pages(application, kept)]
    else:
        page, download, removal = pages(application, kept)
        answers = [
            send(client, application, padded(1000)).status_code,
            client.post(download).status_code,
            client.post(removal).status_code,
        ]
    assert answers == WHO[person][method]


def pages(application, attachment):
    return [files_page(application), *(page_of(application, attachment, name) for name in NAMES[1:])]


def test_a_file_of_another_application_and_one_that_never_was_are_the_same_404(application, client):
    theirs = add(make_application()).pk
    for name in NAMES[1:]:
        answers = [
            without(client.get(reverse(name, args=[application.pk, one])), f"/{one}/") for one in (theirs, 10**30)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


def test_to_others_an_application_and_one_that_never_was_are_the_same_404(application):
    add(application)
    never = "00000000-0000-4000-8000-000000000000"
    stranger = client_of(make_user())
    for name in ("application_files", "application_team"):
        for method in (stranger.get, stranger.post):
            answers = [without(method(reverse(name, args=[one])), str(one)) for one in (application.pk, never)]
            assert answers[0] == answers[1]
            assert answers[0][0] == 404


def test_a_visitor_is_asked_to_sign_in(application):
    kept = add(application)
    for page in pages(application, kept):
        assert Client().get(page).url == f"/account/login/?next={page}"


@pytest.mark.parametrize("rows", [1, 10])
def test_the_number_of_queries_is_fixed(rows, application, client):
    for number in range(rows):
        kept = add(application, padded(1000, number), user=make_member(application, Role.EDITOR).user)
    counted = dict(zip(NAMES, (queries_of(client, page) for page in pages(application, kept)), strict=True))
    assert counted == {"application_files": 4, "application_file": 4, "application_file_remove": 5}


# --- two at the same moment ---


def sending(application, content):
    client = client_of(application.team.get(role="lead").user)
    return lambda: send(client, application, content).status_code


@pytest.mark.django_db(transaction=True)
def test_of_two_that_would_be_the_tenth_file_one_is_taken(application):
    for number in range(9):
        add(application, padded(1000, number))
    answers = at_once(*(sending(application, padded(1000, number)) for number in (20, 21)))
    assert (sorted(answers), application.attachments.count()) == ([303, 400], 10)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_would_be_too_much_together_one_is_taken(application):
    for number in range(4):
        add(application, padded(10 * MB, number))
    answers = at_once(*(sending(application, padded(6 * MB, number)) for number in (20, 21)))
    assert (sorted(answers), application.attachments.bytes()) == ([303, 400], 46 * MB)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_adds_one_file(application):
    answers = at_once(*[sending(application, SAMPLES["pdf"])] * 4)
    assert (answers, application.attachments.count()) == ([303] * 4, 1)
