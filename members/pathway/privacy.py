"""Which readiness checks somebody keeps in their account; the checks themselves name no person."""

from .models import Assessment

COVERS = ("pathway.Assessment.kept_by",)


def export(user):
    kept = Assessment.objects.filter(kept_by=user).with_government().prefetch_related("answers").order_by("pk")
    return {
        "readiness checks that you keep": [
            {
                "government": one.government_name,
                "begun": one.created_at,
                "changed": one.updated_at,
                "kept until": one.expires_on,
                "levels": {str(domain.label): level for domain, level in one.levels.items()},
            }
            for one in kept
        ]
    }


def erase(user):
    """Nobody keeps them any more; they stay for whoever has their address."""
    user.kept_assessments.clear()
