"""Files that people send: how they are checked, the random names that they are kept under, how they are handed out.

`filetypes` tells what they hold. Where they are kept is a setting (docs/deploy.md).
"""

import re
import secrets
import unicodedata

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .filetypes import MB, TYPES, Refused, recognize

LIMIT = 25 * MB  # of a file of the library
BODY_LIMIT = 32 * MB  # of a request: above LIMIT, so that the form itself can say which file is too large


class BodyLimit(FileUploadHandler):
    """Refuses a request with files that is larger than anything we take; `views.bad_request` answers with 413."""

    def handle_raw_input(self, input_data, meta, content_length, boundary, encoding=None):
        if content_length > BODY_LIMIT:
            raise RequestDataTooBig(f"A body of {content_length} bytes")

    def receive_data_chunk(self, raw_data, start):
        return raw_data  # for the next handler

    def file_complete(self, file_size):
        return None


@deconstructible
class UploadValidator:
    """Takes a file if it holds one of the types of `words` (of filetypes.TYPES) and at most `limit` bytes."""

    def __init__(self, words=tuple(TYPES), limit=LIMIT):
        self.words = words
        self.limit = limit

    def __call__(self, file):
        if getattr(file, "_committed", False):
            return  # it was looked at when it came, and may be far away
        try:
            if file.size > self.limit:
                raise Refused(_("This file is too large."))
            if recognize(file).word not in self.words:
                raise Refused(_("Files of this type are not taken here."))
        except Refused as refused:
            labels = get_text_list([TYPES[word].label for word in self.words], gettext("or"))
            raise ValidationError(
                _("%(reason)s We take %(types)s, up to %(megabytes)s MB."),
                code="refused",
                params={"reason": refused, "types": labels, "megabytes": self.limit // MB},
            ) from refused


def clean_name(name, word):
    """Return the name that a file came with, fit to be shown and saved: no path, nothing invisible, 200 bytes at most.

    The extension is that of the type `word`, whatever it was.
    """
    stem = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = re.sub(r"\s", " ", stem)
    stem = "".join(character for character in stem if not unicodedata.category(character).startswith("C"))
    stem = re.sub(r"\.[A-Za-z][A-Za-z0-9]{0,4}$", "", " ".join(stem.split()))
    stem = stem.encode()[:195].decode(errors="ignore").strip(" .")
    return f"{stem or gettext('file')}.{word}"


class UploadFile(FieldFile):
    """The value of an UploadField."""

    def save(self, name, content, save=True):
        word = recognize(content).word
        if self.field.name_field:
            setattr(self.instance, self.field.name_field, clean_name(name, word))
        super().save(f"{secrets.token_hex(16)}.{word}", content, save)

    @property
    def url(self):
        """The address of the view that hands the file out, as the storage itself answers nobody."""
        return self.instance.get_file_url()


class UploadField(models.FileField):
    """A file that is stored under a random name nobody can guess, with the extension of what it holds.

    Whatever way it comes to be saved, a file of no type that we know raises Refused. `name_field` names a field of the
    model, declared behind this one, that gets the cleaned name that the file came with. The model says where the file
    is handed out: `get_file_url()`.
    """

    attr_class = UploadFile

    def __init__(self, *args, name_field=None, **kwargs):
        self.name_field = name_field
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.name_field:
            kwargs["name_field"] = self.name_field
        return name, path, args, kwargs


def download(file, name):
    """Answer with the stored file of an UploadField, as an attachment called `name`; Http404 where it is gone.

    Its type is the one that it was recognized as. It goes out as it is, uncompressed and with its length.
    """
    kind = TYPES[file.name.rpartition(".")[2]]
    try:
        content = file.storage.open(file.name)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=clean_name(name, kind.word),
        content_type=kind.mime,
        headers={"Content-Encoding": "identity"},  # or else GZipMiddleware packs it and takes away the length
    )
