"""A file on its way: checked, stored under a name of ours, handed out as what it is."""

import io
import re
import unicodedata
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db.migrations.writer import MigrationWriter
from django.http import Http404
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from alliance.core import uploads
from alliance.core.filetypes import MB, TYPES, Refused
from alliance.core.uploads import UploadField, UploadValidator, clean_name, download
from resources.models import Resource
from resources.tests.factories import make_resource

from .files import SAMPLES

WHAT_WE_TAKE = "We take PDF, Word (DOCX), Excel (XLSX), PowerPoint (PPTX), CSV (UTF-8), PNG or JPEG, up to 25 MB."
RANDOM_NAME = "[0-9a-f]{32}"


def sent(content, name="plan.pdf", claimed="application/pdf"):
    return SimpleUploadedFile(name, content, content_type=claimed)


# --- the check ---


class Form(forms.Form):
    file = forms.FileField(validators=[UploadValidator(["pdf", "docx"], 10 * MB)])


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        (SAMPLES["pdf"], {}),
        (SAMPLES["docx"], {}),
        (
            SAMPLES["png"],
            {"file": ["Files of this type are not taken here. We take PDF or Word (DOCX), up to 10 MB."]},
        ),
        (
            SAMPLES["pdf"] + b"\n" * 10 * MB,
            {"file": ["This file is too large. We take PDF or Word (DOCX), up to 10 MB."]},
        ),
        (
            b"<html>",
            {
                "file": [
                    "This file is broken, or of a type that we do not know. We take PDF or Word (DOCX), up to 10 MB."
                ]
            },
        ),
        (b"", {"file": ["The submitted file is empty."]}),
    ],
    ids=["pdf", "docx", "other type", "too large", "no type", "empty"],
)
def test_a_form_takes_what_it_is_made_for_and_says_what_that_is(content, errors):
    assert Form(files={"file": sent(content)}).errors == errors


def test_a_file_of_just_the_limit_is_taken():
    text = b"a,b\n1,2\n" * (25 * MB // 8)
    UploadValidator()(sent(text))
    with pytest.raises(ValidationError, match="too large"):
        UploadValidator()(sent(text + b"\n"))


def test_the_library_says_all_that_it_takes():
    with pytest.raises(ValidationError) as error:
        UploadValidator()(sent(b"<html>"))
    assert error.value.messages == [f"This file is broken, or of a type that we do not know. {WHAT_WE_TAKE}"]


@pytest.mark.parametrize(
    "written",
    [
        UploadValidator(),
        UploadValidator(["pdf", "docx"], limit=10 * MB),
    ],
)
def test_a_migration_can_write_the_check_down(written):
    text, imports = MigrationWriter.serialize(written)
    scope = {}
    exec("\n".join(imports), scope)
    again = eval(text, scope)
    assert (again.words, again.limit) == (written.words, written.limit)


def test_a_copy_of_the_field_keeps_the_place_for_the_name():
    assert UploadField(name_field="file_name").clone().name_field == "file_name"


# --- names ---


@pytest.mark.parametrize(
    ("given_name", "word", "name"),
    [
        ("Equity plan.PDF", "pdf", "Equity plan.pdf"),
        ("plan", "docx", "plan.docx"),
        ("plan.exe", "pdf", "plan.pdf"),
        ("plan.pdf.exe", "pdf", "plan.pdf.pdf"),
        ("Plan v2.1", "pdf", "Plan v2.1.pdf"),
        ("Plan of Dr. King", "pdf", "Plan of Dr. King.pdf"),
        ("../../etc/passwd", "csv", "passwd.csv"),
        ("C:\\Users\\me\\plan.doc", "docx", "plan.docx"),
        ("a\r\nSet-Cookie: b=c.pdf", "pdf", "a Set-Cookie: b=c.pdf"),
        ("plan\u202efdp.exe", "pdf", "planfdp.pdf"),
        ("pl\u200ban \u200b \x00b.\u200bpdf", "pdf", "plan b.pdf"),
        ("Mu\u0308nchen \u8a08\u753b.pdf", "pdf", "M\u00fcnchen \u8a08\u753b.pdf"),
        ("bad\ud800name.pdf", "pdf", "badname.pdf"),
        ("", "png", "file.png"),
        (".htaccess", "csv", "htaccess.csv"),
        ("...", "csv", "file.csv"),
        ("a" * 300 + ".pdf", "pdf", "a" * 195 + ".pdf"),
        ("\u8a08" * 300 + ".xlsx", "xlsx", "\u8a08" * 65 + ".xlsx"),
    ],
)
def test_a_name_is_cleaned_and_gets_the_extension_of_what_the_file_is(given_name, word, name):
    assert clean_name(given_name, word) == name


@given(st.text(max_size=400), st.sampled_from(sorted(TYPES)))
def test_no_name_keeps_a_path_or_what_can_not_be_seen(name, word):
    stem, _dot, extension = clean_name(name, word).rpartition(".")
    assert extension == word
    assert 1 <= len(stem.encode()) <= 195
    assert [one for one in stem if one in "/\\" or unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")] == []
    assert stem == stem.strip(" .")


# --- storing ---


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.mark.django_db
@pytest.mark.parametrize("word", TYPES)
def test_a_file_is_stored_as_it_is_under_a_random_name_with_the_extension_of_its_content(word, media):
    resource = make_resource(file=sent(SAMPLES[word], "../Equity plan.exe"))
    resource.refresh_from_db()
    assert re.fullmatch(rf"{RANDOM_NAME}\.{word}", resource.file.name)
    assert resource.file_name == f"Equity plan.{word}"
    assert [path.name for path in media.iterdir()] == [resource.file.name]
    assert (media / resource.file.name).read_bytes() == SAMPLES[word]


@pytest.mark.django_db
def test_saving_a_file_by_hand_names_it_by_its_content_too(media):
    resource = make_resource()
    resource.file.save("plan.exe", ContentFile(SAMPLES["png"]))
    assert re.fullmatch(rf"{RANDOM_NAME}\.png", Resource.objects.get(pk=resource.pk).file.name)
    assert Resource.objects.get(pk=resource.pk).file_name == "plan.png"


@pytest.mark.django_db
def test_two_files_never_share_a_name(media):
    names = {make_resource(file=sent(SAMPLES["pdf"])).file.name for _ in range(5)}
    assert len(names) == 5
    assert [name for name in names if not re.fullmatch(rf"{RANDOM_NAME}\.pdf", name)] == []


@pytest.mark.django_db
def test_what_no_form_has_checked_is_refused_before_it_is_stored(media):
    with pytest.raises(Refused):
        make_resource(file=sent(b"<script>alert(1)</script>"))
    assert not media.exists()


@pytest.mark.django_db
def test_files_are_readable_to_the_portal_and_its_group_only(media):
    resource = make_resource(file=sent(SAMPLES["pdf"]))
    assert oct((media / resource.file.name).stat().st_mode & 0o777) == "0o640"
    assert oct(media.stat().st_mode & 0o777) == "0o750"


@pytest.mark.django_db
def test_a_stored_file_is_not_read_again_when_its_row_is_checked(media):
    resource = Resource.objects.get(pk=make_resource(file=sent(SAMPLES["pdf"])).pk)
    (media / resource.file.name).unlink()
    resource.full_clean()
    assert resource.file.url == f"/resources/{resource.slug}/file/"


class Watched(io.BytesIO):
    """A file that remembers the most that was asked of it at once."""

    most = 0

    def read(self, size=-1):
        self.most = max(self.most, 25 * MB if size is None or size < 0 else size)
        return super().read(size)


@pytest.mark.django_db
@pytest.mark.parametrize("word", TYPES)
def test_a_large_file_is_never_read_at_once(word, media):
    content = SAMPLES[word] if word != "csv" else b"a,b\n" + b"1,2\n" * 2 * MB
    watched = Watched(content)
    make_resource(file=File(watched, "plan.pdf"))
    assert 0 < watched.most <= 4 * MB


@pytest.mark.django_db
def test_a_file_that_came_to_the_disk_is_stored_too(media):
    upload = TemporaryUploadedFile("plan.pdf", "application/pdf", len(SAMPLES["pdf"]), None)
    upload.write(SAMPLES["pdf"])
    form = forms.modelform_factory(Resource, fields=["file"])(
        files={"file": upload}, instance=make_resource(file=sent(SAMPLES["png"], "old.png"))
    )
    resource = form.save()
    upload.close()
    assert (media / resource.file.name).read_bytes() == SAMPLES["pdf"]
    assert Resource.objects.get(pk=resource.pk).file_name == "plan.pdf"


# --- handing out ---


@pytest.mark.django_db
@pytest.mark.parametrize("word", TYPES)
def test_a_file_goes_out_as_an_attachment_of_the_type_that_it_is(word, media, client):
    resource = make_resource(file=sent(SAMPLES[word], "Plan für “alle”.html", "text/html"))
    answer = client.get(reverse("resource_file", args=[resource.slug]), headers={"accept-encoding": "gzip, br"})
    assert answer.getvalue() == SAMPLES[word]
    assert {name: answer.headers.get(name) for name in ("Content-Type", "Content-Length", "Content-Disposition")} == {
        "Content-Type": TYPES[word].mime,
        "Content-Length": str(len(SAMPLES[word])),
        "Content-Disposition": f"attachment; filename*=utf-8''Plan%20f%C3%BCr%20%E2%80%9Calle%E2%80%9D.{word}",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert (answer.streaming, len(answer.cookies), answer.get("Vary")) == (True, 0, None)


@pytest.mark.django_db
def test_asking_for_the_head_of_a_file_gives_its_headers_only(media, client):
    address = reverse("resource_file", args=[make_resource(file=sent(SAMPLES["pdf"])).slug])
    head, whole = client.head(address), client.get(address)
    assert (head.status_code, b"".join(head), dict(head.headers)) == (200, b"", dict(whole.headers))
    whole.close()


@pytest.mark.django_db
def test_quotes_and_line_breaks_of_a_name_stay_inside_its_header(media):
    resource = make_resource(file=sent(SAMPLES["csv"]))
    answer = download(resource.file, 'a"; filename="b.exe\r\nX-Evil: 1')
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a\\"; filename=\\"b.exe X-Evil: 1.csv"'
    answer.close()


@pytest.mark.django_db
def test_a_file_that_the_storage_has_lost_is_not_found(media, client):
    resource = make_resource(file=sent(SAMPLES["pdf"]))
    Path(media, resource.file.name).unlink()
    with pytest.raises(Http404):
        download(resource.file, "plan")
    assert client.get(reverse("resource_file", args=[resource.slug])).status_code == 404


# --- more than we take ---

TOO_LARGE = (413, "This is more than we can take")


def answer_to(client, **data):
    answer = client.post(reverse("account_login"), data)
    return answer.status_code, re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode()).group(1)


@pytest.mark.django_db
def test_a_request_larger_than_anything_we_take_gets_a_plain_page(client, settings):
    assert answer_to(client, file=sent(bytes(uploads.BODY_LIMIT))) == TOO_LARGE
    assert answer_to(client, text="a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE) == TOO_LARGE


@pytest.mark.parametrize("size", [1, 3 * MB])
def test_what_is_taken_arrives_whole(rf, size):
    request = rf.post("/", {"file": sent(b"a" * size), "text": "b" * MB})
    assert request.FILES["file"].read() == b"a" * size
    assert request.POST["text"] == "b" * MB


@pytest.mark.django_db
def test_a_file_above_the_limit_reaches_the_form_that_says_so(client):
    assert answer_to(client, file=sent(bytes(uploads.LIMIT + 2 * MB))) != TOO_LARGE
