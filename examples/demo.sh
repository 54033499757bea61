#!/usr/bin/env bash
# The main job, offline, on the local org: a goal, a plan, a preview, a confirmation, a changed record.
# It keeps to a home of its own and starts from a fresh org each time.
set -euo pipefail

export ACTWRIGHT_HOME="${DEMO_HOME:-.demo}"
rm -rf "$ACTWRIGHT_HOME"
mkdir -p "$ACTWRIGHT_HOME"

goal="Close the Acme Renewal as won and create a follow-up task for next Tuesday"
stage="SELECT Name, StageName, Amount FROM Opportunity WHERE Name = 'Acme Renewal'"

if [ -t 1 ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold= plain=; fi
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

say "Before"
actwright query "$stage"

say "1. Plan: $goal"
actwright plan "$goal" --out "$ACTWRIGHT_HOME/plan.json"

say "2. Preview: exactly what would change"
actwright preview "$ACTWRIGHT_HOME/plan.json" --out "$ACTWRIGHT_HOME/preview.json"

say "3. Confirm that very preview (unattended: this is a local org)"
actwright confirm "$ACTWRIGHT_HOME/preview.json" --yes

say "4. Apply"
actwright apply "$ACTWRIGHT_HOME/preview.json"

say "5. The run is on the record"
actwright ps

say "After"
actwright query "$stage"
