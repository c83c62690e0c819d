#!/usr/bin/env bash
# with.sh COMMAND…: runs the command with the whole test environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
source internal/testenv/env.sh
setup_all
"$@"
