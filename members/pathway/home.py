"""What of the review waits for its people, and where they work."""

from functools import reduce
from operator import or_

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.core.home import Link, Need

from . import desk
from .models import Onboarding
from .queue import NO_NEED, Queue
from .states import By


def reviews(user):
    return desk.part_of(user) is not None


def is_chair(user):
    return desk.has_part(user, By.CHAIR)


def flagged(user, *names):
    """The applications that are there for somebody and of which one of these flags of the queue holds."""
    conditions = Queue(user, {}).conditions
    return desk.open_to(user).filter(reduce(or_, (conditions[name] for name in names)))


def needing(user):
    names = [name for name in Queue(user, {}).flags if name not in NO_NEED[desk.part_of(user)]]
    return flagged(user, *names)


NEEDS = [
    Need(_("Applications that need you"), reviews, needing, lambda: reverse("review_queue")),
    Need(
        _("Applications overdue"),
        reviews,
        lambda user: flagged(user, "overdue"),
        lambda: f"{reverse('review_queue')}?flag=overdue",
    ),
    Need(
        _("Onboardings that are stuck"),
        is_chair,
        lambda user: Onboarding.objects.filter(application__in=desk.open_to(user)).stuck(),
        lambda: f"{reverse('review_onboardings')}?show=stuck",
    ),
]

LINKS = [
    Link(_("Review of applications"), reviews, lambda: reverse("review_queue")),
    Link(_("Onboardings"), is_chair, lambda: reverse("review_onboardings")),
]
