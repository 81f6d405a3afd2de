"""The governments that somebody may mean by a name, for pages on which they choose their own."""

from alliance.core.search import clean

from .models import Jurisdiction, Place

MOST_NAMED = 5


def looked_up(request):
    """What the name in the address (`q`) may mean: places of the register, and governments of the network that are no
    place."""
    typed = clean(request.GET.get("q", ""))
    network = Jurisdiction.objects.published().filter(place=None)
    return {
        "typed": typed,
        "candidates": Place.objects.lookup(typed) if typed else [],
        "in_network": network.named(typed)[:MOST_NAMED] if typed else [],
    }
