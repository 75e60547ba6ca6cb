#!/bin/sh
# Moves orders step by step to a build of the workers that runs already, and back when a step does badly:
#   ./deploy/ramp-workers.sh BUILD [PERCENT...]
# TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and their like say where. After each step RAMP_PAUSE seconds pass (300 unless set), and then RAMP_CHECK, a
# command, must succeed; unless it is set, no order of the build may have a workflow task that fails.
set -eu

temporal="${TEMPORAL_CLI:-temporal}"
deployment="${WORKER_DEPLOYMENT:-order-saga}"
pause="${RAMP_PAUSE:-300}"

build="${1:?usage: ramp-workers.sh BUILD [PERCENT...]}"
shift
[ $# -gt 0 ] || set -- 5 25 50

# Orders whose workflow tasks fail on the build: its code does not go on with what an earlier one did.
count_failing() {
  "$temporal" workflow count --query \
    "ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = '$deployment:$build' AND TemporalReportedProblems IS NOT NULL" |
    awk '{ print $2 }'
}

is_well() {
  if [ -n "${RAMP_CHECK:-}" ]; then sh -c "$RAMP_CHECK"; else [ "$(count_failing)" = 0 ]; fi
}

# New orders, and the next task of those that run, go to the current build again.
roll_back() {
  "$temporal" worker deployment set-ramping-version --yes --deployment-name "$deployment" --build-id "$build" --delete
  echo "build $build does badly: it gets nothing more, and the current build goes on with its orders" >&2
  exit 1
}

for percent in "$@"; do
  "$temporal" worker deployment set-ramping-version --yes --deployment-name "$deployment" --build-id "$build" --percentage "$percent"
  echo "build $build gets $percent % of the orders"
  sleep "$pause"
  is_well || roll_back
done
"$temporal" worker deployment set-current-version --yes --deployment-name "$deployment" --build-id "$build"
echo "build $build is current"
