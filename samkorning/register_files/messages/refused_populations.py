"""Refusals of another study population or number history (R19), in English and Swedish.

What belongs here: pairs of templates, which refusals joins to the others. What must not: the rule itself
(samkorning.case.population).
"""

STUDY: tuple[tuple[str, str], ...] = (
    ("R19: another study population has come", "R19: en annan studiepopulation har kommit"),
    (
        "if it is to take the former's place, take it in with `receive CASE population FILE --reason`",
        "om den ska ta den förras plats, ta emot den med `receive CASE population FILE --reason`",
    ),
    (
        "R19: the study population is frozen, and a number history says who is one person",
        "R19: studiepopulationen är låst, och en nummerhistorik säger vem som är en person",
    ),
    (
        "if it is needed, take it in with `receive CASE number_history FILE --reason`",
        "om den behövs, ta emot den med `receive CASE number_history FILE --reason`",
    ),
    (
        "R19: the study population is frozen, and by this file nobody comes and nobody goes",
        "R19: studiepopulationen är låst, och med den här filen kommer ingen till och ingen tas bort",
    ),
    (
        "nothing would change by it; keep the population that stands",
        "inget skulle ändras av den; behåll den population som gäller",
    ),
    (
        "R19: the study population is frozen, and by this file {} persons come and {} go",
        "R19: studiepopulationen är låst, och med den här filen kommer {} personer till och {} tas bort",
    ),
    (
        "a decision by three names that: `case decide-population CASE --adds {} --removes {} --role ROLE "
        "--reason REASON`",
        "ett beslut av tre säger det: `case decide-population CASE --adds {} --removes {} --role ROLE --reason REASON`",
    ),
    (
        "R19: by this file {} persons come and {} go, by the decision {} persons come and {} go",
        "R19: med den här filen kommer {} personer till och {} tas bort, enligt beslutet {} till och {} bort",
    ),
    (
        "send the population that was decided, or decide anew",
        "skicka den population som beslutades, eller besluta på nytt",
    ),
)
