"""The list of safeguards, one room of the service a module.

What belongs here: the list as a whole. A new safeguard is one entry in the module of its room.
"""

from tests.mutations.safeguards.acts import ACTS_IN_THE_PAGE
from tests.mutations.safeguards.answering import ANSWERING
from tests.mutations.safeguards.archives import ARCHIVES
from tests.mutations.safeguards.assets import ASSETS
from tests.mutations.safeguards.audit import AUDIT
from tests.mutations.safeguards.case import CASE
from tests.mutations.safeguards.cluster import CLUSTER
from tests.mutations.safeguards.code_key import CODE_KEY
from tests.mutations.safeguards.controls import CONTROLS
from tests.mutations.safeguards.decisions import DECISIONS
from tests.mutations.safeguards.deliveries import DELIVERIES
from tests.mutations.safeguards.disclosure import DISCLOSURE
from tests.mutations.safeguards.disposal import DISPOSAL
from tests.mutations.safeguards.documents import DOCUMENTS
from tests.mutations.safeguards.events import EVENTS
from tests.mutations.safeguards.fitting import FITS_TOGETHER
from tests.mutations.safeguards.formats import FORMATS
from tests.mutations.safeguards.inbox import INBOX
from tests.mutations.safeguards.keystore import KEYSTORE
from tests.mutations.safeguards.letters import LETTERS
from tests.mutations.safeguards.own_registers import OWN_REGISTERS
from tests.mutations.safeguards.page import PAGE_LAYER
from tests.mutations.safeguards.process import PROCESS
from tests.mutations.safeguards.readers import READERS
from tests.mutations.safeguards.rebuilding import REBUILDING
from tests.mutations.safeguards.relatives import RELATIVES
from tests.mutations.safeguards.restored import RESTORED
from tests.mutations.safeguards.selection import SELECTION
from tests.mutations.safeguards.study import STUDY
from tests.mutations.safeguards.targets import TARGETS
from tests.mutations.safeguards.transit import TRANSIT
from tests.mutations.safeguards.vault import VAULT
from tests.mutations.safeguards.words import WORDS

SAFEGUARDS = (
    *PROCESS,
    *VAULT,
    *RESTORED,
    *CLUSTER,
    *KEYSTORE,
    *AUDIT,
    *EVENTS,
    *FITS_TOGETHER,
    *CASE,
    *DECISIONS,
    *STUDY,
    *CODE_KEY,
    *ASSETS,
    *DELIVERIES,
    *FORMATS,
    *DISCLOSURE,
    *DOCUMENTS,
    *REBUILDING,
    *DISPOSAL,
    *TARGETS,
    *LETTERS,
    *TRANSIT,
    *ANSWERING,
    *INBOX,
    *READERS,
    *ARCHIVES,
    *OWN_REGISTERS,
    *CONTROLS,
    *SELECTION,
    *RELATIVES,
    *WORDS,
    *PAGE_LAYER,
    *ACTS_IN_THE_PAGE,
)
