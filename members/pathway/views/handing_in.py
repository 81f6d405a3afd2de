from django.http import Http404


def sign_off(request, **kwargs):
    raise Http404


def submit(request, **kwargs):
    raise Http404


def receipt(request, **kwargs):
    raise Http404


def whole(request, **kwargs):
    raise Http404


def as_json(request, **kwargs):
    raise Http404
