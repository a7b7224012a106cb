# Reads the data files of a delivery into R, with types, labels and missing values, and checks them on the way.
# Importerar alla datafiler i R med typer, etiketter och NA, och kontrollerar dem; language = "en" ger engelska texter.
#
#   source("las_in.R")                                   reads the delivery in this folder into the list `delivery`
#   read_delivery(folder, language = "en", factors = TRUE)
#
# It needs base R alone. Every column has its label in attr(x, "label"), a column with a value set the set in
# attr(x, "labels"). An empty field is NA; so is an empty text, which R cannot tell from it. SHA-256 is checked where
# R has it (4.5 or later) or the package digest is installed. Nothing here prints a value of a row.

SAMKORNING_TABLE

read_delivery <- function(folder = ".", language = c("sv", "en"), factors = FALSE) {
  language <- match.arg(language)
  problems <- character(0)
  tables <- list()
  for (file in samkorning_files) {
    path <- file.path(folder, file$name)
    if (!file.exists(path)) {
      problems <- c(problems, samkorning_says(language, "fil saknas: ", "missing file: ", file$name))
      next
    }
    problems <- c(problems, samkorning_hash_problem(folder, file$name, language))
    table <- samkorning_table(path)
    if (!identical(enc2utf8(names(table)), enc2utf8(file$columns))) {
      problems <- c(problems, paste0(file$name, samkorning_says(language,
        ": kolumnerna \u00e4r inte de som beskrivs", ": its columns are not those described")))
      next
    }
    if (nrow(table) != file$rows) {
      problems <- c(problems, paste0(file$name, samkorning_says(language,
        paste0(": har ", nrow(table), " rader, v\u00e4ntade ", file$rows),
        paste0(": has ", nrow(table), " rows, expected ", file$rows))))
    }
    for (place in seq_along(table)) {
      column <- samkorning_column(table[[place]], file$types[place], file$written[[place]])
      if (is.null(column)) {
        kept <- paste0(file$name, samkorning_says(language,
          paste0(": kolumn ", place, " \u00e4r inte helt ", samkorning_type_words[[file$types[place]]],
            ": den f\u00f6rblir text"),
          paste0(": column ", place, " is not all ", file$types[place], ": kept as text")))
        if (is.null(file$written[[place]])) problems <- c(problems, kept) else message(kept)
        column <- table[[place]]
      }
      table[[place]] <- samkorning_labelled(column, file, place, language, factors)
    }
    tables[[file$object]] <- table
  }
  for (problem in problems) warning(problem, call. = FALSE)
  if (length(problems) == 0) message(samkorning_says(language, "hel: ", "whole: "), length(tables),
    samkorning_says(language, " filer", " files"))
  invisible(tables)
}

samkorning_type_words <- list(
  text = "text", integer = "heltal", decimal = "decimaltal", date = "datum", boolean = "ja eller nej")

# A message in the language that was asked for.
samkorning_says <- function(language, sv, en, ...) paste0(if (language == "sv") sv else en, ...)

# The bytes stay UTF-8 and are not turned into the locale's own, which may lack letters.
samkorning_table <- function(path) {
  table <- read.table(path, header = FALSE, sep = ";", quote = "\"", dec = ".", encoding = "UTF-8",
    colClasses = "character", na.strings = "", comment.char = "", blank.lines.skip = FALSE,
    stringsAsFactors = FALSE, strip.white = FALSE)
  heads <- unlist(table[1, ], use.names = FALSE)
  heads[1] <- sub("^\\xef\\xbb\\xbf", "", heads[1], useBytes = TRUE)
  table <- table[-1, , drop = FALSE]
  rownames(table) <- NULL
  names(table) <- heads
  table
}

# A column as its type, or NULL where a value does not read so. Another holder's column is delivered as it was
# written: it has its declared type where every value reads as that and would be written the same again.
samkorning_column <- function(text, type, written) {
  if (is.null(written)) return(samkorning_typed(text, type))
  stated <- unique(text[!is.na(text)])
  switch(type,
    integer = if (all(grepl("^(0|-?[1-9][0-9]{0,14})$", stated))) samkorning_typed(text, type),
    decimal = if (samkorning_decimals(stated, written$mark)) as.numeric(sub(written$mark, ".", text, fixed = TRUE)),
    date = samkorning_days(text, stated, written$days),
    boolean = samkorning_yes_or_no(text, stated, written)
  )
}

# Whether decimals come back as they were written: all with as many decimals, or none with a last nought.
samkorning_decimals <- function(stated, mark) {
  sign <- paste0("[", mark, "]")
  number <- grepl(paste0("^-?(0|[1-9][0-9]*)(", sign, "[0-9]+)?$"), stated)
  nought <- grepl(paste0("^-0(", sign, "0+)?$"), stated)
  if (!all(number & !nought & nchar(stated) <= 15)) return(FALSE)
  decimals <- ifelse(grepl(sign, stated), sub(paste0(".*", sign), "", stated), "")
  length(unique(nchar(decimals))) < 2 || !any(grepl("0$", decimals))
}

samkorning_days <- function(text, stated, shapes) {
  for (shape in shapes) {
    pattern <- gsub("%[md]", "[0-9]{2}", sub("%Y", "[0-9]{4}", gsub(".", "[.]", shape, fixed = TRUE), fixed = TRUE))
    if (!all(grepl(paste0("^", pattern, "$"), stated))) next
    days <- as.Date(text, format = shape)
    if (!any(is.na(days) & !is.na(text)) && !any(days < as.Date("0001-01-01"), na.rm = TRUE)) return(days)
  }
  NULL
}

samkorning_yes_or_no <- function(text, stated, written) {
  for (yes in written$yes) for (no in written$no) if (all(stated %in% c(yes, no))) return(text == yes)
  NULL
}

# A column that the service has written by its type, or NULL where a value does not read so.
samkorning_typed <- function(text, type) {
  typed <- suppressWarnings(switch(type,
    integer = samkorning_integer(text),
    decimal = as.numeric(text),
    date = as.Date(text, format = "%Y-%m-%d"),
    boolean = c("true" = TRUE, "false" = FALSE, "1" = TRUE, "0" = FALSE)[text],
    text
  ))
  if (any(is.na(typed) & !is.na(text))) return(NULL)
  unname(typed)
}

samkorning_integer <- function(text) {
  number <- as.numeric(text)
  if (any(is.na(number) & !is.na(text)) || any(abs(number) > 2147483647, na.rm = TRUE)) return(number)
  as.integer(number)
}

samkorning_labelled <- function(column, file, place, language, factors) {
  codes <- file$codes[[place]]
  if (!is.null(codes)) {
    means <- codes[[language]]
    if (factors) {
      levels <- c(codes$code, setdiff(unique(as.character(column[!is.na(column)])), codes$code))
      shown <- c(ifelse(means == "", codes$code, means), levels[-seq_along(codes$code)])
      shown <- ifelse(duplicated(shown) | duplicated(shown, fromLast = TRUE), paste(levels, shown), shown)
      column <- factor(as.character(column), levels = levels, labels = shown)
    } else {
      values <- if (is.numeric(column)) suppressWarnings(as.numeric(codes$code)) else codes$code
      if (!anyNA(values)) attr(column, "labels") <- stats::setNames(values, means)
    }
  }
  attr(column, "label") <- file$labels[[language]][place]
  column
}

# The manifest stands one field a line, a file's name before its hash.
samkorning_hash_problem <- function(folder, name, language) {
  manifest <- file.path(folder, "manifest.json")
  if (!file.exists(manifest)) return(samkorning_says(language, "fil saknas: ", "missing file: ", "manifest.json"))
  lines <- trimws(readLines(manifest, warn = FALSE, encoding = "UTF-8"))
  at <- match(paste0("\"name\": \"", name, "\","), lines)
  if (is.na(at)) {
    return(paste0(name, samkorning_says(language, ": finns inte i manifestet", ": is not in the manifest")))
  }
  hashes <- grep("^\"sha256\": \"[0-9a-f]{64}\"", lines)
  wanted <- substr(lines[hashes[hashes > at][1]], 12, 75)
  path <- file.path(folder, name)
  if (exists("sha256sum", envir = asNamespace("tools"), inherits = FALSE)) {
    found <- unname(get("sha256sum", envir = asNamespace("tools"))(path))
  } else if (requireNamespace("digest", quietly = TRUE)) {
    found <- digest::digest(path, algo = "sha256", file = TRUE)
  } else {
    return(character(0))
  }
  if (identical(found, wanted)) character(0) else paste0(name, samkorning_says(language,
    ": sha256 \u00e4r inte vad manifestet s\u00e4ger", ": sha256 is not what the manifest says"))
}

# Where this script lies: as Rscript runs it, as source() does, or here.
samkorning_folder <- function() {
  run <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  sourced <- unlist(lapply(sys.frames(), function(frame) frame$ofile))
  found <- c(sourced, run)
  if (length(found)) dirname(found[1]) else "."
}

delivery <- read_delivery(samkorning_folder())
