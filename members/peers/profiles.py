"""What somebody does with their own profile. Each verb runs in one transaction and locks the person first: of two at
the same moment the second sees what the first did. Each may be repeated."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from alliance.core.models import User

from .models import PeerProfile


def locked(user):
    """The person, locked until the end of the transaction; Http404 for whoever deletes their account."""
    return get_object_or_404(User.objects.select_for_update(no_key=True), pk=user.pk, erased_at=None)


@transaction.atomic
def keep(*, user, form):
    """Save a valid form of one's own profile, and list or hide it at once."""
    locked(user)
    there = PeerProfile.objects.filter(user=user).first()
    profile = form.instance
    # A second click finds what the first one made.
    profile.pk, profile._state.adding = there and there.pk, there is None
    profile.created_at = there.created_at if there else None
    profile.listed_at = (there and there.listed_at or timezone.now()) if profile.is_listed else None
    profile.digest_on = there and there.digest_on
    form.save()
    return profile


@transaction.atomic
def hide(*, user):
    """Be found nowhere from now on; what one wrote stays for the day on which one comes back."""
    locked(user)
    PeerProfile.objects.filter(user=user).update(is_listed=False, listed_at=None, updated_at=timezone.now())


@transaction.atomic
def leave(*, user):
    """Delete one's profile."""
    locked(user)
    PeerProfile.objects.filter(user=user).delete()
