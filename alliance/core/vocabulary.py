"""Words that several apps speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Words of the address map: a page with such a slug would hide, or be hidden by, the address of that name.
RESERVED_SLUGS = [
    "calendar", "collections", "feed", "feeds", "map", "measures", "milestones", "new", "peers", "search", "topics",
]  # fmt: skip


class Stage(models.TextChoices):
    """Where the work of a government or a collaboration stands (the field's own three stages)."""

    NORMALIZE = "normalize", _("Normalize")
    ORGANIZE = "organize", _("Organize")
    OPERATIONALIZE = "operationalize", _("Operationalize")


class Visibility(models.TextChoices):
    """Who sees a piece of information."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    STAFF = "staff", _("Staff")


class Domain(models.TextChoices):
    """What a government needs to do this work well: the eight domains of the readiness check."""

    LEADERSHIP = "leadership", _("Leadership")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    LEARNING = "learning", _("Learning")
    DATA = "data", _("Data")
    TOOLS = "tools", _("Tools in decisions")
    PARTNERSHIP = "partnership", _("Community partnerships")
    PLANNING = "planning", _("Planning and accountability")
    COLLABORATION = "collaboration", _("Collaboration")


class Language(models.TextChoices):
    """Languages in which local governments publish, by code (ISO 639-1, or 639-3 where that has none)."""

    EN = "en", _("English")
    ES = "es", _("Spanish")
    AR = "ar", _("Arabic")
    FR = "fr", _("French")
    HT = "ht", _("Haitian Creole")
    HMN = "hmn", _("Hmong")
    KO = "ko", _("Korean")
    PT = "pt", _("Portuguese")
    RU = "ru", _("Russian")
    SO = "so", _("Somali")
    TL = "tl", _("Tagalog")
    VI = "vi", _("Vietnamese")
    ZH = "zh", _("Chinese")


class State(models.TextChoices):
    """The states, the District of Columbia and the five territories, by postal code (USPS Publication 28)."""

    AL = "AL", _("Alabama")
    AK = "AK", _("Alaska")
    AZ = "AZ", _("Arizona")
    AR = "AR", _("Arkansas")
    CA = "CA", _("California")
    CO = "CO", _("Colorado")
    CT = "CT", _("Connecticut")
    DE = "DE", _("Delaware")
    DC = "DC", _("District of Columbia")
    FL = "FL", _("Florida")
    GA = "GA", _("Georgia")
    HI = "HI", _("Hawaii")
    ID = "ID", _("Idaho")
    IL = "IL", _("Illinois")
    IN = "IN", _("Indiana")
    IA = "IA", _("Iowa")
    KS = "KS", _("Kansas")
    KY = "KY", _("Kentucky")
    LA = "LA", _("Louisiana")
    ME = "ME", _("Maine")
    MD = "MD", _("Maryland")
    MA = "MA", _("Massachusetts")
    MI = "MI", _("Michigan")
    MN = "MN", _("Minnesota")
    MS = "MS", _("Mississippi")
    MO = "MO", _("Missouri")
    MT = "MT", _("Montana")
    NE = "NE", _("Nebraska")
    NV = "NV", _("Nevada")
    NH = "NH", _("New Hampshire")
    NJ = "NJ", _("New Jersey")
    NM = "NM", _("New Mexico")
    NY = "NY", _("New York")
    NC = "NC", _("North Carolina")
    ND = "ND", _("North Dakota")
    OH = "OH", _("Ohio")
    OK = "OK", _("Oklahoma")
    OR = "OR", _("Oregon")
    PA = "PA", _("Pennsylvania")
    RI = "RI", _("Rhode Island")
    SC = "SC", _("South Carolina")
    SD = "SD", _("South Dakota")
    TN = "TN", _("Tennessee")
    TX = "TX", _("Texas")
    UT = "UT", _("Utah")
    VT = "VT", _("Vermont")
    VA = "VA", _("Virginia")
    WA = "WA", _("Washington")
    WV = "WV", _("West Virginia")
    WI = "WI", _("Wisconsin")
    WY = "WY", _("Wyoming")
    AS = "AS", _("American Samoa")
    GU = "GU", _("Guam")
    MP = "MP", _("Northern Mariana Islands")
    PR = "PR", _("Puerto Rico")
    VI = "VI", _("U.S. Virgin Islands")
