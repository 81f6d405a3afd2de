from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alliance.core import audit, emails
from alliance.core.mail import address_of
from alliance.core.models import User


class Command(BaseCommand):
    help = "Give the person with this e-mail address all rights; create their account where there is none."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", default="admin@localhost.localdomain")

    @transaction.atomic
    def handle(self, email, **options):
        try:
            email = emails.clean(email)
        except ValidationError as error:
            raise CommandError(f"{email}: {error.messages[0]}") from None
        user = User.objects.filter(email=email).first()
        made = user is None
        before = None if made else user.roles()
        if made:
            user = User.objects.create_superuser(email)
        else:
            User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True, is_active=True)
            user.refresh_from_db()
        audit.record("change_roles", about=user, before=before, after=user.roles())
        self.stdout.write(f"{'New account' if made else 'The account'} with all rights: {email}")
        self.stdout.write(f"Sign in at {address_of('account_login')} with this address; a code is sent to it.")
        if settings.EMBEDDED:
            self.stdout.write("Mail of this computer is kept in var/mail/: the newest file there has the code.")
