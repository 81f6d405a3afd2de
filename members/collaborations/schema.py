"""schema.org description of a collaboration's page."""


def collaboration(request, one):
    """Organization (https://schema.org/Organization)."""
    return {
        "@type": "Organization",
        "@id": request.build_absolute_uri(one.get_absolute_url()),
        "name": one.name,
        "url": request.build_absolute_uri(one.get_absolute_url()),
        "description": one.summary,
        "foundingDate": one.founded,
        "areaServed": one.region,
    }
