"""What is written once: the history of an application, what was handed in, and what was signed.

A trigger refuses to change or delete history and snapshots; only an answer in a snapshot may be blanked, when a person
is forgotten.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import HistoryQuerySet, MessageQuerySet
from ..states import ENTRIES, Status
from .application import Application
from .attachment import Attachment

WORDS = [(name, entry.label) for name, entry in ENTRIES.items()]


class HistoryEntry(models.Model):
    """One verb or deed that was done to an application. The entries in their order lead to its present status.

    `person` is whom it was about, as the new lead; a reason stands elsewhere, where it can be forgotten.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="history")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20, choices=WORDS)
    source = models.CharField(max_length=20, choices=Status)
    target = models.CharField(max_length=20, choices=Status)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.verb}: {self.source} to {self.target}"


class Snapshot(models.Model):
    """The whole application as it was handed in, the first time and after each change."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="pathway_snapshot_once")]

    def __str__(self):
        return f"{self.application} ({self.number})"


class SnapshotAnswer(models.Model):
    """The answer to one question in a snapshot. A row of its own, so that one can be blanked without the others."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    answer = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "question"], name="pathway_snapshot_answer_once")]

    def __str__(self):
        return self.question


class SnapshotFile(models.Model):
    """A file that was handed in with a snapshot. Its content stays from then on, removed or not."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="snapshots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "attachment"], name="pathway_snapshot_file_once")]

    def __str__(self):
        return f"{self.snapshot}: {self.attachment_id}"


class SignOff(models.Model):
    """The executive sponsor stands behind exactly the answers and files that `digest` names; others need another."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="sign_offs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "by", "digest"], name="pathway_sign_off_once"),
        ]

    def __str__(self):
        return f"{self.application}: {self.by}"


class ChangeRequest(models.Model):
    """Reviewers ask about one question again; the answer before and after stand side by side."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="change_requests")
    question = models.CharField(max_length=40)
    words = models.TextField(_("what we ask"))
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    before = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question"],
                condition=models.Q(answered_at=None),
                name="pathway_change_request_once",
                violation_error_message=_("This question is asked again already."),
            )
        ]

    def __str__(self):
        return f"{self.application}: {self.question}"


class Message(models.Model):
    """A message between an applying team and the reviewers, in the one thread of the application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_from_team = models.BooleanField()
    text = models.TextField(_("message"))
    sent_at = models.DateTimeField(default=timezone.now)
    # From the form that sent it, so that sending it again adds nothing.
    token = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "token"], name="pathway_message_once")]

    def __str__(self):
        return f"{self.application}: {self.author}, {self.sent_at}"
