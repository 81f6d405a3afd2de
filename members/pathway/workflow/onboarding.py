"""What an accepted government and the Alliance do in its first months: the plan, the guide, the yes to its page."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import mail

from ..models import Onboarding
from ..plan import PAGE
from ..states import By
from ..team import WRITERS, Role
from .base import NotReady, locked, locked_for, tell_team

# Who says yes to the public page for the government.
AGREES = (Role.LEAD, Role.SPONSOR)


def onboarding_of(application):
    return get_object_or_404(Onboarding.objects.select_related("jurisdiction"), application=application)


@transaction.atomic
def tick_off(*, application, user, step, is_done):
    """Say that a step of the plan is done, or that it is not after all."""
    application = locked(application, user, WRITERS)
    step = get_object_or_404(onboarding_of(application).steps, pk=step)
    if bool(step.done_at) != is_done:
        step.done_at, step.done_by = (timezone.now(), user) if is_done else (None, None)
        step.save(update_fields=["done_at", "done_by"])


@transaction.atomic
def agree(*, application, user, list_from=None):
    """Say yes to the public page, to be shown at once or from a day on. The day can be changed until it is shown.
    NotReady where the page has no source yet: no page is shown without one."""
    application = locked(application, user, AGREES)
    onboarding = onboarding_of(application)
    if onboarding.listed_at:
        return  # the same click a second time
    if not onboarding.jurisdiction.sources:
        raise NotReady(_("The page names no public source yet. Write to us which page of your site shows your work."))
    if not onboarding.agreed_at:
        onboarding.agreed_by, onboarding.agreed_at = user, timezone.now()
    onboarding.list_from = list_from
    onboarding.save()
    if list_from is None or list_from <= timezone.localdate():
        show(application, onboarding)


@transaction.atomic
def take_yes_back(*, application, user):
    """No longer agree to a page that is not shown yet. NotReady where it is: then the Alliance takes it down."""
    application = locked(application, user, AGREES)
    onboarding = onboarding_of(application)
    if onboarding.listed_at:
        raise NotReady(_("Your page is shown already. Write to us, and we take it down."))
    onboarding.agreed_by = onboarding.agreed_at = onboarding.list_from = None
    onboarding.save()


def show(application, onboarding):
    """Publish the page of the government, and tick off the step that waited for it; in the caller's transaction."""
    jurisdiction = onboarding.jurisdiction
    jurisdiction.status = jurisdiction.Status.PUBLISHED
    jurisdiction.save()
    onboarding.listed_at = timezone.now()
    onboarding.save()
    page = onboarding.steps.open().filter(step=PAGE)
    page.update(done_at=onboarding.listed_at, done_by=onboarding.agreed_by)
    tell_team(application, "page_shown", page=mail.address_of("jurisdiction_detail", jurisdiction.slug))


def show_agreed_pages():
    """Show the pages whose day has come, each in a transaction of its own."""
    for waiting in Onboarding.objects.waiting_to_be_listed().select_related("application").order_by("pk"):
        with transaction.atomic():
            application = locked(waiting.application)
            # Its team may have taken the yes back a moment ago.
            if onboarding := Onboarding.objects.waiting_to_be_listed().filter(pk=waiting.pk).first():
                show(application, onboarding)


@transaction.atomic
def offer_guide(*, application, actor, guide):
    """Offer a government of the network as a guide, or with None nobody. NotReady where it is their own."""
    application = locked_for(application, actor, By.CHAIR)
    onboarding = onboarding_of(application)
    if guide == onboarding.jurisdiction:
        raise NotReady(_("Nobody is their own guide."))
    if onboarding.guide != guide:
        onboarding.guide = guide
        onboarding.save()
        if guide:
            tell_team(application, "guide_offered", to="application_onboarding")


@transaction.atomic
def plan_anew(*, application, actor, steps):
    """Give open steps another day or owner: `steps` is {number of the step: {"due_on", "owner"}}."""
    application = locked_for(application, actor, By.CHAIR)
    for step in onboarding_of(application).steps.open().filter(pk__in=steps):
        step.due_on, step.owner = steps[step.pk]["due_on"], steps[step.pk]["owner"]
        step.save(update_fields=["due_on", "owner"])
