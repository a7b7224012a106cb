"""A password as the bytes that packing programs make of it.

What belongs here: which bytes a password can be. What must not: where passwords are kept, or opening anything.
"""

_OLD_ENCODINGS = ("cp850", "cp1252")
"""What programs on Swedish machines have written passwords in, beside UTF-8."""


def spellings(password: str) -> list[bytes]:
    """The password in every encoding that may have been meant, each once; UTF-8 first."""
    found = [password.encode("utf-8", "surrogatepass")]
    for encoding in _OLD_ENCODINGS:
        try:
            found.append(password.encode(encoding))
        except UnicodeEncodeError:
            continue
    return list(dict.fromkeys(found))
