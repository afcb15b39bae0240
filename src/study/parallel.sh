#!/bin/sh
# Runs a sweep in shards on the processors of one machine, with GNU parallel.
#
#     src/study/parallel.sh build/src/handgrad 4 results.json
#
# runs 4 shards at a time; options of handgrad sweep may follow, such as --epochs 1000. The shards'
# stores stay in the folder shards/ beside the results, so that the same call goes on where another
# ended. On several machines: --sshlogin and --transferfile of parallel, or slurm.sh beside this.
set -eu
if [ $# -lt 3 ]; then
    echo "usage: parallel.sh handgrad shards results.json [options of handgrad sweep]" >&2
    exit 2
fi
handgrad=$1 count=$2 out=$3
shift 3
folder=$(dirname "$out")/shards
mkdir -p "$folder"

# One round for the studies and the search's first stage, one for each stage after it but the last,
# whose few runs are made with the results. Each begins with what all shards have made
for round in 1 2 3 4; do
    [ ! -e "$folder/all.db" ] || for shard in $(seq "$count"); do
        "$handgrad" merge "$folder/all.db" --into "$folder/$shard.db" >/dev/null
    done
    seq "$count" | parallel --will-cite --quote --jobs "$count" --halt now,fail=1 \
        "$handgrad" sweep "$@" --threads 1 --shard "{}/$count" --store "$folder/{}.db"
    "$handgrad" merge $(seq -f "$folder/%g.db" "$count") --into "$folder/all.db"
done
"$handgrad" sweep "$@" --out "$out" --store "$folder/all.db"
