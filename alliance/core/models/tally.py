from django.db import models


class Tally(models.Model):
    """How often somebody did something in the present span of time; `limits.py` alone reads and writes it.

    The key is a keyed hash: the table holds no address of a person or of a computer.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.count} until {self.until}"
