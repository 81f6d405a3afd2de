from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filetypes import MB
from alliance.core.uploads import UploadField, UploadValidator

from ..querysets import AttachmentQuerySet
from .application import Application

LARGEST = 10 * MB  # bytes of one file
MOST_FILES = 10
MOST_BYTES = 50 * MB


class Attachment(models.Model):
    """A document of an application: for its team and its reviewers. A removed one keeps its row, not its file."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    file = UploadField(
        upload_to="applications", name_field="name", blank=True,
        validators=[UploadValidator(words=("pdf", "docx"), limit=LARGEST)],
    )  # fmt: skip
    name = models.CharField(_("name of the file"), max_length=200, editable=False)
    size = models.PositiveIntegerField(_("bytes"))
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__range=(1, LARGEST)),
                name="pathway_attachment_size",
                violation_error_message=_("A file has at most 10 MB."),
            ),
        ]

    def __str__(self):
        return self.name

    def holds(self, file):
        """Whether what is stored has the same bytes as an open file, which is left at its start."""
        file.seek(0)
        with self.file.open() as own:
            is_same = own.read() == file.read()
        file.seek(0)
        return is_same
