"""The one setting that puts files into a bucket, against a server that speaks as much of S3's protocol as it takes."""

import os
import re
import subprocess
import sys
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.http import Http404

from alliance.core.uploads import download
from alliance.settings import BASE_DIR, file_storage
from resources.models import Resource
from resources.tests.factories import make_resource

from .files import SAMPLES

BUCKET = "portal-files"


class Bucket(BaseHTTPRequestHandler):
    """Answers PUT, GET, HEAD and DELETE of an object, and keeps what came with each request."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, content=b"", **headers):
        self.server.seen.append((self.command, self.path, self.headers))
        self.send_response(status)
        for name, value in {"Content-Length": len(content), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_PUT(self):
        self.server.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, ETag='"new"')

    def do_GET(self):
        if (content := self.server.objects.get(self.path)) is None:
            return self.answer(404)
        return self.answer(200, content, ETag=f'"{md5(content).hexdigest()}"', Last_Modified=formatdate(usegmt=True))

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        del self.server.objects[self.path]
        self.answer(204)

    def log_message(self, *_arguments):
        """Keep the output of the tests clean."""


@pytest.fixture
def bucket(settings, monkeypatch):
    """The server, with the portal's files set to be kept there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.objects, server.seen = {}, []
    Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "a-key",
        "AWS_SECRET_ACCESS_KEY": "a-secret",
        "AWS_DEFAULT_REGION": "us-east-2",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = settings.STORAGES | {"default": file_storage(BUCKET)}
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["pdf", "docx", "csv"])
def test_a_file_goes_into_the_bucket_comes_back_and_is_deleted(bucket, client, word):
    resource = make_resource(file=ContentFile(SAMPLES[word], "plan.exe"))
    address = f"/{BUCKET}/{resource.file.name}"
    assert re.fullmatch(rf"[0-9a-f]{{32}}\.{word}", resource.file.name)
    assert bucket.objects == {address: SAMPLES[word]}

    answer = client.get(f"/resources/{resource.slug}/file/", headers={"accept-encoding": "gzip"})
    assert answer.getvalue() == SAMPLES[word]
    assert answer.headers["Content-Length"] == str(len(SAMPLES[word]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="plan.{word}"'

    Resource.objects.get(pk=resource.pk).file.delete(save=False)
    assert bucket.objects == {}
    with pytest.raises(Http404):
        download(resource.file, "plan")
    assert client.get(f"/resources/{resource.slug}/file/").status_code == 404


@pytest.mark.django_db
def test_nothing_that_is_stored_is_public_and_every_request_is_signed(bucket):
    make_resource(file=ContentFile(SAMPLES["pdf"], "plan.pdf"))
    assert [command for command, _path, _headers in bucket.seen] == ["HEAD", "PUT"]
    for _command, path, headers in bucket.seen:
        assert "?" not in path
        assert re.match(r"AWS4-HMAC-SHA256 Credential=a-key/\d{8}/us-east-2/s3/", headers["Authorization"])
        assert [name for name in headers if name.lower() in ("x-amz-acl", "x-amz-grant-read")] == []


@pytest.mark.django_db
def test_a_name_that_is_taken_in_the_bucket_is_not_written_over(bucket, monkeypatch):
    monkeypatch.setattr("alliance.core.uploads.secrets.token_hex", lambda _bytes: "a" * 32)
    make_resource(file=ContentFile(SAMPLES["pdf"], "first.pdf"))
    second = make_resource(file=ContentFile(SAMPLES["pdf"] + b"\n", "second.pdf"))
    assert bucket.objects == {
        f"/{BUCKET}/{'a' * 32}.pdf": SAMPLES["pdf"],
        f"/{BUCKET}/{second.file.name}": SAMPLES["pdf"] + b"\n",
    }


def storage_of(**environment):
    """Which storage a process of its own takes, and where that keeps files."""
    code = """
import django; django.setup()
from django.core.files.storage import storages
print(type(storages["default"]).__name__, getattr(storages["default"], "bucket_name", storages["default"].location))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "alliance.settings", **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_one_variable_decides_where_files_are_kept():
    assert storage_of(FILES_BUCKET="") == ["FileSystemStorage", str(Path(BASE_DIR, "var", "media"))]
    assert storage_of(FILES_BUCKET=BUCKET) == ["S3Storage", BUCKET]
