from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from alliance.core import uploads
from alliance.core.notes.views import form_page, take
from alliance.core.pages import get_page

from . import citation, likeness, schema
from .forms import SuggestionForm
from .listings import ResourceListing
from .models import Collection, Resource, Topic

MOST_ALIKE = 4
SHOWN_OF_A_TOPIC = 12
MOST_USERS = 60
RELATIONS = ("contributed_by_jurisdictions", "contributed_by_partners", "mentions", "collections")


@require_safe
def resource_list(request):
    listing = ResourceListing(Resource.objects.published(), request.GET)
    context = {"listing": listing}
    if not (listing.text or listing.active or listing.canonical_query):
        context["collections"] = Collection.objects.published().with_resource_count().order_by("pk")
    return render(request, "resources/resource_list.html", context)


@require_safe
def resource_detail(request, slug):
    resource = get_page(Resource.objects.published().with_topics(), slug)
    address = request.build_absolute_uri(resource.get_absolute_url())
    ranked = Resource.objects.like(resource).lean().with_topics()
    context = {
        "resource": resource,
        "adoptions": resource.adoptions.published().with_jurisdictions()[:MOST_USERS],
        "relatives": each_once(Resource.objects.filter(pk=resource.pk).relatives()),
        "alike": likeness.most_like(resource, ranked, MOST_ALIKE),
        "citation": citation.plain(resource, address),
        "bibtex": citation.bibtex(resource, address),
        "json_ld": schema.resource(request, resource),
    }
    return render(request, "resources/resource_detail.html", context)


def each_once(relatives):
    """The rows of `relatives()`, who made it first; who made it need not be told to stand in it."""
    rows = sorted(relatives, key=lambda row: RELATIONS.index(row[0]))
    makers = {slug for relation, _name, slug in rows if relation == "contributed_by_jurisdictions"}
    return [row for row in rows if row[0] != "mentions" or row[2] not in makers]


@require_safe
def resource_file(request, slug):
    resource = get_page(Resource.objects.published(), slug)
    if not resource.file:
        raise Http404
    return uploads.download(resource.file, resource.file_name)


@require_safe
def topic_detail(request, slug):
    topic = get_page(Topic.objects.published(), slug)
    context = {
        "topic": topic,
        "resources": Resource.objects.published().lean().labelled("topic", topic.slug).most_used()[:SHOWN_OF_A_TOPIC],
        "collections": Collection.objects.published().about(topic),
        "others": Topic.objects.published().exclude(pk=topic.pk),
    }
    return render(request, "resources/topic_detail.html", context)


@require_safe
def collection_detail(request, slug):
    collection = get_page(Collection.objects.published(), slug)
    items = collection.items.published()
    context = {
        "collection": collection,
        "items": items,
        "json_ld": schema.collection(request, collection, items),
    }
    return render(request, "resources/collection_detail.html", context)


@csrf_exempt
@form_page
def suggest(request):
    """Say what the library should have."""
    return take(request, SuggestionForm, "resources/suggest.html")
