"""The words of mail templates: `{% load mail %}`."""

from django import template

from ..mail import quoted

register = template.Library()
register.filter("quoted", quoted)
