from django.http import Http404


def files(request, **kwargs):
    raise Http404


def file(request, **kwargs):
    raise Http404


def remove(request, **kwargs):
    raise Http404
