from .models import Assessment


def delete_expired_assessments():
    """Delete checks that were begun 24 months ago or earlier, or a day ago and left empty."""
    Assessment.objects.expired().delete()


TIDY = [delete_expired_assessments]
