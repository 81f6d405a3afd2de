"""The portal's own words in templates; loaded everywhere as builtins."""

import json
from collections import Counter
from urllib.parse import urlsplit

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from .. import dates, search
from .. import markdown as commonmark
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
def markdown(text):
    """Safe HTML of Markdown, its headings below those of the page."""
    return commonmark.render(text)


@register.filter
def lowerfirst(text):
    """The text with a small first letter, for a label that goes on after a colon."""
    return text[:1].lower() + text[1:]


@register.filter
def state_name(code):
    """The name of a state by its postal code."""
    return State(code).label if code in State else code


@register.filter
def host(address):
    """The name of the site at a web address, as a link text: "stpaul.gov"."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def sites(addresses):
    """Pairs (address, name to print) of source pages: the host, with a number where a host comes again."""
    seen = Counter()
    for address in addresses:
        name = host(address)
        seen[name] += 1
        yield address, name if seen[name] == 1 else f"{name} ({seen[name]})"


# The header, in its order; the longest address that the page's own begins with is the present place.
NAVIGATION = (
    ("cohort_list", _("Cohorts")),
    ("jurisdiction_list", _("Jurisdictions")),
    ("collaboration_list", _("Collaborations")),
    ("partner_list", _("Partners")),
    ("resource_list", _("Resources")),
    ("jurisdiction_peers", _("Find a peer")),
    ("pathway", _("How to join")),
    ("search", _("Search")),
    ("account", _("Your account")),
)


@register.simple_tag(takes_context=True)
def navigation(context):
    """(address, label, whether the page lies there) of each entry of the header."""
    path = context["request"].path
    entries = [(reverse(name), label) for name, label in NAVIGATION]
    here = max((url for url, _label in entries if path.startswith(url)), key=len, default=None)
    return [(url, label, url == here) for url, label in entries]


@register.simple_tag(takes_context=True)
def again(context, name):
    """What the page put into the block `name`, a second time: the title is also the title of a shared link."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(name).nodelist.render(context)


@register.simple_tag(takes_context=True)
def card(context):
    """The full address of the picture that stands beside a shared link."""
    return context["request"].build_absolute_uri(static("img/card.png"))


@register.filter
def json_ld(data):
    """A schema.org data block. It is data, not script, so the policy lets it stand; `<`, `>` and `&` are escaped."""
    data = {"@context": "https://schema.org", **{key: value for key, value in data.items() if value}}
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
