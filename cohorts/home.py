"""What of the governments waits for staff, and how the network grew."""

from django.utils.translation import gettext_lazy as _

from alliance.core.home import Chart, Need, holds, is_admin, list_of

from .models import Jurisdiction, Membership, Proposal

NEEDS = [
    Need(
        _("Changes that members propose"),
        holds("cohorts.change_proposal"),
        lambda user: Proposal.objects.open(),
        lambda: list_of(Proposal, state__exact=Proposal.State.OPEN),
    ),
    Need(
        _("Ties to governments that nobody has verified"),
        is_admin,
        lambda user: Membership.objects.to_verify(),
        lambda: list_of(Membership, verified_on__isempty=1, ended_on__isempty=1),
    ),
]

CHARTS = [
    Chart(
        _("Governments in the network"),
        _("By the first year for which a source shows a link: a seat in a cohort, or the link that their page names."),
        Jurisdiction.objects.by_first_year,
    )
]
