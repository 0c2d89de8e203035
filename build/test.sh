# Sourced by ./qf for `qf test`: every suite under its own time limit, one total.

passed=0 failed=0 skipped=0
suite_group=

# run_suite NAME FOLDER COMMAND...: streams the suite's output, also into $suite_log; the exit code goes to $suite_status.
# The suite is marked by an environment variable, so that whatever it left running is found, stopped and reported.
run_suite() {
  local name=$1 folder=$2 output tee_pid
  shift 2
  suite_log=$logs/$name.log suite_status=0 suite_mark=$name.$$.$RANDOM suite_started=$SECONDS
  exec {output}> >(exec tee "$suite_log")
  tee_pid=$!
  # timeout makes itself the leader of a process group, which is the group to stop.
  env --chdir="$folder" QF_TEST_RUN="$suite_mark" \
    setpriv --pdeathsig TERM -- timeout --kill-after=10 "$limit" "$@" </dev/null >&"$output" 2>&1 {output}>&- &
  suite_group=$!
  exec {output}>&-
  wait "$suite_group" || suite_status=$?
  stop_strays "$name"
  suite_group=
  wait "$tee_pid" || true
}

strays() { grep -lz "^QF_TEST_RUN=$suite_mark\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 || true; }

# Processes that end because their parent did get three seconds for it.
stop_strays() {
  local attempt pid left=
  for ((attempt = 0; attempt < 15; attempt++)); do
    left=$(strays)
    if [[ -z $left ]]; then return; fi
    pause 0.2
  done
  for pid in $left; do
    fail_suite "$1" "left process $pid running: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null || true)"
    kill -KILL "$pid" 2>/dev/null || true
  done
}

stop_suite() {
  if [[ -n $suite_group ]]; then
    kill -TERM -- "-$suite_group" 2>/dev/null || true
    local pid
    for pid in $(strays); do kill -KILL "$pid" 2>/dev/null || true; done
  fi
}

fail_suite() { # NAME REASON
  echo "$1: $2"
  failed=$((failed + 1))
}

# judge_suite NAME PASSED FAILED SKIPPED: adds the counts and everything else that makes a suite fail.
judge_suite() {
  local name=$1 counted=$((${2:-0} + ${3:-0} + ${4:-0}))
  passed=$((passed + ${2:-0})) failed=$((failed + ${3:-0})) skipped=$((skipped + ${4:-0}))
  if ((suite_status >= 124 && SECONDS - suite_started >= limit)); then
    fail_suite "$name" "stopped after $limit s (QF_TEST_TIMEOUT)"
  elif ((counted == 0)); then
    # Microsoft.Testing.Platform's exit code 8: the filter matches nothing in this suite.
    if [[ -z $filtered ]] || ((suite_status != 8)); then fail_suite "$name" "ran no test (exit code $suite_status)"; fi
  elif ((suite_status != 0 && ${3:-0} == 0)); then
    fail_suite "$name" "ended with exit code $suite_status"
  fi
  echo "$name: ${2:-0} passed, ${3:-0} failed, ${4:-0} skipped in $((SECONDS - suite_started)) s"
}

# The counts in the last summary of Microsoft.Testing.Platform.
count_of() { awk -v key="$1:" '/^Test run summary:/ { n = "" } $1 == key { n = $2 } END { print n + 0 }' "$suite_log"; }

# The counts of mocha, which Hardhat uses.
mocha_count() { awk -v key="$1" '$2 == key && $1 ~ /^[0-9]+$/ { n = $1 } END { print n + 0 }' "$suite_log"; }

# run_tests [--long] ARGUMENT...: what is not --long goes to every suite.
run_tests() {
  local project name argument long=
  local -a filters=()
  for argument in "$@"; do
    if [[ $argument == --long ]]; then long=yes; else filters+=("$argument"); fi
  done
  set -- ${filters[@]+"${filters[@]}"}
  filtered=${1:+yes}
  # Nothing but the option decides: a variable left over from elsewhere must not make a run short or long.
  if [[ -n $long ]]; then export QF_TEST_LONG=1; else unset QF_TEST_LONG; fi
  limit=${QF_TEST_TIMEOUT:-$([[ -n $long ]] && echo 3600 || echo 900)}
  [[ $limit =~ ^[0-9]+$ ]] || die "QF_TEST_TIMEOUT is $limit: a number of seconds is expected"
  logs=$(mktemp -d "${TMPDIR:-/tmp}/qf-test.XXXXXX")
  on_exit+=(stop_suite remove_logs)
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  if [[ -z $filtered ]]; then
    run_suite contracts "$root/contracts" \
      env HARDHAT_DISABLE_TELEMETRY_PROMPT=true FORCE_COLOR=0 npx --no-install --loglevel=error hardhat test
    judge_suite contracts "$(mocha_count passing)" "$(mocha_count failing)" "$(mocha_count pending)"
  fi

  # The program's environment, but no QF_READY: a test that starts ./qf tests the launcher too.
  openssl_export
  set_environment
  unset QF_READY OPENSSL_CONF
  # Tests that attack from outside look for bin/openssl there.
  name=$(command -v openssl || true)
  if [[ $openssl_found == system && $name == */bin/openssl ]] && openssl_library_of "${name%/bin/openssl}" >/dev/null; then
    export QF_OPENSSL=${name%/bin/openssl}
  fi
  if [[ -n ${QF_OPENSSL_CONF:-} ]]; then export OPENSSL_CONF=$QF_OPENSSL_CONF; fi
  export TESTINGPLATFORM_NOBANNER=1
  for project in "$root"/tests/*.Tests/*.csproj; do
    name=${project##*/}
    name=${name%.csproj}
    run_suite "$name" "$root" dotnet "${project%/*}/bin/Release/net10.0/$name.dll" --no-ansi --no-progress "$@"
    judge_suite "$name" "$(count_of succeeded)" "$(count_of failed)" "$(count_of skipped)"
  done

  if [[ -n $filtered ]] && ((passed + failed + skipped == 0)); then fail_suite "$*" "matches no test"; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  if ((failed > 0)); then exit 1; fi
}

remove_logs() { rm -rf "$logs"; }
