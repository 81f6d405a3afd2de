"""What the ground floor holds about a person: their row, mail to them, and what the admin wrote down of them.

`alliance/accounts/leaving.py` says what the parts of such a module are for.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import audit
from .emails import NOWHERE
from .models import AuditEntry, OutgoingMail, Report, User

COVERS = (
    "core.User",
    "core.OutgoingMail",
    "core.Report.email",
    "core.Report.settled_by",
    "core.AuditEntry.actor",
    "admin.LogEntry",
)

FORMER_NAME = "Former staff member"


def export(user):
    return {
        "account": {
            "e-mail address": user.email,
            "name": user.name,
            "joined": user.date_joined,
            "last signed in": user.last_login,
            "signed out everywhere": user.signed_out_at,
            "has a password": user.has_usable_password(),
            "is staff": user.is_staff,
            "is an admin": user.is_superuser,
            "groups": [group.name for group in user.groups.order_by("name")],
            "rights of your own": sorted(str(right) for right in user.user_permissions.select_related("content_type")),
            "mail that you declined": user.mail_declined,
        },
        "mail to you": [
            {
                "to": one.to,
                "subject": one.subject,
                "written": one.created_at,
                "state": one.get_state_display(),
                "done": one.done_at,
            }
            for one in mail_to(user).order_by("created_at")
        ],
        "mistakes that you reported": notes_from(user, Report),
        "reports that you settled": notes_settled(user, Report),
        "what you did in the admin": [told(entry) for entry in log().filter(user=user)],
        "what was done to your account in the admin": [told(entry) for entry in log_about(user)],
        "what the audit log says that you did": [audited(entry) for entry in AuditEntry.objects.by(user)],
        "what the audit log says was done to your account": [audited(one) for one in AuditEntry.objects.about(user)],
    }


def mail_to(user):
    return OutgoingMail.objects.filter(Q(user=user) | Q(to=user.email))


def notes_from(user, model):
    """What somebody wrote under the address of this person and is not settled yet; afterwards the address is gone."""
    return [
        {"sent": note.created_at, "state": note.get_state_display()}
        | {str(label): value for label, value, _is_link in note.facts}
        for note in model.objects.filter(email=user.email).order_by("pk")
    ]


def notes_settled(user, model):
    """What this person settled and answered, without what the senders wrote beside the title."""
    return [
        {"about": str(note), "settled": note.settled_at, "state": note.get_state_display(), "answer": note.answer}
        for note in model.objects.filter(settled_by=user).order_by("pk")
    ]


def changes_by(user, named_by):
    """What this person changed in the models of `named_by`, each with what its rows are called by; by the versions."""
    changes = []
    for model, name in named_by.items():
        versions = model.history.filter(history_user=user)
        words = dict(model.history.model._meta.get_field("history_type").choices)
        changes += [
            {"when": when, "what": words[what], "kind": str(model._meta.verbose_name), "page": called}
            for when, what, called in versions.values_list("history_date", "history_type", name)
        ]
    return sorted(changes, key=lambda change: change["when"])


def log():
    return LogEntry.objects.select_related("content_type").order_by("action_time", "pk")


def log_about(user):
    """The entries of the admin's log about the row of a person: the only ones that hold a name or an address."""
    return log().filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))


def told(entry):
    """An entry of the admin's log, without the name of a person that it may be about."""
    is_person = entry.content_type.model_class() is User
    return {
        "when": entry.action_time,
        "what": str(entry.get_action_flag_display()),
        "kind": entry.content_type.name,
        "page": f"number {entry.object_id}" if is_person else entry.object_repr,
        "details": entry.get_change_message(),
    }


def audited(entry):
    """An entry of the audit log, without what the content said before and after."""
    return {"when": entry.at, "what": entry.action, "kind": entry.kind, "object": entry.label, "details": entry.facts}


def handovers(user):
    if user.is_last_admin():
        yield _("You are the only admin. Make somebody else an admin first."), reverse("admin:core_user_changelist")


def erase(user):
    """The row stays, for the decisions that name it; nothing in it says who it was, and nobody signs in with it."""
    mail_to(user).delete()
    Report.objects.filter(email=user.email).delete()
    log_about(user).update(object_repr=FORMER_NAME, change_message="")
    roles = user.roles()
    user.groups.clear()
    user.user_permissions.clear()
    user.set_unusable_password()
    values = {
        "email": f"former-{user.pk}@{NOWHERE}",
        "name": FORMER_NAME,
        "is_active": False,
        "is_staff": False,
        "is_superuser": False,
        "last_login": None,
        "mail_declined": [],
        "erased_at": timezone.now(),
    }
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=["password", *values])
    if roles["is_staff"] or roles["groups"]:
        audit.record("change_roles", about=user, before=roles, after=user.roles())
