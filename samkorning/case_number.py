"""The numbers of cases (diarienummer) and of deliveries: the one form of each, and what is said of anything else.

What belongs here: the forms, checked where a number enters. What must not: which cases and deliveries there are
(samkorning.case), or what may name a folder of the vault (samkorning.keystore.address), which has things beside cases.
"""

import re

from samkorning.errors import NotFound

CASE_NUMBER = re.compile("[1-9][0-9]{0,4}-(?:19|2[0-2])[0-9]{2}")
"""A running number of at most five digits and a year: six digits and a year could be an identity number."""
LARGEST_RUNNING_NUMBER = 99_999
DELIVERY_NUMBER = re.compile("L[0-9]{3,6}")


def is_case_number(text: str) -> bool:
    """Whether the text is a case number as it is written in paths and partitions, such as ``36759-2021``."""
    return CASE_NUMBER.fullmatch(text) is not None


def require_case_number(text: str) -> str:
    """The case number back.

    :raises NotFound: when it is none; what was written is not quoted.
    """
    if not is_case_number(text):
        raise NotFound(
            "that is no case number; write a running number of at most five digits, a hyphen and the year, "
            "such as 36759-2021"
        )
    return text


def require_delivery_number(text: str) -> str:
    """The delivery number back.

    :raises NotFound: when it is none; what was written is not quoted.
    """
    if DELIVERY_NUMBER.fullmatch(text) is None:
        raise NotFound("that is no delivery number; write it as L001")
    return text
