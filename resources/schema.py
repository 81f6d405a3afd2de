"""schema.org descriptions of the library's pages."""


def resource(request, one):
    """CreativeWork (https://schema.org/CreativeWork)."""
    page = request.build_absolute_uri(one.get_absolute_url())
    return {
        "@type": "CreativeWork",
        "@id": page,
        "name": one.title,
        "url": one.url or page,
        "mainEntityOfPage": page,
        "description": one.summary,
        "author": [{"@type": "Person", "name": name} for name in one.authors],
        "publisher": one.publisher and {"@type": "Organization", "name": one.publisher},
        "datePublished": one.year and str(one.year),
        "inLanguage": one.language,
        "about": [topic.name for topic in one.public_topics],
        "genre": str(one.get_kind_display()),
        "license": one.license,
    }


def collection(request, one, items):
    """A list in its order (https://schema.org/ItemList)."""
    return {
        "@type": "ItemList",
        "@id": request.build_absolute_uri(one.get_absolute_url()),
        "name": one.title,
        "description": one.purpose,
        "itemListOrder": "https://schema.org/ItemListOrderAscending",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": item.resource.title,
                "url": request.build_absolute_uri(item.resource.get_absolute_url()),
            }
            for position, item in enumerate(items, 1)
        ],
    }
