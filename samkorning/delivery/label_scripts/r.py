"""The label script for R: a function that gives a data.frame its labels, as the packages haven and labelled keep them.

What belongs here: R's quoting. What must not: reading data files.
"""

from collections.abc import Iterable, Iterator

from samkorning.delivery.description import DeliveredFile, DeliveredVariable
from samkorning.delivery.label_scripts.labels import on_one_line, value_labels

R_LABELS = "etiketter.R"
_HEAD = """\
# Etiketter (labels). Läs filen och sätt dem / read the file and set them:
#   source("etiketter.R", encoding = "UTF-8")
#   data <- satt_etiketter(data, "{example}")          # svenska
#   data <- satt_etiketter(data, "{example}", "en")    # English
# Variabelns etikett blir attributet "label", värdenas attributet "labels".
satt_etiketter <- function(data, fil, sprak = "sv") {{
  if (is.null(etiketter[[fil]])) stop("okänd fil / unknown file: ", fil)
  for (variabel in etiketter[[fil]]) {{
    namn <- variabel$namn
    if (!namn %in% names(data)) next
    kolumn <- data[[namn]]
    attr(kolumn, "label") <- if (sprak == "en") variabel$en else variabel$sv
    if (length(variabel$koder) > 0) {{
      koder <- if (is.numeric(kolumn)) suppressWarnings(as.numeric(variabel$koder)) else variabel$koder
      attr(kolumn, "labels") <- stats::setNames(koder, variabel$texter)
    }}
    data[[namn]] <- kolumn
  }}
  data
}}

etiketter <- list()
"""


def r_labels(files: Iterable[DeliveredFile]) -> bytes:
    """The script for all files of a delivery."""
    files = list(files)
    example = files[0].name if files else "fil"
    return "\n".join([_HEAD.format(example=example), *_lines(files)]).encode()


def quoted(text: str) -> str:
    """A text as R writes it."""
    return '"' + on_one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lines(files: Iterable[DeliveredFile]) -> Iterator[str]:
    for file in files:
        yield f"etiketter[[{quoted(file.name)}]] <- list("
        yield ",\n".join(map(_variable, file.variables))
        yield ")\n"


def _variable(variable: DeliveredVariable) -> str:
    labels = value_labels(variable)
    fields = [
        f"namn = {quoted(variable.name)}",
        f"sv = {quoted(variable.label_sv)}",
        f"en = {quoted(variable.label_en)}",
    ]
    if labels:
        fields += [
            f"koder = c({', '.join(map(quoted, labels))})",
            f"texter = c({', '.join(map(quoted, labels.values()))})",
        ]
    return "  list(" + ",\n    ".join(fields) + ")"
