import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from alliance.core.models import User


class Command(BaseCommand):
    help = "Create a staff account with all rights and print its one-time password."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", default="admin@localhost.localdomain")

    def handle(self, email, **options):
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email}: {error.messages[0]}") from None
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"{email} already has an account; `manage.py changepassword {email}` sets a password")
        password = secrets.token_urlsafe(15)
        user = User.objects.create_superuser(email, password)
        User.objects.filter(pk=user.pk).update(password_is_temporary=True)
        self.stdout.write(
            f"Staff account: {user.email}\nOne-time password: {password}\nSign in at /admin/ and choose your own."
        )
