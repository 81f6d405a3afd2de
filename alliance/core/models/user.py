from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..emails import canonical

# The kinds of django-allauth's authenticators that are one; recovery codes stand in for a lost one only.
SECOND_STEPS = ("totp", "webauthn")


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Create a person; without a password they sign in by codes sent to their address."""
        user = self.model(email=canonical(email), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save()
            user.note_address()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def admins(self):
        """Those who may do everything and can come in, as they have a second step."""
        may_all = self.filter(is_active=True, is_staff=True, is_superuser=True)
        return may_all.filter(authenticator__type__in=SECOND_STEPS).distinct()

    def lock_superusers(self):
        """Lock the rows of all of them until the end of the transaction: of two who are to become none at once, the
        second one sees that the other is gone."""
        list(self.select_for_update(no_key=True).filter(is_superuser=True).order_by("pk"))

    def with_rights(self):
        """Load `group_names` and `has_second_step` with each person."""
        groups = Group.objects.filter(user=OuterRef("pk")).order_by("name").values("name")
        steps = self.filter(pk=OuterRef("pk"), authenticator__type__in=SECOND_STEPS)
        return self.annotate(group_names=ArraySubquery(groups), has_second_step=Exists(steps))

    def get_by_natural_key(self, email):
        return self.get(email=canonical(email))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address.

    A person who deletes their account stays as a row without a name or an address (`erased_at`), so that the decisions
    they made keep an author.
    """

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open the admin."))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Unset this instead of deleting the person.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    mail_declined = ArrayField(
        models.CharField(max_length=40), verbose_name=_("mail not wanted"), default=list, editable=False
    )
    # A trigger sets it when roles change: what was signed in before is signed in no longer.
    signed_out_at = models.DateTimeField(_("signed out everywhere"), null=True, editable=False)
    erased_at = models.DateTimeField(_("deleted their account"), null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="core_user_email_once",
                violation_error_message=_("There is already an account with this e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(email__regex=r"^[!-@\[-~]+$"),
                name="core_user_email_plain",
                violation_error_message=_("Write the e-mail address in small letters without accents."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False, is_staff=False, is_superuser=False),
                name="core_user_erased_has_no_rights",
                violation_error_message=_("Whoever deleted their account has no rights any more."),
            ),
        ]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self):
        return self.name or self.email

    get_short_name = get_full_name

    def get_session_auth_hash(self):
        """What a session must carry to go on: it changes with the password and when roles change."""
        stamp = self.signed_out_at.isoformat() if self.signed_out_at else ""
        return salted_hmac("alliance.core.session", f"{self.password} {stamp}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self):
        return ()

    def note_address(self):
        """Tell django-allauth of the address of a new person; the first code typed from a mail to it proves it."""
        self.emailaddress_set.get_or_create(email=self.email, defaults={"primary": True})

    @cached_property
    def group_names(self):
        """The names of the groups that they are in; one query, or none after `with_rights`."""
        return list(self.groups.order_by("name").values_list("name", flat=True))

    @cached_property
    def has_second_step(self):
        """Whether they have set up a second step; one query, or none after `with_rights`."""
        return self.authenticator_set.filter(type__in=SECOND_STEPS).exists()

    def is_last_admin(self):
        """Whether they may do everything, and nobody else could come in and do it. Lock all superusers first where
        something hangs on it."""
        may_all = self.is_active and self.is_staff and self.is_superuser
        return may_all and not User.objects.admins().exclude(pk=self.pk).exists()

    def is_last_admin_by(self, step):
        """Whether without this second step there would be no admin who could come in."""
        others = self.authenticator_set.filter(type__in=SECOND_STEPS).exclude(pk=step.pk)
        return self.is_last_admin() and not others.exists()

    def roles(self):
        """What they may do, as the audit log keeps it."""
        roles = {name: getattr(self, name) for name in ("is_active", "is_staff", "is_superuser")}
        return roles | {"groups": [group.name for group in self.groups.order_by("name")]}

    def sign_out_everywhere(self):
        """End every session of this person, the one that asks included."""
        self.signed_out_at = timezone.now()
        self.save(update_fields=["signed_out_at"])
