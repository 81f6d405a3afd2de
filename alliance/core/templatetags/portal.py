"""The portal's own words in templates; loaded everywhere as builtins."""

import json
from urllib.parse import urlsplit

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe

from .. import dates, search
from ..vocabulary import State

register = template.Library()


@register.filter
def partial_date(value):
    """Print a partial date as exactly as it is known: "2014-07" as "July 2014"."""
    return dates.describe(value)


@register.filter
def marked(text):
    """HTML of a search headline: all text escaped, the words found in `<mark>`."""
    return search.highlight(text)


@register.filter
def state_name(code):
    """The name of a state by its postal code."""
    return State(code).label if code in State else code


@register.filter
def sites(addresses):
    """Pairs (address, name to print) of source pages: the host, with a number where a host comes again."""
    seen, pairs = {}, []
    for address in addresses:
        host = (urlsplit(address).hostname or address).removeprefix("www.")
        seen[host] = seen.get(host, 0) + 1
        pairs.append((address, host if seen[host] == 1 else f"{host} ({seen[host]})"))
    return pairs


@register.filter
def section(path):
    """The first word of an address: "/cohorts/first/" as "cohorts". The header marks its place by it."""
    return path.strip("/").split("/")[0]


@register.simple_tag(takes_context=True)
def absolute(context, name, *args):
    """The full address of a named page."""
    return context["request"].build_absolute_uri(reverse(name, args=args))


@register.filter
def json_ld(data):
    """A schema.org data block. It is data, not script, so the policy lets it stand; `<`, `>` and `&` are escaped."""
    data = {"@context": "https://schema.org", **{key: value for key, value in data.items() if value}}
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
