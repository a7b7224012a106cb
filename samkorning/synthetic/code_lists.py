"""Codes of diagnoses, procedures, medicines and care, with how common each is.

What belongs here: tables to choose from, as the registers write them (ICD-10-SE without a dot, KVÅ, ATC). What must
not: anything drawn. Codes are from the public code lists; the weights are rough, so that common things are common.
"""

import polars as pl

from samkorning.synthetic.draws import weighted, weighted_numbers

_ANY_AGE = {"J189": 12, "R074": 10, "R104": 12, "N390": 10, "A419": 6, "S060": 8, "R558": 6, "A099": 5, "L309": 5}
_CHILD = {
    "J069": 30, "J210": 22, "J459": 16, "H669": 18, "S525": 12, "R568": 8, "F900": 22, "F845": 10, "Z001": 40,
    "E101": 4, "K358": 6, "T781": 6, "Q250": 2, "S5200": 6,
}  # fmt: skip
_ADULT = {
    "F329": 24, "F411": 20, "F102": 14, "K358": 10, "M545": 24, "G439": 12, "S822": 10, "E109": 8, "K509": 8,
    "M059": 6, "J459": 8, "Z038": 18, "H521": 10, "T432": 4, "S610": 14, "L400": 8, "G359": 4, "D509": 6,
}  # fmt: skip
_CHILDBEARING = {"O800": 40, "O829": 14, "O479": 14, "Z349": 40, "O200": 8, "N939": 14, "Z370": 20, "O149": 4}
_OLDER = {
    "I109": 36, "I489": 34, "I509": 30, "I219": 16, "I639": 20, "J449": 26, "E119": 34, "C509": 10, "C189": 12,
    "M179": 20, "M169": 18, "H269": 30, "S720": 16, "S7200": 8, "N189": 12, "G309": 12, "F009": 6, "J960": 6,
    "C349": 10, "I259": 20, "K802": 10, "R400": 6, "S5250": 8, "H353": 16, "Z515": 6, "D649": 10,
}  # fmt: skip
_OLDER_MEN = {"C619": 30, "N409": 20, "I714": 6}
_OLDER_WOMEN = {"M819": 18, "N819": 10, "C541": 6, "M353": 6}

MAIN_DIAGNOSES: tuple[pl.Series, ...] = (
    weighted(_ANY_AGE | _CHILD, missing=4),
    weighted(_ANY_AGE | _ADULT, missing=4),
    weighted(_ANY_AGE | _ADULT | _CHILDBEARING, missing=5),
    weighted(_ANY_AGE | _OLDER | _OLDER_MEN, missing=8),
    weighted(_ANY_AGE | _OLDER | _OLDER_WOMEN, missing=8),
)
"""By group: child, man under 50, woman under 50, man from 50, woman from 50; a few percent have no main diagnosis."""

OTHER_DIAGNOSES = {
    "I109": 30, "E119": 18, "I489": 14, "E785": 14, "J449": 9, "F329": 8, "Z921": 10, "Z867": 7, "N189": 7,
    "I509": 9, "E039": 7, "J459": 6, "Z720": 5, "F102": 4, "G473": 4, "M819": 4, "D649": 6, "Z966": 4,
    "Z988": 3, "K590": 5, "B962": 4, "E669": 5, "H409": 3,
}  # fmt: skip
OTHER_DIAGNOSIS_COUNT = weighted_numbers({0: 38, 1: 24, 2: 14, 3: 9, 4: 6, 5: 3, 6: 2, 7: 1, 8: 1, 9: 1, 10: 1})

EXTERNAL_CAUSES = weighted(
    {"W0199": 22, "W1809": 18, "W1009": 8, "X5999": 20, "V1840": 8, "V4350": 6, "W2209": 8, "X6499": 5, "Y839": 10},
    missing=6,
)
PROCEDURES = {
    "AF022": 16, "AF063": 14, "DT016": 12, "DR016": 10, "UJC02": 8, "UJD02": 8, "CJE20": 16, "NFB49": 10,
    "NGB49": 9, "NFJ59": 6, "FNG05": 8, "JKA21": 6, "JEA01": 7, "GD001": 5, "QV012": 6,
    "ZXE10": 3, "FPE10": 4,
}  # fmt: skip
PROCEDURE_COUNT = weighted_numbers({0: 46, 1: 26, 2: 14, 3: 8, 4: 4, 5: 2})

SPECIALTIES = weighted(
    {
        "101": 30,
        "107": 6,
        "201": 10,
        "221": 6,
        "301": 24,
        "311": 20,
        "351": 6,
        "431": 14,
        "451": 9,
        "511": 16,
        "901": 24,
    },
    missing=1,
)
HOSPITAL_SUFFIXES = weighted({"001": 30, "010": 22, "011": 14, "013": 8, "016": 4, "480": 2})
ADMITTED_FROM = weighted({"1": 30, "2": 8, "3": 160}, missing=4)
DISCHARGED_TO = weighted({"1": 26, "2": 20, "3": 150, "4": 6}, missing=4)
CONTACT_FORMS = weighted({"1": 60, "2": 8, "3": 26, "5": 3}, missing=2)
DAYS_COMPULSORY = weighted_numbers({3: 10, 7: 14, 14: 16, 21: 12, 30: 12, 60: 10, 120: 6, 365: 3, 900: 1})
PSYCHIATRIC_DIAGNOSES = weighted(
    {"F209": 20, "F259": 8, "F319": 12, "F322": 10, "F603": 9, "F199": 8, "F500": 3}, missing=2
)
PSYCHIATRIC_SPECIALTIES = weighted({"901": 60, "931": 6, "944": 12})
COMPULSORY_LAWS = weighted({"1": 60, "2": 12, "3": 10, "4": 5})
DAYS_IN_HOSPITAL = weighted_numbers(
    {0: 9, 1: 22, 2: 17, 3: 12, 4: 9, 5: 7, 6: 5, 7: 4, 8: 3, 9: 2, 10: 2, 12: 2, 14: 2, 18: 1, 21: 1, 30: 1, 60: 1}
)

CAUSES_OF_DEATH = weighted(
    {
        "I219": 22, "I509": 14, "I639": 14, "I259": 16, "G309": 16, "F039": 18, "J449": 12, "C349": 14, "C619": 9,
        "C509": 6, "C189": 7, "C259": 8, "J189": 8, "E119": 6, "W1999": 5, "X5999": 3, "A419": 4, "R999": 5, "C800": 4,
    },
    missing=1,
)  # fmt: skip
CONTRIBUTING_CAUSES = {
    "I109": 14,
    "I489": 14,
    "I509": 12,
    "N189": 8,
    "J189": 12,
    "E119": 10,
    "A419": 6,
    "R399": 3,
    "I469": 8,
    "F039": 8,
    "C787": 5,
}
CONTRIBUTING_COUNT = weighted_numbers({0: 10, 1: 20, 2: 26, 3: 20, 4: 12, 5: 6, 6: 3, 7: 1, 8: 1, 9: 1, 10: 1})

_MEDICINES: tuple[tuple[str, str, float, int], ...] = (
    ("A02BC01", "014282", 100.0, 30),
    ("A02BC01", "419093", 28.0, 8),
    ("A10BA02", "008656", 40.0, 22),
    ("A10AE04", "102350", 37.5, 6),
    ("A11CC05", "053917", 250.0, 8),
    ("B01AC06", "042111", 75.0, 20),
    ("B01AF02", "375541", 56.0, 14),
    ("B03BA01", "129890", 100.0, 12),
    ("C03CA01", "092742", 100.0, 16),
    ("C07AB02", "039110", 66.7, 24),
    ("C08CA01", "014944", 100.0, 22),
    ("C09AA02", "048397", 200.0, 22),
    ("C09CA01", "103664", 98.0, 16),
    ("C10AA05", "181472", 100.0, 28),
    ("D07AC13", "008093", 5.0, 6),
    ("G03CA03", "074013", 9.0, 6),
    ("H02AB06", "411074", 50.0, 10),
    ("H03AA01", "007525", 66.7, 22),
    ("J01CE02", "095778", 10.0, 10),
    ("J01CA08", "143438", 5.0, 5),
    ("L04AX03", "166538", 40.0, 3),
    ("M01AE01", "012799", 33.3, 10),
    ("N02AA05", "009814", 6.67, 8),
    ("N02BE01", "002840", 16.7, 34),
    ("N05CF01", "083030", 30.0, 14),
    ("N05CH01", "540110", 30.0, 10),
    ("N06AB04", "056789", 100.0, 16),
    ("N06AB06", "013390", 100.0, 20),
    ("N06AX11", "064310", 30.0, 12),
    ("N06BA04", "001929", 36.0, 8),
    ("R03AC02", "071084", 25.0, 12),
    ("R03AK07", "055182", 30.0, 12),
    ("R06AE07", "016881", 100.0, 8),
    ("S01EE01", "009191", 25.0, 8),
)


def medicines() -> pl.DataFrame:
    """Every package on the market: ``ATC``, ``VARUNR`` (six digits as text), ``FORPDDD`` (daily doses per package)."""
    atc, package, doses, _ = zip(*_MEDICINES, strict=True)
    return pl.DataFrame({"ATC": atc, "VARUNR": package, "FORPDDD": doses})


MEDICINE_PLACES = weighted_numbers({place: weight for place, (*_, weight) in enumerate(_MEDICINES)})
PACKAGES = weighted_numbers({1: 88, 2: 8, 3: 3, 4: 1})
DISPENSATION_TYPES = weighted({"R": 78, "D": 20, "L": 1}, missing=1)
PRESCRIBERS = weighted({f"{place:013d}": 1 + 40 // place for place in range(1, 120)}, missing=6)
"""Workplace codes: thirteen digits, which are nobody's."""
DAYS_SINCE_PRESCRIBED = weighted_numbers(
    {0: 40, 1: 8, 2: 5, 4: 4, 7: 4, 14: 4, 30: 5, 60: 6, 91: 8, 120: 4, 182: 7, 250: 3, 340: 2}
)
