"""How fast the public pages are, beside a view of the same server that returns a constant.

    python bench/pages.py [--url http://localhost:8000] [--rounds 60]

Start the server first (`make run`). Each round asks every page and, before it, the reference: /healthz, which passes
the same middleware and asks no database. All go over one connection, so that whatever else this computer does
meets both. Figures are milliseconds of wall time; the ratios are what can be compared between computers.
"""

import argparse
import http.client
import statistics
import time
from urllib.parse import urlsplit

REFERENCE = "/healthz"
PAGES = [
    "/",
    "/cohorts/",
    "/cohorts/first-cohort/",
    "/jurisdictions/",
    "/jurisdictions/?state=MN&kind=city",
    "/jurisdictions/?q=minneaplis",
    "/jurisdictions/seattle-wa/",
    "/jurisdictions/milestones/",
    "/jurisdictions/peers/?place=northfield%2C+mn",
    "/partners/",
    "/partners/local-progress/",
    "/collaborations/",
    "/collaborations/twin-cities-convening-on-racial-equity/",
    "/data/",
    "/about/",
]


def ask(connection, path):
    """Seconds and body size of one answer; an answer other than 200 ends the run."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    size = len(answer.read())
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return time.perf_counter() - began, size


def measure(connection, rounds):
    """{path: [seconds, ...]} and {path: bytes}, the reference asked before each page."""
    times, sizes = {path: [] for path in [REFERENCE, *PAGES]}, {}
    for path in PAGES:
        sizes[path] = ask(connection, path)[1]
    for _round in range(rounds):
        for path in PAGES:
            times[REFERENCE].append(ask(connection, REFERENCE)[0])
            times[path].append(ask(connection, path)[0])
    return times, sizes


def row(path, seconds, size, reference):
    p50, p99 = (statistics.quantiles(seconds, n=100)[rank - 1] for rank in (50, 99))
    reference_p50 = statistics.median(reference)
    per_second = len(seconds) / sum(seconds)
    return (
        f"| `{path}` | {size or '–'} | {per_second:.0f} | {1000 * p50:.1f} | {1000 * p99:.1f} "
        f"| {p50 / reference_p50:.1f} | {p99 / reference_p50:.1f} |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    connection = http.client.HTTPConnection(urlsplit(options.url).netloc, timeout=30)
    times, sizes = measure(connection, options.rounds)
    print("| page | bytes, gzip | req/s | p50 ms | p99 ms | p50 ÷ reference | p99 ÷ reference p50 |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for path, seconds in times.items():
        print(row(path, seconds, sizes.get(path), times[REFERENCE]))


if __name__ == "__main__":
    main()
