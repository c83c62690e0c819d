# Sourced by the other scripts: finds, installs and starts what the tests need,
# and exports where it is. What cannot be had is named in one line and skipped;
# in CI it is an error instead.
#
#   SONGFA_TEST_POSTGRES  URL of a PostgreSQL server that may create databases
#   SONGFA_TEST_MINIO     MinIO server binary
#   SONGFA_TEST_CHROMIUM  Chromium binary
#   SONGFA_TEST_AXE       axe.min.js
#   SONGFA_TEST_VNU       vnu.jar
#   SONGFA_TEST_KHAL      khal, a calendar of the terminal; vdirsyncer beside it
#   SONGFA_TEST_SOFFICE   LibreOffice Writer, to make .docx files with
#   SONGFA_TEST_ICALJS    ical.js, the reader of Thunderbird
#   SONGFA_TEST_NODE      Node.js; the visual editor is bundled when it is set
#
# Everything is kept outside the repository, below the user's cache directory.

minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
cache=${XDG_CACHE_HOME:-$HOME/.cache}/songfa-test
mkdir -p "$cache/bin"
scratch=$(mktemp -d)
chmod 755 "$scratch"
cleanup=()

at_exit() {
  local i
  for ((i = ${#cleanup[@]} - 1; i >= 0; i--)); do eval "${cleanup[i]}" || true; done
  rm -rf "$scratch"
}
trap at_exit EXIT

# missing NAME WHY: skip with a line, or fail in CI.
missing() {
  if [ -n "${CI:-}" ]; then
    echo "testenv: $1 is missing: $2" >&2
    exit 1
  fi
  echo "testenv: skipping what needs $1: $2"
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt PACKAGE…: install what is not there yet, when we may.
apt() {
  local want=() p
  for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || want+=("$p"); done
  [ ${#want[@]} -eq 0 ] && return 0
  can_apt || return 1
  echo "testenv: installing ${want[*]}"
  if [ ! -e "$scratch/apt-updated" ]; then
    apt-get update -qq >"$scratch/apt.log" 2>&1 || { tail -5 "$scratch/apt.log" >&2; return 1; }
    touch "$scratch/apt-updated"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}" >"$scratch/apt.log" 2>&1 ||
    { tail -5 "$scratch/apt.log" >&2; return 1; }
}

find_chromium() {
  local c
  for c in chromium chromium-browser google-chrome; do
    if command -v $c >/dev/null; then command -v $c; return; fi
  done
  return 0
}

setup_chromium() {
  [ -n "${SONGFA_TEST_CHROMIUM:-}" ] && return
  [ -n "$(find_chromium)" ] || apt chromium || true
  fc-list :lang=zh 2>/dev/null | grep -q . || apt fontconfig fonts-noto-cjk || true
  SONGFA_TEST_CHROMIUM=$(find_chromium)
  [ -n "$SONGFA_TEST_CHROMIUM" ] && export SONGFA_TEST_CHROMIUM || missing chromium "apt-get install chromium fonts-noto-cjk"
}

# npm_file PACKAGE@VERSION PATH: prints the file, fetched once into the cache.
npm_file() {
  local dir="$cache/npm/${1//[@\/]/_}"
  if [ ! -e "$dir/node_modules/$2" ]; then
    command -v npm >/dev/null || apt nodejs npm || return 1
    mkdir -p "$dir"
    npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --silent "$1" >"$scratch/npm.log" 2>&1 ||
      { tail -5 "$scratch/npm.log" >&2; return 1; }
  fi
  echo "$dir/node_modules/$2"
}

setup_audits() {
  if SONGFA_TEST_AXE=$(npm_file axe-core@4.14.1 axe-core/axe.min.js); then export SONGFA_TEST_AXE; else missing axe-core "needs npm"; fi
  command -v java >/dev/null || apt default-jre-headless || true
  if command -v java >/dev/null && SONGFA_TEST_VNU=$(npm_file vnu-jar@26.9.27 vnu-jar/build/dist/vnu.jar); then
    export SONGFA_TEST_VNU
  else
    missing vnu "needs npm and Java"
  fi
}

pg_bin() { { ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null || true; } | sort -V | tail -1; }

# as_pg COMMAND: PostgreSQL refuses to run as root.
as_pg() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }

# setup_postgres [durable]: a server for tests, or one that writes to the disk as
# in life, for measurements.
setup_postgres() {
  [ -n "${SONGFA_TEST_POSTGRES:-}" ] && [ "${1:-}" != durable ] && return
  [ -n "$(pg_bin)" ] || apt postgresql || true
  local bin dir="$scratch/pg" port
  bin=$(pg_bin)
  if [ -z "$bin" ]; then missing PostgreSQL "apt-get install postgresql, or set SONGFA_TEST_POSTGRES"; return; fi
  mkdir "$dir"
  [ "$(id -u)" != 0 ] || chown postgres "$dir"
  port=$(free_port)
  as_pg "$bin/initdb -D $dir/data -U songfa -A trust -E UTF8 --locale=C --no-sync >$dir/log 2>&1"
  # Durability is PostgreSQL's to prove; in tests it would only cost time.
  local lax="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  [ "${1:-}" != durable ] || lax=""
  as_pg "$bin/pg_ctl -D $dir/data -l $dir/log -w start -o '-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir \
    $lax -c max_connections=400' >/dev/null"
  cleanup+=("as_pg '$bin/pg_ctl -D $dir/data -m immediate stop >/dev/null'")
  export SONGFA_TEST_POSTGRES="postgres://songfa@127.0.0.1:$port/postgres?sslmode=disable"
}

free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

setup_minio() {
  [ -n "${SONGFA_TEST_MINIO:-}" ] && return
  local bin="$cache/bin/minio"
  if [ ! -x "$bin" ]; then
    echo "testenv: building MinIO (once, some minutes)"
    (cd "$scratch" && GOFLAGS= GOBIN="$cache/bin" CGO_ENABLED=0 go install "github.com/minio/minio@$minio_version") || true
  fi
  [ -x "$bin" ] && export SONGFA_TEST_MINIO="$bin" || missing MinIO "go install did not succeed"
}

setup_readers() {
  { command -v khal && command -v vdirsyncer; } >/dev/null || apt khal vdirsyncer || true
  if command -v vdirsyncer >/dev/null && SONGFA_TEST_KHAL=$(command -v khal); then
    export SONGFA_TEST_KHAL
  else
    missing khal "apt-get install khal vdirsyncer"
  fi
  if SONGFA_TEST_ICALJS=$(npm_file ical.js@2.2.1 ical.js/dist/ical.js); then export SONGFA_TEST_ICALJS; else missing ical.js "needs npm"; fi
}

# setup_editor: the visual editor's bundle, which the tests embed.
setup_editor() {
  command -v npm >/dev/null || apt nodejs npm || true
  if command -v npm >/dev/null && make -s assets && SONGFA_TEST_NODE=$(command -v node); then
    export SONGFA_TEST_NODE
  else
    missing "the visual editor" "needs npm"
  fi
}

setup_office() {
  [ -n "${SONGFA_TEST_SOFFICE:-}" ] && return
  command -v soffice >/dev/null || apt libreoffice-writer-nogui || true
  if SONGFA_TEST_SOFFICE=$(command -v soffice); then export SONGFA_TEST_SOFFICE; else missing LibreOffice "apt-get install libreoffice-writer-nogui"; fi
}

setup_all() {
  setup_editor
  setup_postgres
  setup_minio
  setup_chromium
  setup_audits
  setup_readers
  setup_office
}
