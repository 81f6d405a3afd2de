"""Our developer tools: the embedded database and what stands behind `make run` and `make test`.

Production never imports this package. These files are read by whatever `python3` a newcomer has, so the
check below comes first.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "The portal needs Python 3.11 or newer; this one is {}.{}. If you have a newer one, name it: "
        "make run PYTHON=python3.12".format(*sys.version_info[:2])
    )
