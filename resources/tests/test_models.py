"""What the database refuses, and what it keeps of a resource by itself."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources.models import Adoption, CollectionItem, Resource, Topic, Word

from .factories import make_adoption, make_collection, make_item, make_resource, make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "make", "fields"),
    [
        ("resources_resource_something", make_resource, {"url": "", "body": "", "file": ""}),
        ("resources_resource_year", make_resource, {"year": 16}),
        ("resources_resource_copy", make_resource, {"url": "", "body": "Words", "url_is_copy": True}),
        ("resources_resource_slug_free", make_resource, {"slug": "topics"}),
        ("resources_resource_slug_small", make_resource, {"slug": "Guide"}),
        ("resources_topic_slug_free", make_topic, {"slug": "collections"}),
        ("resources_collection_slug_free", make_collection, {"slug": "search"}),
        ("resources_adoption_contact", make_adoption, {"contact_visibility": "public"}),
        ("resources_adoption_dates", make_adoption, {"since": "2016-03", "until": "2015"}),
    ],
)
def test_the_database_refuses_it(constraint, make, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make(**fields)


def test_a_topic_stands_once_however_it_is_written():
    make_topic(name="Budgeting")
    with pytest.raises(IntegrityError, match="resources_topic_once"):
        make_topic(name="budgeting.")


def test_a_government_uses_a_resource_once():
    one = make_adoption()
    with pytest.raises(IntegrityError, match="resources_adoption_once"):
        make_adoption(resource=one.resource, jurisdiction=one.jurisdiction)


def test_a_collection_holds_a_resource_once():
    item = make_item()
    with pytest.raises(IntegrityError, match="resources_item_once"):
        make_item(collection=item.collection, resource=item.resource)


@pytest.mark.django_db(transaction=True)
def test_two_items_may_change_places_but_not_share_one():
    first = make_item(position=1)
    second = make_item(collection=first.collection, position=2)
    with transaction.atomic():
        CollectionItem.objects.filter(pk=first.pk).update(position=2)
        CollectionItem.objects.filter(pk=second.pk).update(position=1)
    assert list(first.collection.items.values_list("pk", flat=True)) == [second.pk, first.pk]
    with pytest.raises(IntegrityError, match="resources_item_place"):
        CollectionItem.objects.filter(pk=first.pk).update(position=1)


def labels(resource):
    return Resource.objects.values_list("labels", flat=True).get(pk=resource.pk)


def stored(resource):
    return Resource.objects.values_list("labels", "names", "uses").get(pk=resource.pk)


def test_the_labels_are_the_filters_that_find_a_resource():
    resource = make_resource(
        kind="guide",
        year=2016,
        stage="organize",
        topics=[make_topic(slug="housing", name="Housing"), make_topic(slug="quiet", status="draft")],
        mentions=[make_jurisdiction(slug="here-mn", state="MN", name="Here")],
        contributed_by_jurisdictions=[make_jurisdiction(slug="there-wi", state="WI", name="There")],
        contributed_by_partners=[make_partner(name="Helpers"), make_partner(name="Ghosts", status="archived")],
    )
    make_adoption(resource=resource, jurisdiction=make_jurisdiction(slug="draft-ca", state="CA", status="draft"))
    assert stored(resource) == (
        [
            "jurisdiction:here-mn", "jurisdiction:there-wi", "kind:guide", "language:en", "stage:organize",
            "state:MN", "state:WI", "topic:housing", "year:2016",
        ],
        "Helpers; Here; Housing; There",
        0,
    )  # fmt: skip


def test_labels_follow_every_change_of_what_they_come_from():
    topic, town = make_topic(slug="housing"), make_jurisdiction(slug="town-mn", state="MN")
    resource = make_resource(topics=[topic])
    adoption = make_adoption(resource=resource, jurisdiction=town)
    plain = ["kind:toolkit", "language:en"]
    assert stored(resource)[::2] == (["jurisdiction:town-mn", *plain, "state:MN", "topic:housing"], 1)
    Topic.objects.filter(pk=topic.pk).update(slug="homes")
    type(town).objects.filter(pk=town.pk).update(state="WI")
    assert labels(resource) == ["jurisdiction:town-mn", *plain, "state:WI", "topic:homes"]
    type(town).objects.filter(pk=town.pk).archive()
    assert stored(resource)[::2] == ([*plain, "topic:homes"], 0)
    type(town).objects.filter(pk=town.pk).publish()
    adoption.delete()
    resource.topics.clear()
    assert stored(resource)[::2] == (plain, 0)
    Resource.objects.filter(pk=resource.pk).update(stage="normalize", year=1999)
    assert labels(resource) == [*plain, "stage:normalize", "year:1999"]


@pytest.mark.django_db(transaction=True)
def test_a_government_that_is_archived_while_a_tie_to_it_is_written_leaves_no_label():
    town, resource = make_jurisdiction(slug="town-mn"), make_resource()
    began, may_end = threading.Event(), threading.Event()

    def tie():
        with transaction.atomic():
            resource.mentions.add(town)
            began.set()
            may_end.wait(10)
        connection.close()

    def archive():
        type(town).objects.filter(pk=town.pk).archive()
        connection.close()

    writer, archiver = threading.Thread(target=tie), threading.Thread(target=archive)
    writer.start()
    began.wait(10)
    archiver.start()
    archiver.join(0.5)
    may_end.set()
    for thread in (writer, archiver):
        thread.join(10)
    assert labels(resource) == ["kind:toolkit", "language:en"]


def test_an_adoption_that_moves_is_counted_where_it_went():
    adoption, other = make_adoption(), make_resource()
    first = adoption.resource
    Adoption.objects.update(resource=other)
    assert [stored(one)[2] for one in (first, other)] == [0, 1]


def test_a_stale_object_cannot_bring_old_labels_back():
    resource = make_resource()
    resource.topics.add(make_topic(slug="housing"))
    resource.labels, resource.uses = ["topic:nonsense"], 77
    resource.save()
    assert stored(resource)[::2] == (["kind:toolkit", "language:en", "topic:housing"], 0)


def test_a_new_address_has_not_been_checked_yet():
    resource = make_resource(url="https://example.org/old")
    Resource.objects.update(link_status="broken", link_checked_at="2026-11-02T12:00Z")
    Resource.objects.update(year=2016)
    assert Resource.objects.values_list("link_status", flat=True).get(pk=resource.pk) == "broken"
    Resource.objects.update(url="https://example.org/new")
    assert Resource.objects.values_list("link_status", "link_checked_at").get(pk=resource.pk) == ("unchecked", None)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org:443/A/b/?utm_source=x&a=1#part", "example.org/A/b?a=1"),
        ("http://example.org", "example.org"),
        ("http://example.org/?utm_source=x&utm_medium=y", "example.org"),
        ("https://example.org/a/?b=1&fbclid=2&c=3", "example.org/a?b=1&c=3"),
        ("https://example.org:8443/", "example.org:8443"),
        ("", ""),
    ],
)
def test_an_address_is_told_without_what_makes_no_difference(url, key):
    resource = make_resource(url=url, body="Words")
    assert Resource.objects.values_list("url_key", flat=True).get(pk=resource.pk) == key


def test_words_are_collected_as_people_write_them():
    Word.objects.all().delete()
    make_resource(title="Équité through Budgets", publisher="", summary="A how-to 2016")
    assert set(Word.objects.values_list("word", flat=True)) == {"equite", "through", "budgets"}


def test_a_contact_is_public_only_where_somebody_chose_so():
    kept = make_adoption(contact="office@example.org")
    shown = make_adoption(contact="office@example.org", contact_visibility="public")
    assert [kept.public_contact, shown.public_contact] == ["", "office@example.org"]
