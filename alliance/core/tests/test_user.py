import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError

from alliance.core.models import User

from .factories import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_lower_case_and_signs_in_in_any():
    user = make_user(email=" Ada@Example.ORG ")
    assert user.email == "ada@example.org"
    assert authenticate(email="ADA@example.org", password=PASSWORD) == user


def test_one_address_has_one_account_whatever_its_case():
    make_user(email="ada@example.org")
    with pytest.raises(IntegrityError, match="core_user_email_once"):
        User.objects.bulk_create([User(email="Ada@example.org")])


def test_people_are_called_by_their_name_or_else_by_their_address():
    assert [str(make_user(name="Ada")), str(make_user(email="b@example.org"))] == ["Ada", "b@example.org"]


def test_a_new_password_is_no_longer_temporary():
    user = make_admin()
    user.password_is_temporary = True
    user.set_password("another long password")
    assert user.password_is_temporary is False
