"""What every page shares: finding the object, the answer for an address that has moved, the site's own facts."""

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect
from django.utils.text import slugify

from .keys import without_keys
from .models import OldSlug
from .vocabulary import RESERVED_SLUGS

LONGEST_WORD = 100  # characters of an address word that is made, so that a number fits behind it


class Moved(Exception):  # noqa: N818 - an answer, not an error
    """The page has another address now; `MovedMiddleware` answers with a permanent redirect to `url`."""

    def __init__(self, url):
        self.url = url


class MovedMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Moved):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(exception.url + (f"?{query}" if query else ""))


def get_page(queryset, slug, url_of=None):
    """Return the one object of `queryset` at `slug`; raise Moved for an old slug of one of them, else Http404.

    `url_of` gives the address that took the place of this one, where it is not that of the object's page.
    """
    try:
        return queryset.get(slug=slug)
    except queryset.model.DoesNotExist:
        old = OldSlug.objects.filter(model=queryset.model._meta.label_lower, slug=slug).values("object_id")
        if moved := queryset.filter(pk__in=old).first():
            raise Moved(url_of(moved) if url_of else moved.get_absolute_url()) from None
        raise Http404 from None


def free_slug(model, words):
    """An address word made of these words that no page of the model has, and no address of the site."""
    word = slugify(words)[:LONGEST_WORD].strip("-") or model._meta.model_name
    taken = {*RESERVED_SLUGS, *model.objects.filter(slug__startswith=word).values_list("slug", flat=True)}
    number = 1
    slug = word
    while slug in taken:
        number += 1
        slug = f"{word}-{number}"
    return slug


def site(request):
    """Template context: the facts of the site that every page prints.

    The canonical address is a callable: the page for a request with a wrong host name must not ask for it.
    """
    return {
        "site_name": settings.SITE_NAME,
        "site_tagline": settings.SITE_TAGLINE,
        "contact_email": settings.CONTACT_EMAIL,
        # What a mail about the page names it by: whoever gets the mail must not get the page's key.
        "report_about": without_keys(request.path),
        "canonical_url": lambda: request.build_absolute_uri(request.path),
    }
