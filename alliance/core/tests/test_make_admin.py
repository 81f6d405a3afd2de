import re

import pytest
from django.core.management import CommandError, call_command

from alliance.core.models import User

from .factories import make_admin

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command("make_admin", *arguments)
    return re.search(r"One-time password: (.+)", capsys.readouterr().out)[1]


def test_the_account_may_do_everything_and_must_choose_a_password(capsys):
    password = run(capsys, "Ada@Example.org")
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser, user.password_is_temporary) == (
        "ada@example.org", True, True, True,
    )  # fmt: skip
    assert user.check_password(password)


def test_a_lost_one_time_password_is_replaced_by_a_new_one(capsys):
    first, second = run(capsys), run(capsys)
    user = User.objects.get()
    assert [user.check_password(password) for password in (first, second)] == [False, True]
    assert user.password_is_temporary


def test_an_account_with_a_password_of_its_own_is_left_alone():
    user = make_admin(email="ada@example.org")
    with pytest.raises(CommandError, match="ADA@example.org already has an account"):
        call_command("make_admin", "ADA@example.org")
    assert User.objects.get().password == user.password


def test_a_bad_address_makes_no_account():
    with pytest.raises(CommandError, match="ada: Enter a valid email address."):
        call_command("make_admin", "ada")
    assert not User.objects.exists()
