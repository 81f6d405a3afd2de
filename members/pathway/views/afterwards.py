from django.http import Http404


def messages(request, **kwargs):
    raise Http404


def withdraw(request, **kwargs):
    raise Http404


def reopen(request, **kwargs):
    raise Http404


def defer(request, **kwargs):
    raise Http404
