from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.keys import KEY, new_key
from alliance.core.models import Timestamped
from alliance.core.vocabulary import Domain, State
from cohorts.models import Jurisdiction, Place

from ..querysets import AssessmentQuerySet
from ..rubric import HIGHEST, LATEST, NOT_STARTED, RUBRICS

YEARS_KEPT = 2
OF_A_KEY = rf"^{KEY}$"


def latest_version():
    return LATEST


def last_day():
    """The day on which an assessment of today expires: the same day two years on, or the first after it."""
    today = timezone.localdate()
    try:
        return today.replace(year=today.year + YEARS_KEPT)
    except ValueError:  # February 29
        return today.replace(year=today.year + YEARS_KEPT, month=3, day=1)


class NewerRubric(Exception):  # noqa: N818 - an answer, not an error
    """A check made with a version of the rubric that this release does not know yet, as after a step back."""


class Assessment(Timestamped):
    """One government's readiness check. Whoever holds the key reads, changes and deletes it; it names no person.

    Whoever holds the second key reads the result alone. People with an account may keep it there.
    The government is a place of the register, a jurisdiction without a place, a typed name, or not said.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    share_key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    kept_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="kept_assessments", editable=False)
    rubric_version = models.PositiveSmallIntegerField(default=latest_version, editable=False)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")
    jurisdiction = models.ForeignKey(Jurisdiction, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name of your government"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=2, choices=State, blank=True)
    expires_on = models.DateField(default=last_day, editable=False, db_index=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(jurisdiction=None) & Q(name="") | Q(place=None) & Q(name="")
                | Q(place=None) & Q(jurisdiction=None),
                name="pathway_assessment_one_government",
                violation_error_message=_("Choose one government: from the list, or by its name."),
            ),
            models.CheckConstraint(
                condition=Q(name="", state="") | ~Q(name="") & ~Q(state=""),
                name="pathway_assessment_name_and_state",
                violation_error_message=_("Give both the name and the state."),
            ),
            models.CheckConstraint(
                condition=Q(key__regex=OF_A_KEY, share_key__regex=OF_A_KEY), name="pathway_assessment_keys",
                violation_error_message=_("The key is not one of ours."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Assessment of {self.government_name or 'a government'}"

    def get_absolute_url(self):
        return reverse("readiness_result", args=[self.key])

    @property
    def government(self):
        """The place or jurisdiction that was chosen; None where a name was typed or nothing was said."""
        return self.place or self.jurisdiction

    @property
    def government_name(self):
        if self.government:
            return str(self.government)
        return f"{self.name}, {self.state}" if self.name else ""

    @property
    def rubric(self):
        """The rubric that was answered; raises NewerRubric where this release does not have it."""
        if self.rubric_version not in RUBRICS:
            raise NewerRubric
        return RUBRICS[self.rubric_version]

    @property
    def levels(self):
        """The level of each domain that has been answered, in the order of the domains; one query."""
        given = {answer.domain: answer.level for answer in self.answers.all()}
        return {domain: given[domain] for domain in Domain if domain in given}

    def share_anew(self):
        """Take another key to share; the address that was shared before leads nowhere now."""
        self.share_key = new_key()
        self.save(update_fields=["share_key"])

    def answer(self, domain, level):
        """Keep the level of a domain. Saying it again changes nothing; of two at once, the later one stays."""
        Answer.objects.bulk_create(
            [Answer(assessment=self, domain=domain, level=level)],
            update_conflicts=True, unique_fields=["assessment", "domain"], update_fields=["level"],
        )  # fmt: skip
        self.save(update_fields=["updated_at"])


class Answer(models.Model):
    """Where a government stands in one domain: 0 (not started or not sure) to 4, as its rubric describes them."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    domain = models.CharField(max_length=16, choices=Domain)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "domain"], name="pathway_answer_once"),
            models.CheckConstraint(condition=Q(level__range=(NOT_STARTED, HIGHEST)), name="pathway_answer_level"),
            models.CheckConstraint(condition=Q(domain__in=Domain.values), name="pathway_answer_domain"),
        ]

    def __str__(self):
        return f"{self.domain}: {self.level}"
