from django import forms

from alliance.core import search


class PeersForm(forms.Form):
    """What a person typed to find a government, and the number of the one that they picked from the answers."""

    place = forms.CharField(required=False, strip=True)
    id = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    def clean_place(self):
        return search.clean(self.cleaned_data["place"])
