from . import collaborations, common_work, measures, people

__all__ = ["collaborations", "common_work", "measures", "people"]
