from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import audit, mail
from alliance.core.emails import canonical
from alliance.core.models import User


class Command(BaseCommand):
    help = "Remove the second steps of somebody who lost them all; they are signed out, and told by mail."

    def add_arguments(self, parser):
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, email, **options):
        user = User.objects.filter(email=canonical(email)).first()
        if not user:
            raise CommandError(f"{email}: nobody has this address.")
        removed, _models = Authenticator.objects.filter(user=user).delete()
        if not removed:
            raise CommandError(f"{user.email} has no second step.")
        user.sign_out_everywhere()
        audit.record("forget_two_step", about=user)
        change = _("All passkeys, the authenticator app and the recovery codes were removed by staff, on request.")
        mail.send("two_step_changed", user.email, user=user, change=change, when=timezone.now())
        self.stdout.write(
            f"{user.email} now signs in with a code from a mail alone, and can set up a second step anew."
        )
