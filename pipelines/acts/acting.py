"""Who acts when a job is launched: the account that the page has let in, as the run's tag says.

What belongs here: from a run to a name. What must not: how the account comes onto the run (resources.acting), or what a
person may do (the rules).
"""

import getpass
from collections.abc import Mapping

from resources.acting import ACCOUNT_TAG
from resources.desk import Desk
from samkorning.case.roles import BY_ITSELF
from samkorning.errors import RuleRefused
from samkorning.identity.free_text import require_no_number


def acting_person(desk: Desk, tags: Mapping[str, str], named: str | None, *, synthetic: bool) -> str:
    """Who acts in a run. In a case of real persons it is the owner of the account that asked for the run, and nobody
    else; in a synthetic one any name will do.

    :param tags: of the run.
    :param named: the name that the launch gives.
    :raises RuleRefused: where nobody is known to act, or a name is given that must not be.
    """
    account = tags.get(ACCOUNT_TAG)
    owner = desk.settings.accounts.get(account or getpass.getuser())
    if not synthetic:
        _require_known(account, owner, named)
    acting = named or owner or account or getpass.getuser()
    require_no_number("the name of who acts", acting)
    return acting


def _require_known(account: str | None, owner: str | None, named: str | None) -> None:
    if named is not None:
        problem = "free names are for synthetic cases"
        raise RuleRefused("R11", problem, "leave `acting` out; the account that signed in tells who acts")
    if account is None:
        problem = "nobody is known to have launched this"
        raise RuleRefused("R11", problem, "open the page through the proxy that signs you in, or use the command line")
    if owner is None:
        problem = "the account that launched this has no owner"
        raise RuleRefused("R11", problem, "enter it under `accounts` in the home's config.yaml")
    if owner in BY_ITSELF:
        raise RuleRefused("R11", "that is how the service itself is named", "name a person in `accounts`")
