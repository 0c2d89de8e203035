# Sourced by ./qf: the .NET build of the program and the npm packages of the local chain, the contracts and the gRPC
# tests, each made again only when what it is made from changed.

# Names, sizes and times of everything the program is compiled from: 10 ms, where asking MSBuild takes 3 s.
source_stamp() {
  (
    cd "$root"
    sources=(src)
    for source in contracts/artifacts Directory.*.props Directory.*.targets global.json [Nn]u[Gg]et.config BannedSymbols.txt .editorconfig; do
      if [[ -e $source ]]; then sources+=("$source"); fi
    done
    find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum
  )
}

program_is_current() {
  local stamp=
  if [[ -r $program && -r $program.stamp ]]; then stamp=$(<"$program.stamp"); fi
  [[ -n $stamp && $stamp == "$(source_stamp)" ]]
}

program_check_tools() {
  local sdks
  if ! command -v dotnet >/dev/null; then
    lacks 'the .NET SDK 10' dotnet-sdk-10.0
  elif [[ $wanted == test ]] || ! program_is_current; then
    sdks=$(cd / && dotnet --list-sdks 2>/dev/null || true)
    if [[ $'\n'$sdks != *$'\n10.'* ]]; then lacks 'the .NET SDK 10' dotnet-sdk-10.0; fi
  fi
  if [[ " ${apt_packages[*]-} " == *' dotnet-sdk-10.0 '* ]]; then
    hint="Debian has it from packages.microsoft.com: https://learn.microsoft.com/dotnet/core/install/linux-debian"
  fi
}

program_build() { # PROJECT OR SOLUTION
  local log=$root/.tools/build.log stamp
  stamp=$(source_stamp) # before building: a source changed meanwhile is built again next time
  rm -f "$program.stamp"
  : >"$log"
  # No build servers: nothing is left running, and nothing holds the lock.
  if ! run_step building "$log" env --chdir="$root" MSBUILDDISABLENODEREUSE=1 \
    dotnet build "$1" --configuration Release --disable-build-servers --nologo --verbosity quiet; then
    local output
    output=$(<"$log")
    output=${output//"$root/"/}
    grep -E '(error|warning) [A-Z]+[0-9]+' <<<"$output" | sort -u | sed -n 1,40p >&2 || tail -n 40 "$log" >&2
    die "the build failed; its whole output is in $log"
  fi
  if [[ -r $program ]]; then echo "$stamp" >"$program.stamp"; fi
}

npm_is_current() { # FOLDER
  local stamp=$root/$1/node_modules/.qf-stamp
  [[ -r $stamp && -r $root/$1/package-lock.json && $(<"$stamp") == "$(sha256sum <"$root/$1/package-lock.json")" ]]
}

npm_check_tools() {
  local folder needed=
  if [[ $wanted == test ]]; then needed=1; fi # Hardhat and grpc-js run on Node; anvil is a program of its own
  for folder in ${npm_folders[@]+"${npm_folders[@]}"}; do
    npm_is_current "$folder" || needed=1
  done
  if [[ -z $needed ]]; then return; fi
  command -v node >/dev/null || lacks 'Node 20' nodejs
  command -v npm >/dev/null || lacks npm npm
}

npm_install() { # FOLDER
  local log=$root/.tools/npm-${1//\//-}.log
  if [[ ! -r $root/$1/package-lock.json ]]; then die "$1/package-lock.json is missing from this checkout"; fi
  : >"$log"
  if ! run_step "installing the npm packages of $1" "$log" env --chdir="$root/$1" \
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; then
    tail -n 15 "$log" | sed 's/^/    /' >&2
    die "npm ci failed in $1; its whole output is in $log"
  fi
  sha256sum <"$root/$1/package-lock.json" >"$root/$1/node_modules/.qf-stamp"
}
