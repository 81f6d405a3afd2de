from django.http import Http404


def invitation(request, **kwargs):
    raise Http404


def team(request, **kwargs):
    raise Http404


def remove(request, **kwargs):
    raise Http404


def hand_over(request, **kwargs):
    raise Http404


def revoke(request, **kwargs):
    raise Http404
