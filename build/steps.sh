# Sourced by ./qf: messages, long steps with their elapsed time, and the lock that lets one ./qf set up at a time.
# Everything goes to standard error, because standard output belongs to the program.

say() { printf 'qf: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# Waits without a process of its own: nobody ever writes to this pipe.
pause() { read -rt "$1" _ <> <(:) || true; }

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

current_step=
on_exit=()
trap 'for action in ${on_exit[@]+"${on_exit[@]}"}; do $action; done' EXIT
# A command that fails where nothing expects it ends the launcher (set -e), but never silently.
set -E
trap 'say "stopped: \"$BASH_COMMAND\" failed in ${BASH_SOURCE[0]##*/}, line $LINENO"' ERR
trap 'echo >&2; stop_step; exit 130' INT
trap 'stop_step; exit 143' TERM HUP

# Ends the step's whole process group, and waits until nothing of it can write to a folder that is about to be removed.
stop_step() {
  local attempt
  if [[ -z $current_step ]]; then return; fi
  kill -TERM -- "-$current_step" 2>/dev/null || true
  wait "$current_step" 2>/dev/null || true
  for ((attempt = 0; attempt < 20; attempt++)); do
    kill -0 -- "-$current_step" 2>/dev/null || return 0
    pause 0.1
  done
  kill -KILL -- "-$current_step" 2>/dev/null || true
}

# run_step LABEL LOG COMMAND...: runs the command with its output in LOG, showing the label and the elapsed time.
# The command gets a process group of its own, so that an interrupted step takes its children with it, and the kernel ends it
# should the launcher be killed outright.
run_step() {
  local label=$1 log=$2 started=$SECONDS shown=0 status=0
  shift 2
  setsid setpriv --pdeathsig TERM -- "$@" </dev/null >>"$log" 2>&1 &
  current_step=$!
  if [[ ! -t 2 ]]; then say "$label..."; fi
  while kill -0 "$current_step" 2>/dev/null; do
    if [[ -t 2 ]]; then
      printf '\rqf: %s... %s' "$label" "$(clock $((SECONDS - started)))" >&2
    elif ((SECONDS - started - shown >= 20)); then
      shown=$((SECONDS - started))
      say "$label... $(clock $shown)"
    fi
    pause 0.1
  done
  wait "$current_step" || status=$?
  current_step=
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  if ((status == 0)); then say "$label: done in $(clock $((SECONDS - started)))"; fi
  return "$status"
}

lock_held=
setup_lock() {
  if [[ -n $lock_held ]]; then return; fi
  mkdir -p "$root/.tools" 2>/dev/null || die "cannot write to $root, which is needed to set up this checkout"
  exec 9>"$root/.tools/lock"
  if ! flock -n 9; then
    say "another ./qf is setting up this checkout; waiting for it"
    while ! flock -n 9; do pause 0.2; done
  fi
  lock_held=1
}

setup_unlock() {
  if [[ -n $lock_held ]]; then exec 9>&-; fi
  lock_held=
}

# lacks NAME PACKAGE: notes something the system lacks and the Debian package that has it.
lacks() {
  missing+=("$1")
  apt_packages+=("$2")
}

report_missing() {
  if ((${#missing[@]} == 0)); then return; fi
  local names packages prefix=
  names=$(printf ', %s' "${missing[@]}")
  packages=$(printf '%s\n' "${apt_packages[@]}" | sort -u | tr '\n' ' ')
  if ((EUID != 0)); then prefix='sudo '; fi
  say "this system lacks ${names:2}; install with: ${prefix}apt-get install -y ${packages% }${hint:+ ($hint)}"
  exit 3
}
