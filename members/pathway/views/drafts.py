from django.http import Http404


def questions(request, **kwargs):
    raise Http404


def apply(request, **kwargs):
    raise Http404


def application(request, **kwargs):
    raise Http404


def section(request, **kwargs):
    raise Http404
