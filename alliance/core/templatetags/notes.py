"""What waits for a curator, on the front page of the admin: `{% load notes %}`."""

from django import template
from django.urls import reverse

from .. import notes

register = template.Library()


@register.filter
def notes_waiting(person):
    """(what, how many, where) of each kind of notes that waits for this person."""
    for model, count in notes.waiting_for(person):
        yield model._meta.verbose_name_plural, count, reverse(notes.list_of(model))
