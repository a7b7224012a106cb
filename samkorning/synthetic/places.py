"""Municipalities of the synthetic world: code, name and how many live there.

What belongs here: the list and its tables. What must not: anything drawn. Codes and names are the official ones
(Statistics Sweden, kommun); the weights are thousands of inhabitants, rounded, and stand for the whole country although
only some municipalities of each county (län) are listed.
"""

import polars as pl

from samkorning.synthetic.draws import weighted

_PLACES: tuple[tuple[str, str, int], ...] = (
    ("0114", "Upplands Väsby", 48),
    ("0126", "Huddinge", 115),
    ("0127", "Botkyrka", 95),
    ("0180", "Stockholm", 985),
    ("0181", "Södertälje", 102),
    ("0184", "Solna", 85),
    ("0380", "Uppsala", 245),
    ("0381", "Enköping", 48),
    ("0480", "Nyköping", 58),
    ("0484", "Eskilstuna", 107),
    ("0580", "Linköping", 167),
    ("0581", "Norrköping", 145),
    ("0680", "Jönköping", 145),
    ("0685", "Vetlanda", 28),
    ("0780", "Växjö", 97),
    ("0880", "Kalmar", 72),
    ("0980", "Gotland", 61),
    ("1080", "Karlskrona", 67),
    ("1280", "Malmö", 360),
    ("1281", "Lund", 130),
    ("1283", "Helsingborg", 151),
    ("1290", "Kristianstad", 87),
    ("1380", "Halmstad", 105),
    ("1384", "Kungsbacka", 86),
    ("1480", "Göteborg", 600),
    ("1485", "Uddevalla", 57),
    ("1490", "Borås", 115),
    ("1496", "Skövde", 58),
    ("1780", "Karlstad", 97),
    ("1784", "Arvika", 26),
    ("1880", "Örebro", 160),
    ("1980", "Västerås", 160),
    ("2080", "Falun", 60),
    ("2081", "Borlänge", 52),
    ("2180", "Gävle", 104),
    ("2184", "Hudiksvall", 38),
    ("2281", "Sundsvall", 99),
    ("2284", "Örnsköldsvik", 56),
    ("2380", "Östersund", 65),
    ("2480", "Umeå", 134),
    ("2482", "Skellefteå", 76),
    ("2580", "Luleå", 79),
    ("2584", "Kiruna", 22),
)

MUNICIPALITIES: pl.Series = weighted({code: weight for code, _, weight in _PLACES})


def municipality_names() -> pl.DataFrame:
    """Every municipality in use: ``municipality`` String of four digits, ``municipality_name`` String."""
    return pl.DataFrame(
        {"municipality": [code for code, _, _ in _PLACES], "municipality_name": [name for _, name, _ in _PLACES]}
    )
