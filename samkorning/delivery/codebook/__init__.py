"""Code book (kodbok): what is counted of each delivered variable, and which counts may be shown.

What belongs here: the model of the code book, and the rule of suppression. What must not: counting rows (rendering), or
writing (documents).
"""

from samkorning.delivery.codebook.making import codebook
from samkorning.delivery.codebook.models import Bin, CodebookVariable, ValueCount, YearCounts
from samkorning.delivery.codebook.published import NOTHING, Published, published, published_facts

__all__ = [
    "NOTHING",
    "Bin",
    "CodebookVariable",
    "Published",
    "ValueCount",
    "YearCounts",
    "codebook",
    "published",
    "published_facts",
]
