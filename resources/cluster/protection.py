"""What must be switched on in a cluster before anything of a case is sent to it, or lies there.

What belongs here: the switches, and the refusal. What must not: connecting.

They are set for every run and may not be set otherwise; what Spark says that it runs with is held against them again,
and the master has to answer a caller that speaks in no other way.
"""

from collections.abc import Mapping

from samkorning.errors import HomeRefused

SWITCHES: Mapping[str, tuple[str, str]] = {
    "spark.authenticate": ("true", "processes that do not know the secret could join"),
    "spark.network.crypto.enabled": ("true", "what its processes say would cross the network in clear"),
    "spark.network.crypto.saslFallback": ("false", "a process could ask for an older encryption"),
    "spark.network.crypto.authEngineVersion": ("2", "keys of connections would be agreed on in an older way"),
    "spark.network.crypto.cipher": ("AES/GCM/NoPadding", "what is said could be changed on its way"),
    "spark.io.encryption.enabled": ("true", "what it sets aside on disks would lie there in clear"),
    "spark.io.encryption.keySizeBits": ("256", "what it sets aside on disks would be encrypted less well"),
    "spark.ui.enabled": ("false", "a page would show the run to whoever asks"),
    "spark.eventLog.enabled": ("false", "a log of the run would lie in clear"),
    "spark.python.profile": ("false", "profiles of what its processes do would be kept"),
}
"""By property of Spark: the one value that it may have, and what would be if it had another."""


def protected(properties: Mapping[str, str]) -> dict[str, str]:
    """The properties with every switch on.

    :raises HomeRefused: when they set one otherwise.
    """
    require_protected({**_on(), **properties})
    return {**_on(), **properties}


def require_protected(properties: Mapping[str, str]) -> None:
    """Refuses a run with these properties where a switch is off or absent.

    :raises HomeRefused: naming each, and what would be.
    """
    off = [
        f"`{name}` must be {value!r}, or {otherwise}"
        for name, (value, otherwise) in SWITCHES.items()
        if properties.get(name) != value
    ]
    if off:
        raise HomeRefused("the cluster is not protected, and nothing was sent to it: " + "; ".join(off))


def _on() -> dict[str, str]:
    return {name: value for name, (value, _) in SWITCHES.items()}
