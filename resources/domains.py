"""Which topics of the library, by their address words, help in which domain of the readiness check."""

from alliance.core.vocabulary import Domain

TOPICS = {
    Domain.LEADERSHIP: ("leadership",),
    # No topic is about core teams and offices; the reading list for this domain holds what is.
    Domain.INFRASTRUCTURE: (),
    Domain.LEARNING: ("training", "communications"),
    Domain.DATA: ("data-and-measures",),
    Domain.TOOLS: ("budgeting", "contracting"),
    Domain.PARTNERSHIP: ("community-engagement",),
    Domain.PLANNING: ("planning",),
    Domain.COLLABORATION: (),
}
