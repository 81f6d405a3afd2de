"""schema.org description of a partner's page."""


def partner(request, one):
    """Organization (https://schema.org/Organization)."""
    return {
        "@type": "Organization",
        "@id": request.build_absolute_uri(one.get_absolute_url()),
        "name": one.name,
        "alternateName": one.later_name,
        "url": one.website or request.build_absolute_uri(one.get_absolute_url()),
        "description": one.summary,
        "address": one.state and {"@type": "PostalAddress", "addressRegion": one.state, "addressCountry": "US"},
    }
