"""What the Dagster page and daemon load: the production definitions on the home of the environment.

What belongs here: one line. It is a module of its own so that importing the definitions opens no home.
"""

from pipelines.definitions import build_definitions
from resources.desk import Desk
from samkorning.vault.hygiene import protect_process

protect_process()
defs = build_definitions(Desk.from_environment())
