"""Looking for anything of a case in what a cluster keeps, answers and shows of its processes.

What belongs here: where to look, and for what. What must not: expectations, or spellings of numbers (tests.canary).
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tests.canary import hits
from tests.property.test_linkage_engines import KNOWN, NUMBERS
from tests.spark_cluster import StandaloneCluster

CELL = "Umeå"


def found_in(folder: Path, private: Iterable[bytes] = ()) -> list[str]:
    """Files below a folder with an identity number, a serial number, a cell value, or anything private: never which."""
    _round, *serial_numbers = KNOWN.values()  # settings of Spark have round numbers as well
    texts = [*map(str, serial_numbers), CELL]
    spelled = [text.encode(code) for text in texts for code in ("utf-8", "utf-16-le")]
    spelled += [form for each in private for form in (each, each.hex().encode())]
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "secret"]
    held = [str(path.relative_to(folder)) for path in files if holds(path, spelled)]
    return [*hits(folder, NUMBERS), *held]


def holds(path: Path, spelled: Iterable[bytes]) -> bool:
    with suppress(FileNotFoundError):  # Spark takes away what it set aside
        content = path.read_bytes()
        return any(form in content for form in spelled)
    return False


def shown(cluster: StandaloneCluster, driver: int, folder: Path) -> set[str]:
    """What pages answer, and what others can read of each process of cluster and driver, as files; which programs."""
    folder.mkdir(exist_ok=True)
    for number, page in enumerate(cluster.pages()):
        (folder / f"page {number}").write_bytes(page)
    processes = dict.fromkeys(cluster.all_processes(), "cluster")
    processes |= {each: "driver" for each in (driver, *cluster.below(driver)) if each not in processes}
    programs = set()
    for process, side in processes.items():
        for name in ("cmdline", "environ"):
            with suppress(OSError):  # it ended, or shows nobody
                content = Path(f"/proc/{process}/{name}").read_bytes()
                (folder / f"{side} {name} {process}").write_bytes(content)
                programs |= {word for word in PROGRAMS if name == "cmdline" and word.encode() in content}
    return programs


PROGRAMS = ("deploy.master.Master", "deploy.worker.Worker", "CoarseGrainedExecutorBackend", "pyspark.daemon")
