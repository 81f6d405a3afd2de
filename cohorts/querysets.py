"""The public vocabulary of places, governments and cohorts."""

from django.db import models
from django.db.models import Case, Count, Exists, IntegerField, Min, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Least, Left, Now
from django.utils import timezone

from alliance.core import search
from alliance.core.querysets import PublishableQuerySet

from . import likeness, places

# How a government sits in collaborations: itself, or as a partner.
SEATS = ("seats", "partners__seats")


class JurisdictionQuerySet(PublishableQuerySet):
    def named(self, text, texts=()):
        """Governments whose name resembles `text` or whose columns `texts` hold its words, the closest first.

        The closest are those that `text` names: perhaps by the name of their place, perhaps with a state or a kind
        behind it, as in "St. Paul, Minnesota".
        """
        return search.search(self, text, texts=texts, meant=self.meaning(text)).order_by("-closeness", "pk")

    def meaning(self, text):
        """Return the condition under which `text` names a government."""
        of_their_own = places.meant(text)
        places_meant = self.model.place.field.related_model.objects.filter(of_their_own)
        return of_their_own | Q(place__in=places_meant)

    def members(self):
        """Governments whose source calls them a member; the others took part or worked with the network."""
        return self.filter(role__in=self.model.MEMBER_ROLES)

    def with_first_cohort(self):
        """Add `in_first_cohort`: whether the government has a seat in a published cohort at the forefront."""
        seats = self.model.cohort_seats.rel.related_model.objects
        forefront = seats.filter(jurisdiction=OuterRef("pk"), cohort__kind="forefront", cohort__status="published")
        return self.annotate(in_first_cohort=Exists(forefront))

    def near_or_at_the_forefront(self, state):
        """Governments of a state, then those with a seat in a cohort at the forefront; adds `in_first_cohort`."""
        found = self.with_first_cohort().filter(Q(state=state) | Q(in_first_cohort=True))
        return found.order_by(Case(When(state=state, then=0), default=1), "name", "pk")

    def for_map(self):
        """Published governments, once each, with all that `map.draw` asks of them."""
        return self.published().with_place().distinct()

    def with_place(self):
        """Load what a map and the facts of a page ask of each government."""
        return self.select_related("place").with_first_cohort()

    def by_first_year(self):
        """How many published governments have their first link on record in each year, {year: count}; those without a
        year stand under None."""
        seat = self.model.cohort_seats.rel.related_model.objects.filter(jurisdiction=OuterRef("pk")).order_by()
        began = Left(Coalesce("joined", "cohort__start"), 4)
        seated = seat.values("jurisdiction").annotate(year=Min(Cast(began, IntegerField()))).values("year")
        years = self.published().order_by().annotate(first_year=Least("role_year", Subquery(seated)))
        return dict(years.values("first_year").annotate(count=Count("pk")).values_list("first_year", "count"))

    def with_milestone_count(self):
        return self.annotate(milestone_count=Count("milestones", distinct=True))

    def with_cohorts(self):
        """Load the seats in published cohorts beside each government, as `public_seats`."""
        seats = self.model.cohort_seats.rel.related_model.objects
        return self.prefetch_related(
            Prefetch(
                "cohort_seats",
                seats.filter(cohort__status="published").select_related("cohort").order_by("joined", "pk"),
                to_attr="public_seats",
            )
        )

    def collaborations(self):
        """(name, slug, role) of the published collaborations in which these governments sit now, themselves or as
        partners.

        The relations come from upper floors, so they are named, not imported.
        """
        direct, as_partner = [
            self.filter(**{f"{path}__collaboration__status": "published", f"{path}__ended": None}).values_list(
                f"{path}__collaboration__name", f"{path}__collaboration__slug", f"{path}__role"
            )
            for path in SEATS
        ]
        return direct.order_by().union(as_partner.order_by()).order_by("seats__collaboration__name")

    def seated_in(self, collaborations):
        """Those that sit now in any of these collaborations, themselves or as partners."""
        direct, as_partner = [
            Q(**{f"{path}__collaboration__in": collaborations, f"{path}__ended": None}) for path in SEATS
        ]
        return self.filter(direct | as_partner)

    def nearest_collaboration(self, jurisdiction):
        """(name, slug, miles) of the collaboration that goes on with the published member government nearest to this
        one; None where there is none, or where nobody knows how far it is."""
        here = jurisdiction.figures
        if here.latitude is None:
            return None
        miles = likeness.miles_from(here.latitude, here.longitude)
        direct, as_partner = [
            self.published()
            .filter(
                **{
                    f"{path}__ended": None,
                    f"{path}__collaboration__status": "published",
                    f"{path}__collaboration__ended": None,
                }
            )
            .order_by()
            .annotate(miles=miles)
            .filter(miles__isnull=False)
            .values_list(f"{path}__collaboration__name", f"{path}__collaboration__slug", "miles")
            for path in SEATS
        ]
        return direct.union(as_partner).order_by("miles", "seats__collaboration__name").first()

    def relatives(self):
        """(kind, name, slug) of the published departments of these governments and of the partners that they are."""
        departments, partners = [
            self.filter(**{f"{path}__status": "published"})
            .order_by()
            .values_list(Value(path), f"{path}__name", f"{path}__slug")
            for path in ("departments", "partners")
        ]
        return departments.union(partners)

    def library(self):
        """(relation, title, slug, since, until, how) of the published resources tied to these governments.

        Those in use come first, then those that they made. The relations come from an upper floor, so they are named,
        not imported.
        """
        facts = ("adoptions__since", "adoptions__until", "adoptions__how")
        nothing = Value(None, output_field=models.TextField())
        paths = {"adoptions": "adoptions__resource", "contributions": "contributions", "mentioned_in": "mentioned_in"}
        in_use, *others = [
            self.filter(**{f"{path}__status": "published"})
            .order_by()
            .annotate(relation=Value(relation))
            .values_list(
                "relation", f"{path}__title", f"{path}__slug",
                *(facts if relation == "adoptions" else [nothing] * len(facts)),
            )
            for relation, path in paths.items()
        ]  # fmt: skip
        return in_use.union(*others).order_by("relation", "adoptions__resource__title")

    def like(self, place):
        """Published governments most like `place` (a Place or a Jurisdiction) by kind, size and distance, best first.

        Adds `likeness` (0 to 1) and `miles` (null where one of the two has no coordinates). A government that has
        neither a place nor coordinates of its own is still found by its kind.
        """
        return likeness.rank(self.published(), place)


class MembershipQuerySet(models.QuerySet):
    def verify(self, by):
        """Vouch, as the person `by`, for the ties that nobody has verified yet, but for one's own; how many."""
        waiting = self.filter(verified_on=None).exclude(user=by)
        return waiting.update(verified_on=timezone.localdate(), verified_by=by, updated_at=Now())

    def to_verify(self):
        """Ties that have not ended and that nobody has verified."""
        return self.filter(ended_on=None, verified_on=None)

    def current(self):
        """Ties that have not ended and that staff have verified: the members."""
        return self.filter(ended_on=None, verified_on__isnull=False)

    def with_government(self):
        return self.select_related("jurisdiction").order_by("jurisdiction__name", "pk")


class ProposalQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for a curator."""
        return self.filter(state=self.model.State.OPEN)


class CohortQuerySet(PublishableQuerySet):
    def with_seat_count(self):
        """Add `seat_count`: how many published governments have or had a seat."""
        published = Q(seats__jurisdiction__status="published")
        return self.annotate(seat_count=Count("seats__jurisdiction", filter=published, distinct=True))

    def with_public_seats(self):
        """Load the seats of published governments beside each cohort, as `public_seats`."""
        seats = self.model.seats.rel.related_model.objects.public()
        return self.prefetch_related(Prefetch("seats", seats, to_attr="public_seats"))


class CohortSeatQuerySet(models.QuerySet):
    def public(self):
        """Seats of governments with a public page, with the government and its place."""
        return self.filter(jurisdiction__status="published").select_related("jurisdiction__place")


class MilestoneQuerySet(models.QuerySet):
    def public(self):
        """Milestones of governments that have a public page."""
        return self.filter(jurisdiction__status="published").select_related("jurisdiction")

    def latest_first(self):
        return self.order_by("-date", "-pk")
