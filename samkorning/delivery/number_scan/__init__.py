"""Numbers of the case in what leaves: found as people write them, reported without showing them.

What is read as a file from elsewhere is looked through by ``number_scan.files``, which a delivery does not need.
"""

from samkorning.delivery.number_scan.documents import texts_of
from samkorning.delivery.number_scan.own_numbers import OwnNumbers
from samkorning.delivery.number_scan.scan import Finding, LeakScan
from samkorning.delivery.number_scan.spellings import Spelling

__all__ = ["Finding", "LeakScan", "OwnNumbers", "Spelling", "texts_of"]
