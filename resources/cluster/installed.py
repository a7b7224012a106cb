"""Whether this machine has what a cluster is reached with.

What belongs here: naming what is missing. What must not: importing it, which takes seconds.
"""

import os
import shutil
from importlib.util import find_spec

from samkorning.errors import HomeRefused


def require_installed() -> None:
    """Refuses where Spark's package or Java is missing.

    :raises HomeRefused: naming what to install.
    """
    if find_spec("pyspark") is None:
        raise HomeRefused("the engine spark needs its package: `pip install 'samkorning[spark]'`")
    java = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{java}/bin" if java else None) is None:
        raise HomeRefused("the engine spark needs Java 17: install openjdk-17-jre-headless, or set JAVA_HOME")
