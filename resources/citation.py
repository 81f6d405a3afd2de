"""How to cite a resource: a line for a text, and an entry for BibTeX."""

from urllib.parse import quote

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

# What TeX would take for a command, and how it is written instead.
TEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}

# What stays as it is in a web address; braces and backslashes, which would end the command, do not.
URL = ":/?#[]@!$&'()*+,;=%-._~"


def plain(resource, address):
    """Who, what, where and when in one line. `address` is the page of the portal, for what has no other."""
    parts = [
        get_text_list(resource.authors, _("and")),
        resource.title,
        resource.publisher,
        str(resource.year) if resource.year else _("no date"),
        resource.url or address,
    ]
    return ". ".join(part.rstrip(".") for part in parts if part)


def bibtex(resource, address):
    """An entry of the type @misc (BibTeX's standard styles), in braces where capitals or a corporate name must stay."""
    corporate = resource.publisher and f"{{{tex(resource.publisher)}}}"
    fields = {
        "title": f"{{{tex(resource.title)}}}",
        "author": " and ".join(tex(author) for author in resource.authors) or corporate,
        "publisher": resource.authors and tex(resource.publisher),
        "year": resource.year,
        "howpublished": f"\\url{{{quote(resource.url or address, safe=URL)}}}",
        "language": resource.get_language_display(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{resource.slug},", *lines, "}"])


def tex(text):
    """Text in which TeX sees no command."""
    return "".join(TEX.get(character, character) for character in text)
