"""Which file systems a vault may lie on: those of this machine, whose locks and links hold."""

from pathlib import Path, PurePath

from samkorning.errors import HomeRefused

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "davfs"),
        *("ceph", "glusterfs", "lustre", "beegfs", "gfs2", "ocfs2"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.mount-s3"),
    }
)


def refuse_network_file_system(folder: Path) -> None:
    """Refuse a folder on a network file system: its locks and links do not hold for every host, so two could write."""
    if not MOUNTS.exists():
        return
    kind = file_system_type(folder.resolve(), MOUNTS.read_text())
    if kind in NETWORK:
        raise HomeRefused(
            f"{folder}: lies on a network file system ({kind}), where the lock of a case does not hold; "
            "put the vault on a disk of this machine"
        )


def file_system_type(folder: PurePath, mounts: str) -> str:
    """Give the type of the file system a folder lies on, from the text of /proc/self/mountinfo ('' if unknown)."""
    longest, kind = PurePath(), ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = PurePath(_unescaped(before.split()[4]))
        if folder.is_relative_to(point) and len(point.parts) >= len(longest.parts):
            longest, kind = point, after.split()[0]
    return kind


def _unescaped(text: str) -> str:
    """Undo the octal escapes of mountinfo: blank, tab, line end, backslash."""
    for escape, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(escape, character)
    return text
