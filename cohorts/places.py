"""The register of places: how people's words find a government."""

from django.db import models


class PlaceQuerySet(models.QuerySet):
    pass
