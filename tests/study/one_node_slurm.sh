#!/bin/bash
# Runs src/study/slurm.sh on a Slurm cluster of one node, this machine, and compares its results with
# those of one call. Run by hand, as root: ./run slurm. The cluster's files are in a new folder, and
# its daemons end with this script; munged, which proves who is who, is started if it does not run.
set -euo pipefail
handgrad=$(realpath "$1") scripts=$(realpath "$2")
if [ "$(id -u)" -ne 0 ]; then
    echo "one_node_slurm.sh: only root may start Slurm's daemons." >&2
    exit 2
fi
folder=$(mktemp -d)
munge=
stop() {
    for daemon in slurmd slurmctld; do
        [ ! -f "$folder/$daemon.pid" ] || kill "$(cat "$folder/$daemon.pid")" || true
    done
    [ -z "$munge" ] || kill "$(cat /run/munge/munged.pid)" || true
    sleep 1
    rm -rf "$folder"
}
trap stop EXIT

# A cluster of one node, with ports of its own
mkdir "$folder/state" "$folder/spool"
export SLURM_CONF=$folder/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=one_node
SlurmctldHost=$(hostname)
SlurmUser=root
SlurmctldPort=16817
SlurmdPort=16818
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
NodeName=$(hostname) CPUs=$(nproc)
PartitionName=all Nodes=ALL Default=YES
END
if ! munge -n >/dev/null 2>&1; then
    mkdir -p /run/munge
    chown munge: /run/munge
    runuser -u munge -- munged
    munge=started
fi
slurmctld
slurmd
until sinfo --noheader --format=%t | grep -qx idle; do
    sleep 1
done

# The same design in one call and in three shards
design=(--epochs 20 --seeds 4 --draws 64)
mkdir "$folder/whole" "$folder/shards"
"$handgrad" sweep "${design[@]}" --out "$folder/whole/results.json"
cd "$folder/shards"
sh "$scripts/slurm.sh" "$handgrad" 3 results.json "${design[@]}"
while [ -n "$(squeue --noheader)" ]; do
    sleep 1
done
tail -n 2 shards/*.log
cmp "$folder/whole/results.json" results.json
echo "Slurm's jobs wrote the same results, byte by byte."
