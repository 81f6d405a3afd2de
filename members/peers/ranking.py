"""Which governments of the network help another one most: alike, near, and further along in what it wants to work on.

Each of the three lies between 0 and 1; the visitor says how much each counts. Alike and near are those of
`cohorts.likeness`: three parts of alike and one of near order governments as `Jurisdiction.objects.like` does.
"""

from dataclasses import asdict, dataclass

from alliance.core.vocabulary import Stage
from cohorts import likeness
from cohorts.models import Jurisdiction
from cohorts.querysets import JurisdictionQuerySet

MOST_PEERS = 10
# Further along: what is on record makes most of it (a half of that for one thing, two thirds for two), its stage the
# rest.
RECORD_WEIGHT, STAGE_WEIGHT = 0.75, 0.25


@dataclass(frozen=True)
class Weights:
    """How much each part counts, from 0 to `most`."""

    alike: int = 3
    near: int = 1
    further: int = 3

    most = 3


# A row is measured once: without MATERIALIZED its distance would be computed for each use of it. What is on record is
# counted for all and read for the best alone, by the same words: NOT MATERIALIZED lets the indexes answer. Figures are
# float8, since a bare 0.4 is numeric, which is slow.
RANKING = """
WITH acts AS NOT MATERIALIZED (
    SELECT id, jurisdiction_id, kind, title, date FROM cohorts_milestone WHERE kind = ANY(%(kinds)s::text[])
), uses AS NOT MATERIALIZED (
    SELECT adoption.id, jurisdiction_id, resource_id, title, slug
    FROM resources_adoption adoption JOIN resources_resource resource ON resource.id = resource_id
    WHERE until IS NULL AND status = 'published'
    AND (%(labels)s::text[] IS NULL OR labels && %(labels)s::text[])
), seats AS NOT MATERIALIZED (
    SELECT jurisdiction_id
    FROM collaborations_seat seat JOIN collaborations_collaboration collaboration ON collaboration.id = collaboration_id
    WHERE %(seats)s AND jurisdiction_id IS NOT NULL AND seat.ended IS NULL AND collaboration.status = 'published'
), records AS (
    SELECT jurisdiction_id, count(*) AS things
    FROM (
        SELECT jurisdiction_id FROM acts
        UNION ALL SELECT jurisdiction_id FROM uses
        UNION ALL SELECT jurisdiction_id FROM seats
    ) AS everything
    GROUP BY jurisdiction_id
), measured AS MATERIALIZED (
    SELECT one.id, one.name, coalesce(place.population, one.population) AS people,
        one.kind = ANY(%(kinds_like)s::text[]) AS is_of_kind,
        -- LEAST passes over a null, so an unknown point would lie at no distance at all.
        CASE WHEN point.latitude + %(latitude)s::float8 IS NOT NULL THEN %(radius)s * acos(least(1,
            sin(radians(%(latitude)s::float8)) * sin(radians(point.latitude))
            + cos(radians(%(latitude)s::float8)) * cos(radians(point.latitude))
            * cos(radians(point.longitude - %(longitude)s::float8))
        )) END AS miles,
        coalesce(things, 0) AS things,
        coalesce(array_position(%(stages)s::text[], stage::text), 0) AS steps
    FROM cohorts_jurisdiction one
    LEFT JOIN cohorts_place place ON place.id = place_id
    LEFT JOIN records ON jurisdiction_id = one.id
    CROSS JOIN LATERAL (
        SELECT coalesce(place.latitude, one.latitude), coalesce(place.longitude, one.longitude)
    ) AS point (latitude, longitude)
    WHERE status = 'published' AND one.id <> ALL(%(without)s::bigint[])
), scored AS (
    SELECT id, name, people, miles,
        (
            CASE WHEN is_of_kind THEN %(kind_weight)s::float8 ELSE 0 END
            + coalesce(%(size_weight)s::float8 / (1 + abs(ln(nullif(people, 0) / %(people)s::float8))), 0)
        ) / (%(kind_weight)s::float8 + %(size_weight)s::float8) AS alike,
        coalesce(1 / (1 + miles / %(half_way)s::float8), 0) AS near,
        %(record_weight)s::float8 * things / (things + 1)
            + %(stage_weight)s::float8 * steps / cardinality(%(stages)s::text[]) AS further
    FROM measured
), best AS (
    SELECT *, %(alike)s::float8 * alike + %(near)s::float8 * near + %(further)s::float8 * further AS score
    FROM scored ORDER BY score DESC, name, id LIMIT %(most)s
)
SELECT one.id, one.name, one.slug, one.kind, one.state, one.stage, one.role, one.role_year,
    people, miles, alike, near, further, score,
    jsonb_build_object(
        'acts', (
            SELECT jsonb_agg(jsonb_build_array(kind, number, latest) ORDER BY latest DESC, kind) FROM (
                SELECT kind, count(*) AS number, max(date) AS latest
                FROM acts WHERE jurisdiction_id = one.id GROUP BY kind
            ) AS of_kind
        ),
        'latest_act', (
            SELECT jsonb_build_array(id, title, date) FROM acts
            WHERE jurisdiction_id = one.id ORDER BY date DESC, id DESC LIMIT 1
        ),
        'uses', (SELECT count(*) FROM uses WHERE jurisdiction_id = one.id),
        'uses_on', (
            SELECT jsonb_agg(jsonb_build_array(name, number) ORDER BY number DESC, name) FROM (
                SELECT name, count(*) AS number
                FROM uses JOIN resources_resource_topics USING (resource_id)
                JOIN resources_topic topic ON topic.id = topic_id AND status = 'published'
                WHERE jurisdiction_id = one.id AND 'topic:' || topic.slug = ANY(%(labels)s::text[])
                GROUP BY name
            ) AS of_topic
        ),
        'first_use', (
            SELECT jsonb_build_array(slug, title) FROM uses WHERE jurisdiction_id = one.id ORDER BY id LIMIT 1
        ),
        'seats', (SELECT count(*) FROM seats WHERE jurisdiction_id = one.id)
    ) AS record
FROM best JOIN cohorts_jurisdiction one USING (id)
ORDER BY score DESC, one.name, one.id
"""


class GovernmentQuerySet(JurisdictionQuerySet):
    def useful_to(self, government, work, weights, without=()):
        """The ten published governments that help `government` (a Place or a Jurisdiction) most with `work`, the best
        first, but for those whose keys are in `without`. One statement.

        Adds `people` and `miles`, null where they are not known; `alike`, `near` and `further`, each 0 to 1; `score`,
        their weighted sum; and `record`, JSON of what it has on record for this work.
        """
        figures = getattr(government, "figures", government)
        return self.raw(
            RANKING,
            {
                "kinds": [*work.kinds],
                "labels": work.labels,
                "seats": work.is_shown_by_seats,
                "kinds_like": likeness.kinds_like(government.kind),
                "kind_weight": likeness.KIND_WEIGHT,
                "size_weight": likeness.SIZE_WEIGHT,
                "half_way": likeness.HALF_WAY_MILES,
                "radius": likeness.EARTH_RADIUS_MILES,
                "people": figures.population or None,
                "latitude": figures.latitude,
                "longitude": figures.longitude,
                "stages": Stage.values,
                "record_weight": RECORD_WEIGHT,
                "stage_weight": STAGE_WEIGHT,
                "without": [*without],
                "most": MOST_PEERS,
                **asdict(weights),
            },
        )


governments = GovernmentQuerySet(Jurisdiction)
