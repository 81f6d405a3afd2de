"""Fields that several apps share."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

NO_WEB_ADDRESS = _("Enter a web address that starts with http:// or https://.")
validate_web_address = URLValidator(schemes=["http", "https"], message=NO_WEB_ADDRESS)


class WebAddressField(models.URLField):
    """An http or https address; other schemes (javascript:, ftp:) are refused."""

    default_validators = [validate_web_address]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 600)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", "error_messages": {"invalid": NO_WEB_ADDRESS}, **kwargs})


class AddressLinesField(SimpleArrayField):
    """A text box with one web address on each line."""

    default_error_messages = {"item_invalid": _("Line %(nth)s:")}

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"delimiter": "\n", "widget": forms.Textarea(attrs={"rows": 3, "cols": 80}), **kwargs}
        )

    def to_python(self, value):
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class SourcesField(ArrayField):
    """The web addresses of the pages that show a fact, the best one first."""

    def __init__(self, *args, **kwargs):
        kwargs["base_field"] = WebAddressField()
        kwargs.setdefault("default", list)
        kwargs.setdefault("help_text", _("One web address on each line, the best source first."))
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["base_field"]
        kwargs.pop("help_text", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": AddressLinesField, **kwargs})


class Words(forms.CharField):
    """Text of several lines, their ends counted as one character each, as browsers count them. What is too long is told
    with how long it is: browsers would cut what is pasted, and not say so."""

    widget = forms.Textarea(attrs={"rows": 6})
    default_error_messages = {"max_length": _("Use at most %(limit_value)d characters. There are %(show_value)d now.")}

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
