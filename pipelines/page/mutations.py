"""Which of Dagster's mutations the page carries out, each with its reason. What is on neither list is refused.

What belongs here: the two lists. What must not: how a request is read.
"""

ALLOWED = {
    "launchRun": "a run of a case; the name that Dagster documents, for commands",
    "launchPipelineExecution": "the same, as Dagster's page names it",
    "launchMultipleRuns": "runs of several cases at once",
    "launchRunReexecution": "a run that failed, again; for commands",
    "launchPipelineReexecution": "the same, as Dagster's page names it",
    "launchPartitionBackfill": "the asset pages start the runs of several cases as one backfill",
    "resumePartitionBackfill": "a backfill that failed goes on",
    "reexecutePartitionBackfill": "a backfill that failed, again",
    "cancelPartitionBackfill": "a backfill is ended",
    "terminateRun": "a run is ended; the next one completes what it left; for commands",
    "terminateRuns": "the same, as Dagster's page names it",
    "startSensor": "inbox and due deliveries are looked after again",
    "stopSensor": "they are left alone, as when files are being moved",
    "resetSensor": "as the definitions have it: running",
    "startSchedule": "repeat deliveries, the morning's front page and the night's forgetting go on",
    "stopRunningSchedule": "the same, stopped",
    "resetSchedule": "as the definitions have it: running",
    "sensorDryRun": "what a sensor would ask for now; it asks for nothing",
    "scheduleDryRun": "the same of the schedule",
    "reloadRepositoryLocation": "definitions are loaded again, as after a change of config.yaml",
    "reloadWorkspace": "the same for all",
}

ALIAS = "use the name in its place: terminateRun"
HISTORY = "what has been stays; `samkorning dispose` removes the runs of a case that is disposed of"
REPORTED = "an asset is made by a run, never by a report"
CASES = "cases come from the case register; use `samkorning case open` and `samkorning dispose`"
UNUSED = "this installation does not use it"
RESTART = "end `samkorning up` and start it again"

REFUSED = {
    "terminatePipelineExecution": ALIAS,
    "deleteRun": HISTORY,
    "deletePipelineRun": HISTORY,
    "wipeAssets": HISTORY,
    "reportRunlessAssetEvents": REPORTED,
    "reportAssetCheckEvaluations": REPORTED,
    "addDynamicPartition": CASES,
    "deleteDynamicPartitions": CASES,
    "shutdownRepositoryLocation": RESTART,
    "setSensorCursor": "the cursor shows what the last look said, and nothing reads it",
    "setAutoMaterializePaused": UNUSED,
    "setConcurrencyLimit": "limits are settings of the installation, in dagster.yaml",
    "deleteConcurrencyLimit": "limits are settings of the installation, in dagster.yaml",
    "freeConcurrencySlots": UNUSED,
    "freeConcurrencySlotsForRun": UNUSED,
    "setAppManagedComponent": "definitions are the program's own and are changed with it",
    "deleteAppManagedComponent": "definitions are the program's own and are changed with it",
    "refreshComponentState": UNUSED,
    "logTelemetry": "nobody is told what is done here",
    "setNuxSeen": UNUSED,
}
