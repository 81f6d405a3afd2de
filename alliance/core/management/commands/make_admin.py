import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from alliance.core.models import User


class Command(BaseCommand):
    help = (
        "Create a staff account with all rights and print its one-time password. "
        "For such an account that nobody has signed in to and changed the password of, print a new one."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", default="admin@localhost.localdomain")

    @transaction.atomic
    def handle(self, email, **options):
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email}: {error.messages[0]}") from None
        user = User.objects.filter(email__iexact=email).first()
        if user and not (user.is_superuser and user.password_is_temporary):
            raise CommandError(f"{email} already has an account; `manage.py changepassword {email}` sets a password")
        user = user or User.objects.create_superuser(email)
        password = secrets.token_urlsafe(15)
        user.set_password(password)
        user.password_is_temporary = True
        user.save()
        self.stdout.write(
            f"Staff account: {user.email}\nOne-time password: {password}\nSign in at /admin/ and choose your own."
        )
