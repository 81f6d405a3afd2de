"""Partners for tests, published unless you say otherwise."""

from alliance.core.tests.factories import numbers
from members.partners.models import Partner


def make_partner(**fields):
    number = next(numbers)
    values = {
        "name": f"Partner {number}",
        "slug": f"partner-{number}",
        "sector": Partner.Sector.COMMUNITY,
        "status": Partner.Status.PUBLISHED,
    }
    return Partner.objects.create(**values | fields)
