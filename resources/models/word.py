from django.contrib.postgres.indexes import GistIndex
from django.db import models


class Word(models.Model):
    """A word that stands in the library as people write it, for correcting what was typed. Triggers collect them."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes = [GistIndex(name="resources_word_like", fields=["word"], opclasses=["gist_trgm_ops"])]

    def __str__(self):
        return self.word
