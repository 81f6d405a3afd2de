"""schema.org descriptions of this app's pages."""


def jurisdiction(request, one):
    """GovernmentOrganization (https://schema.org/GovernmentOrganization)."""
    figures = one.figures
    return {
        "@type": "GovernmentOrganization",
        "@id": request.build_absolute_uri(one.get_absolute_url()),
        "name": one.name,
        "url": one.website or request.build_absolute_uri(one.get_absolute_url()),
        "description": one.summary,
        "address": {"@type": "PostalAddress", "addressRegion": one.state, "addressCountry": "US"},
        "location": figures.latitude is not None
        and {
            "@type": "Place",
            "geo": {"@type": "GeoCoordinates", "latitude": figures.latitude, "longitude": figures.longitude},
        },
        "contactPoint": one.office and contact(one),
        "parentOrganization": one.parent and {"@type": "GovernmentOrganization", "name": one.parent.name},
    }


def contact(one):
    """ContactPoint (https://schema.org/ContactPoint) of the office to ask."""
    known = {"name": one.office, "email": one.office_email, "url": one.office_url}
    return {"@type": "ContactPoint"} | {key: value for key, value in known.items() if value}
