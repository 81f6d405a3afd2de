"""Several people at the same moment."""

import threading

from django.db import connection


def at_once(*ways):
    """Do all of these in threads with connections of their own; return what each raised or returned, in their order."""
    gate, results = threading.Barrier(len(ways)), [None] * len(ways)

    def run(number, way):
        gate.wait()
        try:
            results[number] = way()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number, way]) for number, way in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
