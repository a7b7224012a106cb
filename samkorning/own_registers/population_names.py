"""What the variables of the population's registers are called where selections, controls and relatives use them.

What belongs here: the names. What must not: reading the registers. Further variables keep the names they have.
"""

from samkorning.own_registers.catalogue import Holds

POPULATION_NAMES = {
    Holds.PERSONS: {"FODDAT": "birth_date", "KON": "sex", "DODDAT": "death_date"},
    Holds.RESIDENCE: {"FROM": "first_day", "TILL": "last_day", "LK": "area"},
    Holds.PARENTS: {"NUMBER_MOR": "mother", "NUMBER_FAR": "father"},
    Holds.SPOUSES: {"NUMBER_PARTNER": "partner", "FROM": "first_day", "TILL": "last_day"},
}
