"""Hints that an application may be there twice: what screening looks at before the review begins."""

from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from . import desk
from .models import Application, TeamMember
from .team import Role

# Names of 0 (nothing alike) to 1 (the same): "city of duluth" and "duluth" have 0.5.
NEAR = 0.5
MOST = 10
# Everybody can have an address there, so that it says nothing of a government.
PUBLIC_MAIL = {
    "aol.com", "att.net", "comcast.net", "duck.com", "fastmail.com", "gmail.com", "gmx.com", "googlemail.com",
    "hotmail.com", "hushmail.com", "icloud.com", "live.com", "mac.com", "mail.com", "me.com", "msn.com", "outlook.com",
    "pm.me", "proton.me", "protonmail.com", "sbcglobal.net", "verizon.net", "yahoo.com", "ymail.com", "zoho.com",
}  # fmt: skip


class Hints(NamedTuple):
    """The applications that may be of the same government, each with why; and whether there are more that the reader
    is not assigned to. What they have a conflict of interest with is neither."""

    found: list
    has_more: bool

    def __bool__(self):
        return bool(self.found or self.has_more)


def hints_about(application, user):
    """Other applications, handed in, of the same entry of the register or page, of a lead with an address of the same
    domain, or with nearly the same name in the same state. Three queries."""
    same = Q(place=application.place_id) & ~Q(place=None) | Q(jurisdiction=application.jurisdiction_id) & ~Q(
        jurisdiction=None
    )
    domain = domain_of(application)
    leads = TeamMember.objects.current().filter(application=OuterRef("pk"), role=Role.LEAD)
    alike = Application.objects.handed_in().without_conflict(user).exclude(pk=application.pk)
    alike = alike.annotate(
        closeness=TrigramSimilarity("key", application.key),
        is_same=Q(same),
        is_near=Q(state=application.state, closeness__gte=NEAR) & ~Q(key="") & ~Q(state=""),
        is_of_domain=Exists(leads.filter(user__email__iendswith=f"@{domain}")) if domain else Q(pk=None),
    ).filter(Q(is_same=True) | Q(is_near=True) | Q(is_of_domain=True))
    alike = list(alike.order_by("-is_same", "-is_near", "-submitted_at")[:MOST])
    there = set(desk.open_to(user).filter(pk__in=[one.pk for one in alike]).values_list("pk", flat=True))
    return Hints([(one, why(one)) for one in alike if one.pk in there], len(there) < len(alike))


def domain_of(application):
    """The domain of its lead's address, empty for one of everybody's."""
    address = application.team.current().filter(role=Role.LEAD).values_list("user__email", flat=True).first() or ""
    domain = address.rpartition("@")[2].lower()
    return "" if domain in PUBLIC_MAIL else domain


def why(alike):
    reasons = {
        _("the same government"): alike.is_same,
        _("nearly the same name"): alike.is_near,
        _("a lead with an address of the same domain"): alike.is_of_domain,
    }
    return [reason for reason, holds in reasons.items() if holds]
