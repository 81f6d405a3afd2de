"""What staff see of mail: the outbox, for admins and without its texts; the texts as they are sent, for all staff; and
on a computer where mail becomes files, these files."""

import email
import email.policy
from pathlib import Path

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import audit, mail
from .admin_base import AdminsOnly, PortalAdmin
from .models import OutgoingMail

FILES_SHOWN = 20

# A mail brings its looks along, as mailboxes know no style sheets; it may do nothing else.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.name, kind.label) for kind in mail.kinds().values()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() in mail.kinds() else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(AdminsOnly, PortalAdmin):
    list_display = ("what", "to", "state", "last_error", "attempts", "created_at", "due_at", "done_at")
    list_filter = ("state", KindFilter, "created_at")
    search_fields = ("to",)
    ordering = ("-created_at", "pk")
    actions = ("try_again",)
    in_quick_search = False
    fields = ("what", "to", "user", "state", "created_at", "expires_at", "due_at", "attempts", "last_error", "done_at")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    has_delete_permission = has_change_permission

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html")

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, row):
        kind = mail.kinds().get(row.kind)
        return kind.label if kind else row.kind

    @admin.action(description=_("Try the chosen mail again now"), permissions=["view"])
    def try_again(self, request, queryset):
        """Make it due; what has been sent, or came too late, stays as it is."""
        count = OutgoingMail.objects.filter(pk__in=queryset.values("pk")).try_again()
        audit.record("try_mail_again", actor=request.user, count=count)
        done = ngettext("%(count)d mail is tried again now.", "%(count)d mails are tried again now.", count)
        self.message_user(request, done % {"count": count})

    # --- Pages beside the list ---

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("texts/", view(self.texts_view), name="core_outgoingmail_texts"),
            path("texts/<slug:name>/", view(self.html_view), name="core_outgoingmail_html"),
            path("files/", view(self.files_view), name="core_outgoingmail_files"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"becomes_files": becomes_files()})

    def texts_view(self, request):
        """Every kind of mail as it is sent, with sample values."""
        texts = [(kind, *mail.render(kind.name, kind.sample())) for kind in mail.kinds().values()]
        return self.page(request, "texts", _("Mail texts"), texts=texts)

    def html_view(self, request, name):
        """The HTML form of one kind: a page like the mailbox shows it."""
        kind = mail.kinds().get(name)
        if kind is None:
            raise Http404
        _subject, _text, html = mail.render(name, kind.sample())
        return csp(MAIL_POLICY)(HttpResponse)(html)

    def files_view(self, request):
        """The newest mail of this computer."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not becomes_files():
            raise Http404
        return self.page(request, "files", _("Mail on this computer"), letters=newest_letters())

    def page(self, request, name, title, **context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/core/outgoingmail/{name}.html", context)


def becomes_files():
    """Whether mail of this portal is kept in a folder: on the embedded default, where nobody else is at home."""
    return settings.EMBEDDED and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def newest_letters():
    """(message, its plain text) of the newest files in the folder, the newest first."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
    for file in files[: -FILES_SHOWN - 1 : -1]:
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = letter.get_body(("plain",))
        yield letter, body.get_content() if body else ""
