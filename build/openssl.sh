# Sourced by ./qf: OpenSSL 3.5 or newer, which .NET's ML-KEM, ML-DSA and post-quantum TLS need.

openssl_found=   # 'system', or the prefix to use
openssl_library= # the folder of libssl.so.3, where it is not the system's
openssl_hint='or set QF_OPENSSL to the prefix of an OpenSSL 3.5 or newer'

# The version text inside a libcrypto.so.3, e.g. 3.5.7: what counts is the file that .NET will load.
library_version() {
  LC_ALL=C grep -aoEm1 'OpenSSL [0-9]+\.[0-9]+\.[0-9]+[^ ]* [0-9]+ [A-Z][a-z]{2} [0-9]{4}' "$1" 2>/dev/null |
    { read -r _ version _ && echo "$version"; } || true
}

new_enough() { # VERSION
  local major=${1%%.*} rest=${1#*.}
  local minor=${rest%%.*}
  [[ $major =~ ^[0-9]+$ && $minor =~ ^[0-9]+$ ]] && ((major > 3 || (major == 3 && minor >= 5)))
}

openssl_library_of() { # PREFIX -> the folder of libssl.so.3
  local folder
  for folder in "$1"/lib "$1"/lib64 "$1/lib/$(uname -m)-linux-gnu"; do
    if [[ -e $folder/libssl.so.3 && -e $folder/libcrypto.so.3 ]]; then
      echo "$folder"
      return
    fi
  done
  return 1
}

# The version of the library the dynamic loader gives to .NET when nobody interferes.
system_openssl_version() {
  local folder path version _
  local -a folders=()
  IFS=: read -ra folders <<<"${LD_LIBRARY_PATH:-}"
  for folder in ${folders[@]+"${folders[@]}"}; do
    if [[ -e $folder/libssl.so.3 ]]; then
      library_version "$folder/libcrypto.so.3"
      return
    fi
  done
  local ldconfig
  ldconfig=$(PATH=$PATH:/sbin:/usr/sbin command -v ldconfig || true)
  if [[ -n $ldconfig ]]; then
    path=$("$ldconfig" -p 2>/dev/null | awk '!found && $1 == "libcrypto.so.3" && /x86-64|AArch64/ { print $NF; found = 1 }')
    if [[ -n $path ]]; then
      library_version "$path"
      return
    fi
  fi
  # No cache of libraries (musl): the command line tool names the library it runs on.
  if command -v openssl >/dev/null; then
    version=$(openssl version 2>/dev/null || true)
    version=${version##*OpenSSL }
    echo "${version%% *}"
  fi
}

openssl_find() {
  local version
  if [[ -n ${QF_OPENSSL:-} ]]; then
    openssl_library=$(openssl_library_of "$QF_OPENSSL") || die "QF_OPENSSL=$QF_OPENSSL has no lib/libssl.so.3"
    version=$(library_version "$openssl_library/libcrypto.so.3")
    new_enough "$version" || die "QF_OPENSSL=$QF_OPENSSL is OpenSSL ${version:-of an unknown version}; 3.5 or newer is needed"
    [[ -x $QF_OPENSSL/bin/openssl ]] || die "QF_OPENSSL=$QF_OPENSSL has no bin/openssl"
    openssl_found=$(cd -- "$QF_OPENSSL" && pwd)
    openssl_library=$openssl_found${openssl_library#"$QF_OPENSSL"}
  elif new_enough "$(system_openssl_version)"; then
    openssl_found=system
  elif [[ -x $root/.tools/openssl/bin/openssl ]]; then
    openssl_found=$root/.tools/openssl
    openssl_library=$openssl_found/lib
  fi
}

# Only for processes that run the program: git, npm and restore keep the system's library.
openssl_export() {
  if [[ $openssl_found != system ]]; then
    export QF_OPENSSL=$openssl_found
    export LD_LIBRARY_PATH=$openssl_library${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  fi
}

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

openssl_check_tools() {
  if ! command -v apt-get >/dev/null; then
    die "OpenSSL 3.5 or newer is needed, and without apt-get it cannot be built here: set QF_OPENSSL to its prefix"
  fi
  if ! command -v gcc >/dev/null || ! gcc -E - <<<'#include <stdlib.h>' >/dev/null 2>&1; then
    lacks gcc gcc
    lacks "the C library's headers" libc6-dev
  fi
  command -v make >/dev/null || lacks make make
  command -v perl >/dev/null || lacks perl perl
  command -v dpkg-source >/dev/null || lacks dpkg-source dpkg-dev
  [[ -r $debian_keyring ]] || lacks "Debian's archive keys" debian-archive-keyring
  if ((${#missing[@]} > 0)); then hint=$openssl_hint; fi
}

# Builds Debian 13's OpenSSL from its source package into .tools/openssl. apt works with lists and caches of its own, so the
# system's package state stays as it is, and it checks the package against Debian's keys. The finished folder
# appears by one rename: an interrupted build leaves nothing that looks finished.
openssl_build() {
  local tools=$root/.tools prefix started=$SECONDS
  openssl_log=$tools/openssl-build.log
  : >"$openssl_log"
  say "OpenSSL 3.5 or newer is not on this system: building it once into .tools/openssl (3 minutes on 2 cores)"
  rm -rf "$tools"/openssl-work "$tools"/openssl-new
  openssl_work=$tools/openssl-work
  prefix=$tools/openssl
  if [[ $tools == *[[:space:]]* ]]; then # OpenSSL's Makefile cannot build in, or be installed to, such a path
    # The same name each time, so that what a killed build left is removed by the next.
    openssl_work=${TMPDIR:-/tmp}/qf-openssl-$(printf '%s' "$EUID $tools" | sha256sum | cut -c1-16)
    prefix=/opt/quantumfed-openssl
    rm -rf "$openssl_work"
  fi
  on_exit+=(openssl_clean)
  mkdir -m 700 "$openssl_work" # fails if somebody else made it
  mkdir -p "$openssl_work"/{lists/partial,cache/archives/partial,source,stage}
  openssl_write_apt_configuration

  openssl_step "OpenSSL 1/4: reading Debian's package lists" "$openssl_work" \
    apt-get --config-file "$openssl_work/apt.conf" --error-on=any update
  openssl_fetch
  local -a unpacked=("$openssl_work"/source/openssl-*/)
  openssl_step "OpenSSL 3/4: configuring" "${unpacked[0]}" \
    ./Configure $(openssl_target) shared no-tests no-docs --prefix="$prefix" --libdir=lib --openssldir=/usr/lib/ssl
  openssl_step "OpenSSL 4/4: compiling" "${unpacked[0]}" \
    make -j"$(nproc)"
  openssl_step "OpenSSL 4/4: installing" "${unpacked[0]}" \
    make install_sw DESTDIR="$openssl_work/stage"

  cp -a "$openssl_work/stage$prefix" "$tools/openssl-new"
  new_enough "$(library_version "$tools/openssl-new/lib/libcrypto.so.3")" || openssl_failed "checking the built library"
  rm -rf "$tools/openssl"
  mv -T "$tools/openssl-new" "$tools/openssl"
  openssl_clean
  openssl_find
  say "OpenSSL $(library_version "$openssl_library/libcrypto.so.3") built in $(clock $((SECONDS - started)))"
}

# Fetches the newest version that the mirror both lists and has: while a mirror is being brought up to date, its signed lists
# name files that it cannot give yet, beside the version before, which it can.
openssl_fetch() {
  local label="OpenSSL 2/4: fetching its source package" version
  local -a versions
  mapfile -t versions < <(apt-cache --config-file "$openssl_work/apt.conf" showsrc openssl 2>>"$openssl_log" |
    awk '$1 == "Version:" { print $2 }' | sort -ruV)
  for version in ${versions[@]+"${versions[@]}"}; do
    new_enough "$version" || continue
    run_step "$label $version" "$openssl_log" env --chdir="$openssl_work/source" \
      apt-get --config-file "$openssl_work/apt.conf" source "openssl=$version" && return
    say "$label $version: the mirror does not have it now"
  done
  openssl_failed "$label"
}

openssl_write_apt_configuration() {
  local mirror=${QF_DEBIAN_MIRROR:-http://deb.debian.org/debian}
  echo "deb-src [signed-by=$debian_keyring] $mirror trixie main" >"$openssl_work/sources.list"
  # Read after the system's configuration: its proxies hold, its hooks (which clean the system's caches) do not.
  cat >"$openssl_work/apt.conf" <<CONF
Dir::Etc::sourcelist "$openssl_work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$openssl_work/lists";
Dir::Cache "$openssl_work/cache";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "2";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
}

openssl_target() {
  case $(uname -m) in
    x86_64) echo linux-x86_64 ;;
    aarch64) echo linux-aarch64 ;;
  esac # elsewhere Configure chooses
}

openssl_step() { # LABEL FOLDER COMMAND...
  local label=$1 folder=$2
  shift 2
  run_step "$label" "$openssl_log" env --chdir="$folder" "$@" || openssl_failed "$label"
}

openssl_failed() {
  say "failed: $1; the end of $openssl_log:"
  tail -n 15 "$openssl_log" | sed 's/^/    /' >&2
  die "OpenSSL could not be built; where Debian's sources are out of reach, set QF_OPENSSL to the prefix of an OpenSSL 3.5 or newer"
}

openssl_clean() {
  rm -rf "${openssl_work:-$root/.tools/openssl-work}" "$root/.tools/openssl-new"
}
