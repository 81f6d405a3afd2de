from django.db import models
from django.db.models import F


class Versioned(models.Model):
    """A row that counts how often it was saved. Forms carry the count: nobody overwrites what they never saw."""

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        is_new = self._state.adding
        # Counted by the database: of two who read the same version and save, the second makes another one.
        self.version = 1 if is_new else F("version") + 1
        if fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*fields, "version"}
        super().save(**kwargs)
        if not is_new:
            self.refresh_from_db(fields=["version"])


class MadeOnce(Versioned):
    """A row that a form makes, which carries the number of that form: sent twice, it makes one row."""

    token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True
