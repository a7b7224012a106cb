"""What Dagster's page is told that its visitors may do: the mutations that the page carries out, and no others.

What belongs here: Dagster's permissions, by a mutation that each is for. What must not: which mutations are carried out
(`mutations`), or refusing one (`documents`), which needs nothing of this.

By what it is told the page greys the buttons that would only be refused, and says why beside them.
"""

from collections.abc import Mapping

from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.permissions import PermissionResult, Permissions

from pipelines.page.mutations import ALLOWED, REFUSED

MUTATION_OF = {
    Permissions.LAUNCH_PIPELINE_EXECUTION: "launchRun",
    Permissions.LAUNCH_PIPELINE_REEXECUTION: "launchRunReexecution",
    Permissions.START_SCHEDULE: "startSchedule",
    Permissions.STOP_RUNNING_SCHEDULE: "stopRunningSchedule",
    Permissions.SCHEDULE_DRY_RUN: "scheduleDryRun",
    Permissions.EDIT_SENSOR: "startSensor",
    Permissions.SENSOR_DRY_RUN: "sensorDryRun",
    Permissions.UPDATE_SENSOR_CURSOR: "setSensorCursor",
    Permissions.TERMINATE_PIPELINE_EXECUTION: "terminateRun",
    Permissions.DELETE_PIPELINE_RUN: "deleteRun",
    Permissions.RELOAD_REPOSITORY_LOCATION: "reloadRepositoryLocation",
    Permissions.RELOAD_WORKSPACE: "reloadWorkspace",
    Permissions.WIPE_ASSETS: "wipeAssets",
    Permissions.REPORT_RUNLESS_ASSET_EVENTS: "reportRunlessAssetEvents",
    Permissions.LAUNCH_PARTITION_BACKFILL: "launchPartitionBackfill",
    Permissions.CANCEL_PARTITION_BACKFILL: "cancelPartitionBackfill",
    Permissions.EDIT_DYNAMIC_PARTITIONS: "addDynamicPartition",
    Permissions.TOGGLE_AUTO_MATERIALIZE: "setAutoMaterializePaused",
    Permissions.EDIT_CONCURRENCY_LIMIT: "setConcurrencyLimit",
    Permissions.EDIT_APP_MANAGED_COMPONENTS: "setAppManagedComponent",
    Permissions.REFRESH_COMPONENT_STATE: "refreshComponentState",
}
"""A mutation that Dagster carries out under each; all of one permission stand on the same list."""


class PageRequest(WorkspaceRequestContext):
    """A request to Dagster's application."""

    @property
    def permissions(self) -> Mapping[str, PermissionResult]:
        """What the page carries out, of the whole installation."""
        return carried_out(super().permissions)

    def permissions_for_location(self, *, location_name: str) -> Mapping[str, PermissionResult]:
        """The same of the definitions at a place."""
        return carried_out(super().permissions_for_location(location_name=location_name))


class PageContext(WorkspaceProcessContext):
    """Dagster's process behind the page."""

    def create_request_context(self, source: object | None = None) -> PageRequest:
        """A request as above."""
        return PageRequest(
            self.instance, self.get_current_workspace(), self, self.version, source, read_only=self.read_only
        )


def carried_out(given: Mapping[str, PermissionResult]) -> dict[str, PermissionResult]:
    """What Dagster would permit, without what the page does not carry out."""
    return {name: _carried_out(name, result) for name, result in given.items()}


def _carried_out(name: str, given: PermissionResult) -> PermissionResult:
    mutation = next((each for permission, each in MUTATION_OF.items() if permission == name), "")
    return given if mutation in ALLOWED else PermissionResult(False, REFUSED.get(mutation, "not done from the page"))
