import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import authenticate, get_user
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from alliance.core.emails import clean
from alliance.core.models import User

from .factories import PASSWORD, make_curator, make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_lower_case_and_signs_in_in_any():
    user = make_user(email=" Ada@Example.ORG ")
    assert user.email == "ada@example.org"
    assert authenticate(email="ADA@example.org", password=PASSWORD) == user


TWINS = {
    "case": "Ada@Example.ORG",
    "full width": "ａｄａ@ｅｘａｍｐｌｅ.org",
    "spaces around": "  ada@example.org\t",
    "ideographic full stop": "ada@example。org",
    "more blanks than an address is long": " " * 5000 + "ada@example.org",
}


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS)
def test_twins_of_an_address_are_one_address(twin):
    assert clean(twin) == "ada@example.org"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("m\u212aay@example.org", "mkay@example.org"),
        ("mi\u017fs@example.org", "miss@example.org"),
        ("ada@exämple.org", "ada@xn--exmple-cua.org"),
        ("ada@XN--EXMPLE-CUA.org", "ada@xn--exmple-cua.org"),
        ("Ada+List@example.org", "ada+list@example.org"),
    ],
)
def test_an_address_has_one_form(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "ada", "ada@", "@example.org", "äda@example.org", "ada@example", "a b@example.org",
              "ada@example.org\nbcc: eve@example.org", "ada@example.org\0", "аda@example.org",
              "x" * 250 + "@example.org", '"\x01"@example.org', '"\x7f"@example.org', '"a\\ b"@example.org'],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(typed):
    with pytest.raises(ValidationError):
        clean(typed)


@pytest.mark.parametrize("stored", ["Ada@example.org", "äda@example.org", "ada @example.org", ""])
def test_the_database_takes_an_address_in_its_one_form_only(stored):
    with pytest.raises(IntegrityError, match="core_user_email_plain"):
        User.objects.bulk_create([User(email=stored)])


def test_one_address_has_one_account():
    make_user(email="ada@example.org")
    with pytest.raises(IntegrityError, match="core_user_email_once"):
        User.objects.bulk_create([User(email="ada@example.org")])


def test_people_are_called_by_their_name_or_else_by_their_address():
    assert [str(make_user(name="Ada")), str(make_user(email="b@example.org"))] == ["Ada", "b@example.org"]


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_the_database_gives_no_rights_to_whoever_deleted_their_account(right):
    user = make_user(is_active=False)
    with pytest.raises(IntegrityError, match="core_user_erased_has_no_rights"):
        User.objects.filter(pk=user.pk).update(erased_at=timezone.now(), **{right: True})


CHANGES = {
    "staff": lambda user: User.objects.filter(pk=user.pk).update(is_staff=True),
    "admin": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "closed": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "into a group": lambda user: user.groups.add(Group.objects.create(name="Readers")),
    "a right": lambda user: user.user_permissions.add(Permission.objects.first()),
    "a password": lambda user: user.set_password("another long password") or user.save(),
    "by themselves": lambda user: user.sign_out_everywhere(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_roles_or_password_ends_every_session(change, client):
    user = make_user()
    client.force_login(user)
    before = get_user(client)
    change(user)
    assert (before, get_user(client).is_authenticated) == (user, False)


def test_losing_a_group_ends_every_session(client):
    curator = make_curator()
    client.force_login(curator)
    curator.groups.clear()
    assert get_user(client).is_authenticated is False


def test_another_name_or_a_sign_in_ends_no_session(client):
    user = make_user()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(name="Ada", last_login=timezone.now(), mail_declined=["news"])
    assert get_user(client) == user


def test_the_rights_that_are_loaded_with_a_person_are_those_asked_later(django_assert_num_queries):
    curator = make_curator()
    curator.groups.add(Group.objects.create(name="A group"))
    plain = make_user()
    RecoveryCodes.activate(plain)  # no second step: they stand in for a lost one
    for person, groups, has_second_step in ((curator, ["A group", "Curators"], True), (plain, [], False)):
        with django_assert_num_queries(1):
            loaded = User.objects.with_rights().get(pk=person.pk)
            assert (loaded.group_names, loaded.has_second_step) == (groups, has_second_step)
        with django_assert_num_queries(3):
            later = User.objects.get(pk=person.pk)
            assert (later.group_names, later.has_second_step) == (groups, has_second_step)
