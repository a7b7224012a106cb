"""Label scripts: the labels of variables and values as programs for R, Stata, SAS and SPSS.

What belongs here: writing labels so that no text of theirs can be taken for program. What must not: reading data files.
"""

from samkorning.delivery.label_scripts.r import R_LABELS, r_labels
from samkorning.delivery.label_scripts.sas import SAS_LABELS, sas_labels
from samkorning.delivery.label_scripts.spss import SPSS_LABELS, spss_labels
from samkorning.delivery.label_scripts.stata import STATA_LABELS, stata_labels

__all__ = [
    "R_LABELS",
    "SAS_LABELS",
    "SPSS_LABELS",
    "STATA_LABELS",
    "r_labels",
    "sas_labels",
    "spss_labels",
    "stata_labels",
]
