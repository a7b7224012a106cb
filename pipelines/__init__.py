"""What runs together and when: definitions, jobs, sensors, schedules, and Dagster's own instance.

What belongs here: putting assets together and starting them. What must not: what an asset does.
"""

import warnings

from dagster import BetaWarning

# Dagster warns of its own sensors' defaults.
warnings.filterwarnings("ignore", message="Parameter `owners`", category=BetaWarning)
