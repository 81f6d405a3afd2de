"""What the pathway writes into the audit log: all that the Alliance does to an application."""

from alliance.core import audited

from .states import BY_ALLIANCE, ENTRIES

# The ground floor has "export".
ACTIONS = {name: ENTRIES[name].label for name in BY_ALLIANCE if name not in audited.ACTIONS}
