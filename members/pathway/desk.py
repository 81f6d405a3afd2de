"""Who of the Alliance may open which application: the one helper by which every page of the review finds it.

Reviewers see what they are assigned to, chairs and admins whatever was handed in; nobody anything that they have a
conflict of interest with, and nobody content before they have said that there is none. docs/decisions/0014 says more.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from alliance.core import audit
from alliance.core.models import User

from .models import Application
from .states import By

REVIEWERS, CHAIRS = "Reviewers", "Review chairs"
RANK = [By.REVIEWER, By.CHAIR, By.ADMIN]


class Undeclared(Exception):  # noqa: N818 - an answer, not an error
    """Somebody who may read the application has not said yet whether they have a conflict of interest."""

    def __init__(self, application):
        self.application = application


class Access(NamedTuple):
    """What somebody may do with an application that is open to them: what is a chair's, and whether it is only to be
    read, as by an override."""

    is_chair: bool
    is_admin: bool
    is_assigned: bool
    only_reads: bool


def part_of(user):
    """The part that somebody has in the review, None for none."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return None
    if user.is_superuser:
        return By.ADMIN
    if CHAIRS in user.group_names:
        return By.CHAIR
    return By.REVIEWER if REVIEWERS in user.group_names else None


def has_part(user, by):
    """Whether somebody may do what is for this part: chairs do what reviewers do, admins what chairs do."""
    part = part_of(user)
    return part is not None and RANK.index(part) >= RANK.index(by)


def people(*groups):
    """Who is in one of these groups now."""
    return User.objects.filter(is_active=True, is_staff=True, groups__name__in=groups).distinct()


def readers_of(application):
    """Its reviewers without a conflict of interest, or where there is none, such chairs."""
    fair = has_no_conflict_with(application)
    reviewers = people(REVIEWERS, CHAIRS).filter(fair, assignments__in=application.assignments.current())
    return list(reviewers) or list(people(CHAIRS).filter(fair))


def has_no_conflict_with(application):
    """The condition for people whom nothing ties to the application, in one query for all of them."""
    return Exists(Application.objects.filter(pk=application.pk).without_conflict(OuterRef("pk")))


def without_conflict(application):
    """The people whom nothing ties to the application."""
    return User.objects.filter(has_no_conflict_with(application))


def fair_reviews(application):
    """Its reviews that are handed in and count: without those of whoever turned out to have a conflict of interest."""
    fair = application.reviews.handed_in().filter(reviewer__in=without_conflict(application))
    return fair.prefetch_related("scores").order_by("pk")


def open_to(user):
    """The applications that are there for somebody: in lists, counts, searches and exports there is nothing else."""
    part = part_of(user)
    if part is None:
        return Application.objects.none()
    there = Application.objects.handed_in()
    if part == By.REVIEWER:
        there = there.assigned_to(user)
    return there.without_conflict(user)


def exceptions(user):
    """The keys of the few applications that tell what is there for somebody: of chairs and admins those closed to them,
    of reviewers those that they read."""
    if has_part(user, By.CHAIR):
        return Application.objects.handed_in().with_conflict(user).values_list("pk", flat=True)
    return open_to(user).order_by().values_list("pk", flat=True)


def known_open_to(user, found=None):
    """The same as `open_to` for a page that looks at it in many ways: the exceptions are found once, by one query, or
    by the page."""
    found = list(exceptions(user)) if found is None else found
    if has_part(user, By.CHAIR):
        return Application.objects.handed_in().exclude(pk__in=found)
    return Application.objects.filter(pk__in=found)


def may_open(user, application, by=By.REVIEWER):
    """Whether the application is there for somebody in this part now, whatever they declared."""
    return has_part(user, by) and open_to(user).filter(pk=application.pk).exists()


def has_declared(user, application):
    return application.declarations.filter(by=user, has_conflict=False).exists()


def find(user, pk, by=By.REVIEWER):
    """The application, to be read, with `access`, what they may do with it. Http404 where it is not there for them, as
    if it did not exist; Undeclared where they have not declared yet. An admin's override opens it for its hour."""
    application = open_to(user).with_assigned(user).filter(pk=pk).first() if has_part(user, by) else None
    if application and has_declared(user, application):
        return with_access(application, user, is_assigned=application.is_assigned)
    if has_part(user, By.ADMIN) and (overridden := overriding(user, pk)):
        return with_access(overridden, user, only_reads=True)
    if application:
        raise Undeclared(application)
    raise refused(user, pk)


def with_access(application, user, is_assigned=False, only_reads=False):
    is_chair, is_admin = has_part(user, By.CHAIR), has_part(user, By.ADMIN)
    application.access = Access(is_chair, is_admin, is_assigned, only_reads)
    return application


def find_undeclared(user, pk):
    """The application, to declare about it: what is there for them, whatever they have said of it so far."""
    application = open_to(user).filter(pk=pk).first()
    if not application:
        raise refused(user, pk)
    return application


def refused(user, pk):
    """The 404 of what is not there. Where it is, and they may not open it, the audit log says that they tried."""
    if application := Application.objects.filter(pk=pk).first():
        audit.deny(user, about=application)
    return Http404()


def overriding(user, pk):
    """The application that an admin opened by an override which still holds, else None."""
    return Application.objects.filter(pk=pk, overrides__by=user, overrides__until__gt=timezone.now()).first()


def is_assigned(user, application):
    return application.assignments.current().filter(reviewer=user).exists()


def reads_reviews(user, application):
    """Whether somebody who may open an application reads the reviews of others: who reviews it themselves, once their
    own was in; else chairs and admins."""
    if is_assigned(user, application):
        return application.reviews.filter(reviewer=user, submitted_at__isnull=False).exists()
    return has_part(user, By.CHAIR)
