"""What the files of a sealed delivery are called.

What belongs here: endings, and finding a sealed file by them. What must not: what is in the files.
"""

from pathlib import Path

AGE_ENDING, SEVEN_ZIP_ENDING = ".tar.age", ".7z"
SEALED_ENDINGS = (AGE_ENDING, SEVEN_ZIP_ENDING)
RECEIPT_ENDING = ".receipt.json"


def is_sealed_name(name: str) -> bool:
    """Whether a file is called as a sealed delivery is."""
    return name.endswith(SEALED_ENDINGS)


def stem_of(sealed: Path) -> str:
    """``<case>_<number>`` of a sealed file."""
    return next((sealed.name.removesuffix(each) for each in SEALED_ENDINGS if sealed.name.endswith(each)), sealed.name)


def receipt_beside(sealed: Path) -> Path:
    """Where the receipt of a sealed file lies."""
    return sealed.with_name(stem_of(sealed) + RECEIPT_ENDING)


def sealed_files(folder: Path) -> list[Path]:
    """The sealed files that lie in a folder itself."""
    return sorted(path for path in folder.glob("*") if is_sealed_name(path.name))


def names_of(case: str, number: str) -> list[str]:
    """All names that the files of one delivery can have; its receipt's first."""
    return [f"{case}_{number}{ending}" for ending in (RECEIPT_ENDING, *SEALED_ENDINGS)]
