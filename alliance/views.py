"""The pages that stand above the apps: home, the plain pages, open data, health and the error pages."""

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from alliance.core import opendata
from alliance.core.search import clean
from cohorts import map
from cohorts import opendata as cohorts_data
from cohorts.models import Cohort, Jurisdiction, Milestone
from members.collaborations import opendata as collaborations_data
from members.collaborations.models import Collaboration
from members.partners import opendata as partners_data
from members.pathway.models import ReviewPolicy
from resources import opendata as resources_data
from resources.models import Collection

from .search import SiteSearch, names

DATASETS = {
    dataset.name: dataset
    for app in (cohorts_data, partners_data, collaborations_data, resources_data)
    for dataset in app.DATASETS
}  # fmt: skip

LATEST_MILESTONES = 6
FIRST_COLLECTIONS = 3
NAMES_MAX_AGE = 300  # seconds


@require_safe
def home(request):
    jurisdictions = list(Jurisdiction.objects.for_map().order_by("state", "key"))
    first_cohort = [one for one in jurisdictions if one.in_first_cohort]
    context = {
        "jurisdictions": jurisdictions,
        "map": map.draw(jurisdictions),
        "first_cohort": first_cohort,
        "later_count": len(jurisdictions) - len(first_cohort),
        "milestones": Milestone.objects.public().latest_first()[:LATEST_MILESTONES],
        "milestone_count": Milestone.objects.public().count(),
        "collaboration_count": Collaboration.objects.published().count(),
        "collections": Collection.objects.published().order_by("pk")[:FIRST_COLLECTIONS],
        "forefront": Cohort.objects.published().filter(kind=Cohort.Kind.FOREFRONT).first(),
    }
    return render(request, "home.html", context)


@require_safe
def page(request, name):
    """A page of plain words."""
    return render(request, f"{name}.html")


@require_safe
def privacy(request):
    """What we keep, and for how long."""
    return render(request, "privacy.html", {"policy": ReviewPolicy.current()})


@require_safe
def search(request):
    return render(request, "search.html", {"search": SiteSearch(request.GET.get("q", ""))})


@require_safe
@cache_control(public=True, max_age=NAMES_MAX_AGE)
def search_names(request):
    """Names of public things that begin with what somebody typed so far, or are spelled like it."""
    return JsonResponse({"names": names(clean(request.GET.get("q", "")))})


@require_safe
def data(request):
    return render(request, "data.html", {"datasets": DATASETS.values(), "formats": opendata.FORMATS})


@require_safe
def data_file(request, name, extension):
    dataset = DATASETS[name]
    if extension not in dataset.formats:
        raise Http404
    return opendata.download(dataset, extension)


@require_safe
def robots(request):
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request):
    """Browsers ask here for pages that name no icon, such as a data file."""
    return redirect(static("img/mark.svg"), permanent=False)


@never_cache
@require_safe
def healthz(request):
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """The database answers; 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def error_page(request, status, title, explanation, **context):
    context |= {"status": status, "title": title, "explanation": explanation}
    return render(request, "error.html", context, status=status)


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):
        return error_page(
            request, 413, _("This is more than we can take"),
            _("Nothing of it was saved. Go back and send a smaller file, or less text."),
        )  # fmt: skip
    return error_page(
        request, 400, _("We could not read this request"),
        _("The address or what was sent is not as it should be. Go back, or start again from the front page."),
    )  # fmt: skip


def csrf_failure(request, reason=""):
    return error_page(
        request, 403, _("We could not check where this form came from"),
        _("The page may have been open for long, or cookies are off. Go back, reload the page and send it again."),
    )  # fmt: skip


def forbidden(request, exception):
    return error_page(
        request, 403, _("This page is not open to you"),
        _("Your account does not have the role that this page needs. If it should, write to us."),
    )  # fmt: skip


def too_many(request, locked):
    """The door that was tried too often says when it opens."""
    answer = error_page(request, 429, _("Too many tries"), locked)
    answer.headers["Retry-After"] = str(locked.seconds)
    return answer


def not_found(request, exception):
    return error_page(
        request, 404, _("There is no page here"),
        _("The address may be old or mistyped. The pages below lead on."), ways_on=True,
    )  # fmt: skip


def server_error(request):
    return error_page(
        request, 500, _("Something broke on our side"),
        _("It is not your fault, and we keep a record of it. Try again in a few minutes, or write to us."),
    )  # fmt: skip
