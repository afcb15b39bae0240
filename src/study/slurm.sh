#!/bin/sh
# Runs a sweep on a Slurm cluster: every round is an array of jobs, one a shard, and a job that joins
# their stores when all have ended well.
#
#     src/study/slurm.sh build/src/handgrad 8 results.json
#
# submits all jobs for 8 shards and returns; options of handgrad sweep may follow, such as
# --epochs 1000. Options of sbatch, such as a partition or a time limit, go into SBATCH_OPTIONS. All
# nodes must see the folder of the results and the program. The shards' stores and the jobs' logs
# are in the folder shards/ beside the results. A job that Slurm stops leaves its runs there: the
# same call goes on where it ended.
set -eu

case ${1:-} in
# What the jobs do; this script submits itself
shard)
    handgrad=$2 count=$3 folder=$4
    shift 4
    shard=$SLURM_ARRAY_TASK_ID
    exec "$handgrad" sweep "$@" --threads "${SLURM_CPUS_PER_TASK:-1}" \
        --shard "$shard/$count" --store "$folder/$shard.db"
    ;;
join)
    handgrad=$2 count=$3 folder=$4
    "$handgrad" merge $(seq -f "$folder/%g.db" "$count") --into "$folder/all.db"
    for shard in $(seq "$count"); do
        "$handgrad" merge "$folder/all.db" --into "$folder/$shard.db"
    done
    exit
    ;;
results)
    handgrad=$2 folder=$3 out=$4
    shift 4
    exec "$handgrad" sweep "$@" --threads "${SLURM_CPUS_PER_TASK:-1}" \
        --out "$out" --store "$folder/all.db"
    ;;
esac

if [ $# -lt 3 ]; then
    echo "usage: slurm.sh handgrad shards results.json [options of handgrad sweep]" >&2
    exit 2
fi
handgrad=$(realpath "$1") count=$2 out=$(realpath "$3")
shift 3
folder=$(dirname "$out")/shards
mkdir -p "$folder"

submit() {
    sbatch --parsable --kill-on-invalid-dep=yes ${SBATCH_OPTIONS:-} "$@"
}

# One round for the studies and the search's first stage, one for each stage after it
after=
for round in 1 2 3 4 5; do
    shards=$(submit --job-name="shards-$round" --array="1-$count" $after \
        --output="$folder/round-$round-shard-%a.log" \
        "$0" shard "$handgrad" "$count" "$folder" "$@")
    join=$(submit --job-name="join-$round" --dependency="afterok:$shards" \
        --output="$folder/round-$round-join.log" \
        "$0" join "$handgrad" "$count" "$folder")
    after="--dependency=afterok:$join"
done
results=$(submit --job-name=results $after --output="$folder/results.log" \
    "$0" results "$handgrad" "$folder" "$out" "$@")
echo "Submitted; job $results writes $out when the others have ended well (squeue shows them)."
