"""What a cluster is refused for, and what keeps encryption keys and half-written files from it."""

from tests.mutations.safeguard import Safeguard

PROTECTION, TASK, SETTINGS = (f"resources/cluster/{name}.py" for name in ("protection", "task", "settings"))
CONNECTION, DRAFT = "resources/cluster/connection.py", "samkorning/vault/draft.py"
SESSION, SESSIONS = "resources/cluster/session.py", "tests/unit/test_cluster_session.py"
WAITING, POOL = "resources/cluster/waiting.py", "tests/pipeline/test_cluster_pool.py"
UNIT, DRIVER, VAULT = (
    f"tests/unit/test_{name}.py" for name in ("cluster_protection", "cluster_connection", "draft_elsewhere")
)

CLUSTER = (
    Safeguard(
        "cluster-switches",
        "a cluster with any one protection off is refused",
        PROTECTION,
        "    if off:\n",
        "    if len(off) == len(SWITCHES):\n",
        (UNIT,),
    ),
    Safeguard(
        "cluster-says-what-it-runs-with",
        "what a cluster says that it runs with is held against what it must be",
        CONNECTION,
        "            require_protected(dict(context.getConf().getAll()))\n",
        "",
        (DRIVER,),
    ),
    Safeguard(
        "cluster-run-alone",
        "what was sent to a cluster opens in its own run alone",
        TASK,
        '"cluster", self.application, self.nonce)',
        '"cluster")',
        (UNIT,),
    ),
    Safeguard(
        "cluster-secret-private",
        "a cluster's secret that others may read is refused",
        SETTINGS,
        "READABLE_BY_OTHERS = 0o077",
        "READABLE_BY_OTHERS = 0",
        (UNIT,),
    ),
    Safeguard(
        "cluster-no-text-of-errors",
        "no text of a library's error goes from a worker into a log",
        TASK,
        "        why = str(unplaced(found)) if found else type(error).__name__\n",
        "        why = str(error)\n",
        (UNIT,),
    ),
    Safeguard(
        "cluster-no-task-runs-on",
        "what is broken off, or ended in the page, is stopped before its files are taken away",
        WAITING,
        "            while self._running() and time.monotonic() < until:\n",
        "            while False:\n",
        (DRIVER,),
    ),
    Safeguard(
        "cluster-stands-still",
        "a run in which no slice ends is broken off",
        WAITING,
        "        elif now - self._moved > self.patience:\n",
        "        elif False:\n",
        (DRIVER,),
    ),
    Safeguard(
        "cluster-failure-in-our-words",
        "of a failure at a worker a fault of a machine is told, and no text",
        WAITING,
        '    if fault:\n        return f"{fault} at a worker"\n',
        "    if text:\n        return text\n",
        (DRIVER,),
    ),
    Safeguard(
        "cluster-one-at-a-time",
        "two runs do not use a cluster at once",
        "assets/cluster_runs.py",
        "            while not pools.claim(CLUSTER_POOL, step):\n",
        "            while False:\n",
        (POOL,),
    ),
    Safeguard(
        "cluster-slot-of-the-dead",
        "a killed run does not hold the cluster",
        "pipelines/dead_runs.py",
        "            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)  # of the cluster\n",
        "",
        (POOL,),
    ),
    Safeguard(
        "cluster-queue-of-every-run",
        "runs that a person launches do not fill the queue while they wait for a cluster",
        "resources/dagster_rules.py",
        "**self._tags_of_queue(dagster_run)})\n",
        "})\n",
        (POOL,),
    ),
    Safeguard(
        "cluster-left-after-a-fault",
        "what was wrong with one file on a cluster does not spoil the next",
        SESSION,
        "            if not whole:\n                self.leave()\n",
        "            pass\n",
        (SESSIONS,),
    ),
    Safeguard(
        "cluster-stands-before-the-next-file",
        "an application that has ended or stands still is not used for another file",
        SESSION,
        "not (self._kept[0] == settings and stands(self._kept[1].context))",
        "self._kept[0] != settings",
        (SESSIONS,),
    ),
    Safeguard(
        "cluster-forgets-a-file",
        "a process of a cluster holds no table of a file when another comes, or none",
        TASK,
        "            self._later = threading.Timer(SECONDS_HELD, forget_held)\n",
        "            self._later = threading.Timer(3_600, forget_held)\n",
        (SESSIONS,),
    ),
    Safeguard(
        "lent-under-its-own-key",
        "what is lent to processes elsewhere opens with no encryption key of the vault",
        DRAFT,
        "secrets = FileSecrets(new_encryption_key(), name.encode())",
        "secrets = self.place.secrets",
        (VAULT,),
    ),
    Safeguard(
        "tried-elsewhere-in-vain",
        "nothing of a writing that broke off elsewhere stays",
        DRAFT,
        '        for path in self.place.folder.glob(f"{self.place.stem}-*{SUFFIX}"):\n',
        "        for path in (self.place.folder / name for name in self._names):\n",
        (VAULT,),
    ),
    Safeguard(
        "days-of-the-persons-asked-for-alone",
        "a cluster gives the days of nobody but the persons it was asked for",
        "samkorning/linkage/sliced_registers.py",
        "        if self.persons is not None:\n",
        "        if False:\n",
        ("tests/unit/test_sliced_registers.py::test_days_of_some_persons_are_theirs_alone",),
    ),
    Safeguard(
        "a-draft-sweeps-what-a-crash-left",
        "nothing of a crashed writing stays in a store that never commits",
        "samkorning/vault/store.py",
        "            sweep_store(state.folder, state.chain)\n            draft = Draft(state, self.address)\n",
        "            draft = Draft(state, self.address)\n",
        (
            "tests/integration/test_vault_parts.py::test_a_crashed_draft_of_a_store_that_never_commits_is_swept_by_the_next",
        ),
    ),
)
