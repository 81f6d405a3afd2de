"""schema.org descriptions of this app's pages."""

from django.urls import reverse


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


def measure(request, read):
    """Dataset (https://schema.org/Dataset) of a measure's figures."""
    one = read.measure
    return {
        "@type": "Dataset",
        "@id": request.build_absolute_uri(one.get_absolute_url()),
        "name": f"{one.name}, {one.geography}",
        "url": request.build_absolute_uri(one.get_absolute_url()),
        "description": f"{one.unit}. {read.headline}. {one.method_note}",
        "spatialCoverage": one.geography,
        "temporalCoverage": read.years and "{}/{}".format(*read.years),
        "variableMeasured": one.name,
        "measurementTechnique": one.method_note,
        "isBasedOn": one.sources,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "dateModified": read.changed_at.date().isoformat(),
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "text/csv",
            "contentUrl": request.build_absolute_uri(reverse("measure_csv", args=[one.slug])),
        },
    }
