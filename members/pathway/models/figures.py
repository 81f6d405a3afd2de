from django.db import models


class QuarterFigures(models.Model):
    """What anybody may read of how applications fared before a quarter of a year began: `figures.py` says what that is.

    Counted once and never anew: within a quarter no two days differ, whatever becomes of an application.
    """

    until = models.DateField(unique=True)
    numbers = models.JSONField()

    class Meta:
        ordering = ["until"]

    def __str__(self):
        return str(self.until)
