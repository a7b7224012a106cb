"""The delivery as a data set of a health data catalogue: HealthDCAT-AP release 8, access level NON_PUBLIC, as Turtle.

What belongs here: the 27 elements of Implementing Regulation (EU) 2026/2098 and what the profile asks beside them. What
must not: the writing of Turtle (turtle), or facts that the description does not have. Each named concept states the
list that it is of, as the shapes of the profile look for it.
"""

from collections.abc import Iterable, Iterator

from samkorning.delivery.description import DeliveryDescription, data_name
from samkorning.delivery.machine_readable.csv_tables import data_type
from samkorning.delivery.machine_readable.turtle import Address, Properties, Resource, Said, Value, turtle
from samkorning.order.metadata import Office

HEALTH_DCAT = "healthdcat-ap.ttl"
EU = "http://publications.europa.eu/resource/authority/"
HEALTH = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
PERSONAL_DATA = "https://w3id.org/dpv/dpv-pd#"
PREFIXES = {
    "csvw": "http://www.w3.org/ns/csvw#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geodcatap": "http://data.europa.eu/930/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
CODING_SYSTEMS = {"ICD-10-SE": "ICD-10", "ATC": "ATC"}
"""The classifications of the registers that the list of coding systems has; the others are named in words."""
TITLES = {
    f"{EU}access-right": "Access right",
    f"{EU}country": "Country",
    f"{EU}data-theme": "Data theme",
    f"{EU}dataset-type": "Dataset type",
    f"{EU}file-type": "File type",
    f"{EU}language": "Language",
    f"{HEALTH}coding-system": "Coding system",
    f"{HEALTH}health-activity": "Health activity",
    f"{HEALTH}health-theme": "Health theme",
    f"{HEALTH}healthcategories": "Health category",
    f"{HEALTH}publisher-type": "Publisher type",
}


def health_dcat(description: DeliveryDescription) -> bytes:
    """The data set, its distribution, its variables, and every concept that it names."""
    return turtle(PREFIXES, [_dataset(description), *_concepts(description), *_legislation(description)])


def data_set_address(description: DeliveryDescription) -> str:
    """The name of the data set, the same in every description of the delivery."""
    return f"urn:samkorning:{description.case}:{description.number}"


def years_covered(description: DeliveryDescription) -> tuple[int, int] | None:
    """The first and last year of the own registers' parts, where there are any."""
    units = (unit.name.rsplit(" ", 1)[-1] for file in description.files for unit in file.units)
    years = [int(year) for year in units if len(year) == len("2219") and year.isdecimal()]
    return (min(years), max(years)) if years else None


def _dataset(description: DeliveryDescription) -> Resource:
    said = description.metadata
    body = said.access_body or said.publisher
    return Resource(
        "dcat:Dataset",
        {
            "dct:title": Said(description.title, "sv"),
            "dct:description": Said(said.description or description.title, "sv"),
            "dct:identifier": Said(description.folder),
            "dct:accessRights": Address(f"{EU}access-right/NON_PUBLIC"),
            "dcatap:applicableLegislation": _addresses(said.legislation),
            "dct:type": Address(f"{EU}dataset-type/PERSONAL_DATA"),
            "dcat:theme": Address(f"{EU}data-theme/HEAL"),
            "dcat:keyword": [Said(word, "sv") for word in said.keywords],
            "dct:language": [Address(f"{EU}language/SWE"), Address(f"{EU}language/ENG")],
            "dct:spatial": Address(f"{EU}country/SWE"),
            "dct:temporal": _temporal(description),
            "dct:issued": _day(description.date.isoformat()),
            "dct:provenance": _provenance(description),
            "dct:publisher": _office(said.publisher, publishes=True),
            "geodcatap:custodian": _office(said.publisher),
            "healthdcatap:hdab": _office(body),
            "dcat:contactPoint": Resource("vcard:Kind", _reached(said.publisher)),
            "dcat:distribution": _distribution(description),
            **_health(description),
        },
        data_set_address(description),
    )


def _health(description: DeliveryDescription) -> dict[str, Value | list[Value]]:
    """What a data set about health says beside what any does."""
    said = description.metadata
    return {
        "healthdcatap:healthCategory": _addresses(f"{HEALTH}healthcategories/{e}" for e in said.health_categories),
        "healthdcatap:healthTheme": _addresses(f"{HEALTH}health-theme/{each}" for each in said.health_themes),
        "dpv:hasPersonalData": _addresses(f"{PERSONAL_DATA}{each}" for each in said.personal_data),
        "dpv:hasLegalBasis": Resource("dpv:LegalBasis", {"dct:description": Said(said.legal_basis, "sv")}),
        "dpv:hasPurpose": Resource("dpv:Purpose", {"dct:description": Said(description.title, "sv")}),
        "healthdcatap:populationCoverage": [Said(text, "sv") for text in [said.population_coverage] if text],
        "healthdcatap:numberOfRecords": _count(sum(file.rendered.rows for file in description.files)),
        "healthdcatap:numberOfUniqueIndividuals": _count(description.serial_numbers.persons_in_code_key),
        "healthdcatap:hasStructuredData": Said("true", datatype="xsd:boolean"),
        "healthdcatap:hasVariables": _variables(description),
        "healthdcatap:hasCodingSystem": _addresses(
            f"{HEALTH}coding-system/{code}" for code in _listed_systems(description)
        ),
        "healthdcatap:hasCodeValues": [Said(text, "sv") for text in _code_values(description)],
        "prov:wasGeneratedBy": Resource(
            "prov:Activity",
            {
                "rdfs:label": [Said("Samkörning av register", "sv"), Said("Linkage of registers", "en")],
                "dct:type": Address(f"{HEALTH}health-activity/HEALTH_REGISTRIES"),
            },
        ),
    }


def _temporal(description: DeliveryDescription) -> list[Value]:
    years = years_covered(description)
    if years is None:
        return []
    first, last = years
    period: Properties = {"dcat:startDate": _day(f"{first}-01-01"), "dcat:endDate": _day(f"{last}-12-31")}
    return [Resource("dct:PeriodOfTime", period)]


def _provenance(description: DeliveryDescription) -> Resource:
    origins = [each.origin for file in description.files for each in file.variables if each.origin]
    swedish, english = sorted({each.holder_sv for each in origins}), sorted({each.holder for each in origins})
    sv = f"Länkade uppgifter från {', '.join(swedish) or 'register'}; personnummer ersatta av löpnummer."
    en = f"Linked data from {', '.join(english) or 'registers'}; identity numbers replaced by serial numbers."
    return Resource("dct:ProvenanceStatement", {"rdfs:label": [Said(sv, "sv"), Said(en, "en")]})


def _office(office: Office, *, publishes: bool = False) -> Resource:
    kind: Properties = {"dct:type": Address(f"{HEALTH}publisher-type/public-health-registry")} if publishes else {}
    emails: list[Value] = [Said(office.email)] if office.email else []
    contact: Properties = {"cv:contactPage": Address(office.page), "cv:email": emails}
    point = Resource("cv:ContactPoint", contact)
    return Resource("foaf:Agent", {"foaf:name": Said(office.name, "sv"), **kind, "cv:contactPoint": point})


def _reached(office: Office) -> Properties:
    emails: list[Value] = [Address(f"mailto:{office.email}")] if office.email else []
    return {"vcard:fn": Said(office.name), "vcard:hasURL": Address(office.page), "vcard:hasEmail": emails}


def _distribution(description: DeliveryDescription) -> Resource:
    """How the data are reached: not by an address of their own, but by asking who discloses them."""
    said = description.metadata
    return Resource(
        "dcat:Distribution",
        {
            "dct:title": [Said(f"Utlämning {description.folder}", "sv"), Said(f"Delivery {description.folder}", "en")],
            "dct:description": Said(said.access_conditions, "sv"),
            "dcat:accessURL": Address((said.access_body or said.publisher).page),
            "dcatap:applicableLegislation": _addresses(said.legislation),
            "dct:format": Address(f"{EU}file-type/CSV"),
            "dcat:mediaType": Address("http://www.iana.org/assignments/media-types/text/csv"),
            "dct:rights": Resource("dct:RightsStatement", {"rdfs:label": Said(said.access_conditions, "sv")}),
        },
    )


def _variables(description: DeliveryDescription) -> Resource:
    tables: list[Value] = [
        Resource(
            "csvw:Table",
            {
                "dct:title": Said(file.name),
                "csvw:url": Address(f"{data_set_address(description)}/{data_name(file.name, file.rendered.forms[0])}"),
                "csvw:column": [
                    Resource(
                        "csvw:Column",
                        {
                            "csvw:name": Said(variable.name),
                            "csvw:title": Said(variable.label_sv or variable.name, "sv"),
                            "dct:description": [
                                Said(variable.label_sv or variable.name, "sv"),
                                Said(variable.label_en or variable.name, "en"),
                            ],
                            "csvw:datatype": Said({"text": "string"}.get(data_type(variable), data_type(variable))),
                        },
                    )
                    for variable in file.variables
                ],
            },
        )
        for file in description.files
    ]
    title = [Said("Variabler", "sv"), Said("Variables", "en")]
    return Resource("csvw:TableGroup", {"dct:title": title, "csvw:table": tables})


def _listed_systems(description: DeliveryDescription) -> list[str]:
    return sorted({CODING_SYSTEMS[name] for name in _systems(description) if name in CODING_SYSTEMS})


def _systems(description: DeliveryDescription) -> set[str]:
    return {str(each.system) for file in description.files for variable in file.variables for each in variable.systems}


def _code_values(description: DeliveryDescription) -> Iterator[str]:
    """Classifications by their names, and value sets by variable, each once."""
    yield from sorted(_systems(description))
    sets = {
        f"{variable.name}: {', '.join(dict.fromkeys(code.code for code in variable.codes))}"
        for file in description.files
        for variable in file.variables
        if variable.codes
    }
    yield from sorted(sets)


def _concepts(description: DeliveryDescription) -> Iterator[Resource]:
    """Every concept of a list that the data set names, with its list, and the lists."""
    said = description.metadata
    named: dict[str, list[str]] = {
        f"{EU}access-right": ["NON_PUBLIC"],
        f"{EU}country": ["SWE"],
        f"{EU}data-theme": ["HEAL"],
        f"{EU}dataset-type": ["PERSONAL_DATA"],
        f"{EU}file-type": ["CSV"],
        f"{EU}language": ["SWE", "ENG"],
        f"{HEALTH}coding-system": _listed_systems(description),
        f"{HEALTH}health-activity": ["HEALTH_REGISTRIES"],
        f"{HEALTH}health-theme": list(said.health_themes),
        f"{HEALTH}healthcategories": list(said.health_categories),
        f"{HEALTH}publisher-type": ["public-health-registry"],
    }
    for scheme, concepts in named.items():
        yield Resource("skos:ConceptScheme", {"dct:title": Said(TITLES[scheme], "en")}, scheme)
        for concept in concepts:
            words: Properties = {"skos:prefLabel": Said(concept, "en"), "skos:inScheme": Address(scheme)}
            yield Resource(f"skos:Concept{_also(scheme)}", words, f"{scheme}/{concept}")
    for kind in said.personal_data:
        yield Resource("dpv:PersonalData", {"skos:prefLabel": Said(kind, "en")}, f"{PERSONAL_DATA}{kind}")


def _also(scheme: str) -> str:
    """What a concept of a list is beside a concept."""
    kinds = {
        f"{EU}access-right": "dct:RightsStatement",
        f"{EU}country": "dct:Location",
        f"{EU}file-type": "dct:MediaTypeOrExtent",
        f"{EU}language": "dct:LinguisticSystem",
        f"{HEALTH}coding-system": "dct:Standard",
    }
    return f", {kinds[scheme]}" if scheme in kinds else ""


def _legislation(description: DeliveryDescription) -> Iterator[Resource]:
    for address in description.metadata.legislation:
        yield Resource("eli:LegalResource", {}, address)
    yield Resource("dct:MediaType", {}, "http://www.iana.org/assignments/media-types/text/csv")


def _addresses(addresses: Iterable[str]) -> list[Value]:
    return [Address(each) for each in addresses]


def _day(text: str) -> Said:
    return Said(text, datatype="xsd:date")


def _count(number: int) -> Said:
    return Said(str(number), datatype="xsd:nonNegativeInteger")
