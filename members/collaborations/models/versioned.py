from django.db import models


class Versioned(models.Model):
    """A row that counts how often it was saved. Forms carry the count: nobody overwrites what they never saw."""

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        self.version += 1
        if fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*fields, "version"}
        super().save(**kwargs)
