from .adoption import Adoption
from .collection import Collection, CollectionItem
from .link import LinkCheck
from .resource import Resource
from .suggestion import Suggestion
from .topic import Topic
from .word import Word

__all__ = ["Adoption", "Collection", "CollectionItem", "LinkCheck", "Resource", "Suggestion", "Topic", "Word"]
