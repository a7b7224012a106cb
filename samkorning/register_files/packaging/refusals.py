"""Why a packed or sealed file is refused, and what its sender does; never a name from inside it.

What belongs here: one refusal each. What must not: finding out (the kinds).
"""

from samkorning.errors import FileRefused

_PACK_AGAIN = "pack the file again and send that"
_OTHER_WAY = "tell the right password by another way than the file"


def refuse_damaged(name: str) -> FileRefused:
    """Bytes are missing, changed or too many."""
    return FileRefused(name, "the archive is damaged or cut off", _PACK_AGAIN)


def refuse_contradiction(name: str) -> FileRefused:
    """The archive says one thing in one place and another in another."""
    return FileRefused(name, "the archive contradicts its own table of contents", _PACK_AGAIN)


def refuse_unread(name: str) -> FileRefused:
    """A method that is not read."""
    return FileRefused(
        name, "the archive is packed or locked by a method that is not read", "pack it as an ordinary zip or 7z archive"
    )


def refuse_without_password(name: str) -> FileRefused:
    """Locked, and no password is known."""
    return FileRefused(
        name,
        "the archive is locked and its password is not known",
        "tell the password by another way than the file, then send the file again",
    )


def refuse_wrong_password(name: str) -> FileRefused:
    """Locked, and the password that is known is surely another one."""
    return FileRefused(name, "the password does not open the archive", _OTHER_WAY)


def refuse_wrong_or_damaged(name: str) -> FileRefused:
    """Locked by a method that cannot tell a wrong password from damage."""
    return FileRefused(
        name,
        "the password does not open the archive, or the archive is damaged",
        "compare the password, or pack the file again and send that",
    )


def refuse_place(name: str) -> FileRefused:
    """A member that would lie outside the archive's own folder."""
    return FileRefused(
        name, "the archive holds a file whose path leads out of it", "pack the file alone, without the folders above it"
    )


def refuse_link(name: str) -> FileRefused:
    """A member that is no plain file."""
    return FileRefused(name, "the archive holds a link or a device", "pack plain files alone and send that")


def refuse_nothing(name: str) -> FileRefused:
    """No file in the archive."""
    return FileRefused(name, "the archive holds no file", "pack the file and send that")


def refuse_several(name: str, count: int) -> FileRefused:
    """Several files, and nothing says which."""
    return FileRefused(
        name, f"the archive holds {count} files", "send one file in an archive, or declare which one is meant"
    )


def refuse_not_declared(name: str, count: int) -> FileRefused:
    """None or several that fit the declared pattern."""
    return FileRefused(
        name,
        f"{count} files in the archive have the declared name, not one",
        "send the archive with one file of the declared name",
    )


def refuse_same_name(name: str) -> FileRefused:
    """Two members of one name."""
    return FileRefused(name, "the archive holds two files of the same name", _PACK_AGAIN)


def refuse_nested(name: str) -> FileRefused:
    """An archive or a seal inside an archive."""
    return FileRefused(
        name, "the archive holds another archive or a sealed file", "pack the file once; a seal goes around the archive"
    )


def refuse_many(name: str, most: int) -> FileRefused:
    """More members than anybody sends."""
    return FileRefused(name, f"the archive has more than {most} entries", "send one file in an archive")


def refuse_too_large(name: str, most_gib: int) -> FileRefused:
    """More than is unpacked."""
    return FileRefused(name, f"unpacked the file is larger than {most_gib} GiB", "send it in several files")


def refuse_bomb(name: str, most: int) -> FileRefused:
    """Made to burst its reader."""
    return FileRefused(name, f"the archive unpacks to more than {most} times its size", "send the file without packing")


def refuse_dictionary(name: str, most_mib: int) -> FileRefused:
    """Packed so that unpacking takes more memory than is given."""
    return FileRefused(
        name, f"unpacking needs more than {most_mib} MiB of memory", "pack it with a smaller dictionary and send that"
    )


def refuse_part(name: str) -> FileRefused:
    """One of several volumes."""
    return FileRefused(name, "the archive is one part of several", "pack the file in one part and send that")


def refuse_no_identity(name: str) -> FileRefused:
    """Sealed, where nothing can unseal."""
    return FileRefused(
        name,
        "the file is sealed and there is no identity here that opens it",
        "check it at the service, or seal it to the recipient that `samkorning key seal-to` prints",
    )


def refuse_other_recipient(name: str) -> FileRefused:
    """Sealed to somebody else, or by a passphrase."""
    return FileRefused(
        name,
        "the file is sealed to somebody else",
        "seal it to the recipient that `samkorning key seal-to` prints and send that",
    )


def refuse_broken_seal(name: str) -> FileRefused:
    """The seal does not close over the bytes that came."""
    return FileRefused(name, "the sealed file is damaged or cut off", "seal it again and send that")
