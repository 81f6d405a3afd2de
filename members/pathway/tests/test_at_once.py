"""Several people with the same key at the same moment."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.pathway.models import Answer, Assessment

from .factories import make_assessment

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_answer_at_once_leave_one_answer():
    address = reverse("readiness_domain", args=[make_assessment().key, "data"])
    gate, statuses = threading.Barrier(8), []

    def send(level):
        gate.wait()
        statuses.append(Client().post(address, {"level": level}).status_code)
        connection.close()

    writers = [threading.Thread(target=send, args=[number % 5]) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (statuses, Answer.objects.count()) == ([303] * 8, 1)


def test_an_answer_that_comes_while_another_deletes_is_kept_or_refused_and_never_brings_the_check_back():
    for _ in range(5):
        key = make_assessment().key
        gate, statuses = threading.Barrier(4), []

        def send(name, *args, gate=gate, statuses=statuses):
            gate.wait()
            statuses.append(Client().post(reverse(name, args=args), {"level": "1"}).status_code)
            connection.close()

        ways = [("readiness_delete", key), ("readiness_domain", key, "data"), ("readiness_domain", key, "tools")]
        senders = [threading.Thread(target=send, args=way) for way in [*ways, ("readiness_government", key)]]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert set(statuses) <= {200, 303, 404}
        assert statuses.count(200) == 1
        assert (Assessment.objects.count(), Answer.objects.count()) == (0, 0)
