import pytest
from django.core.management import CommandError, call_command

from alliance.core.models import User

from .factories import make_user

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command("make_admin", *arguments)
    return capsys.readouterr().out.splitlines()


def test_a_new_account_has_all_rights_and_no_password(capsys, settings):
    settings.EMBEDDED = False
    assert run(capsys, "Ada@Example.org") == [
        "New account with all rights: ada@example.org",
        f"Sign in at {settings.SITE_URL}/account/login/ with this address; a code is sent to it.",
    ]
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser, user.has_usable_password()) == (
        "ada@example.org", True, True, False,
    )  # fmt: skip


def test_on_this_computer_it_says_where_the_mail_is(capsys, settings):
    settings.EMBEDDED = True
    assert run(capsys)[-1] == "Mail of this computer is kept in var/mail/: the newest file there has the code."


def test_an_account_that_is_there_gets_all_rights_and_keeps_the_rest(capsys):
    user = make_user(email="ada@example.org", name="Ada")
    assert run(capsys, "ADA@example.org")[0] == "The account with all rights: ada@example.org"
    after = User.objects.get()
    assert (after.pk, after.name, after.password, after.is_staff, after.is_superuser) == (
        user.pk, "Ada", user.password, True, True,
    )  # fmt: skip


def test_a_bad_address_makes_no_account():
    with pytest.raises(CommandError, match="ada: Enter an e-mail address in plain letters, like name@example.gov."):
        call_command("make_admin", "ada")
    assert not User.objects.exists()
