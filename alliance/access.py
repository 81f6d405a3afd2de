"""Who may open which address: the one table, and the middleware that holds every request against it.

An address without a row does not exist for anybody (404), and a test fails for it. Rules about one object belong to
the view that finds it.
"""

from django.http import Http404

from alliance.core.keys import KEY_IN_ADDRESS

EVERYONE = "everyone"
BY_KEY = "whoever holds the key in the address; the address that hands out keys belongs here too"
ADMIN_SITE = "the admin site asks for itself: staff who have signed in, and the rights of their groups"

ACCESS = {
    "home": EVERYONE,
    "about": EVERYONE,
    "contact": EVERYONE,
    "privacy": EVERYONE,
    "accessibility": EVERYONE,
    "pathway": EVERYONE,
    "readiness": EVERYONE,
    "readiness_start": BY_KEY,
    "readiness_government": BY_KEY,
    "readiness_domain": BY_KEY,
    "readiness_result": BY_KEY,
    "readiness_delete": BY_KEY,
    "healthz": EVERYONE,
    "readyz": EVERYONE,
    "robots": EVERYONE,
    "sitemap": EVERYONE,
    "sitemap_section": EVERYONE,
    "favicon": EVERYONE,
    "search": EVERYONE,
    "search_names": EVERYONE,
    "data": EVERYONE,
    "data_file": EVERYONE,
    "milestone_feed": EVERYONE,
    "resource_feed": EVERYONE,
    "topic_feed": EVERYONE,
    "cohort_list": EVERYONE,
    "cohort_detail": EVERYONE,
    "jurisdiction_list": EVERYONE,
    "jurisdiction_detail": EVERYONE,
    "jurisdiction_peers": EVERYONE,
    "milestone_list": EVERYONE,
    "partner_list": EVERYONE,
    "partner_detail": EVERYONE,
    "collaboration_list": EVERYONE,
    "collaboration_detail": EVERYONE,
    "resource_list": EVERYONE,
    "resource_detail": EVERYONE,
    "resource_file": EVERYONE,
    "topic_detail": EVERYONE,
    "collection_detail": EVERYONE,
    "admin:*": ADMIN_SITE,
}


def rule_for(match):
    """Return the rule of a resolver match, or None where the table has no row for it."""
    if match.namespace:
        return ACCESS.get(f"{match.namespace}:*")
    return ACCESS.get(match.url_name)


def without_cookies(response):
    """Make a public page the same for everybody, even for whoever sends a broken cookie that Django would mend."""
    response.cookies.clear()
    varies = [header.strip() for header in response.headers.get("Vary", "").split(",")]
    if "Cookie" in varies:
        varies.remove("Cookie")
        response.headers["Vary"] = ", ".join(varies)
    if not response.headers.get("Vary", "-"):
        del response.headers["Vary"]


def kept_private(response):
    """Leave what stands behind a key in no cache, in no search engine and in no other site's log."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"


class AccessMiddleware:
    """Stands outside the session, so that it sees every cookie that an answer would set."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        rule = rule_for(match) if match else EVERYONE
        if rule in (EVERYONE, BY_KEY):
            without_cookies(response)
        # A mistyped address behind a key leads nowhere, and still holds the key.
        if rule == BY_KEY or KEY_IN_ADDRESS.search(request.path):
            kept_private(response)
        return response

    def process_view(self, request, view, args, kwargs):
        if rule_for(request.resolver_match) is None:
            raise Http404
