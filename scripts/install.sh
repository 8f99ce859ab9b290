#!/bin/sh
# Installs Gatehouse from the unpacked bundle in which this file lies; needs Python and no network.
#   ./install.sh             installs beside what is there, then switches over
#   ./install.sh --back      switches back to the version before
# PREFIX (/opt/gatehouse): releases/VERSION holds each version, `current` names the one that runs.
# As root, with PREFIX unset, it also makes the user, /etc/gatehouse and the systemd units, and
# restarts what runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-/opt/gatehouse}
# elsewhere, or not as root, only files are put there
system=no
[ "$(id -u)" -ne 0 ] || [ -n "${PREFIX:-}" ] || system=yes

switch() { # a release, by its folder's name
    [ ! -L "$prefix/current" ] || [ "$(readlink "$prefix/current")" = "releases/$1" ] ||
        ln -sfn "$(readlink "$prefix/current")" "$prefix/previous"
    ln -sfn "releases/$1" "$prefix/current.new"
    mv -T "$prefix/current.new" "$prefix/current" # at once: nobody finds it missing
    echo "Gatehouse $1 is current."
}

restart() {
    [ $system = yes ] && [ -d /run/systemd/system ] || return 0
    systemctl daemon-reload
    systemctl try-restart gatehouse-hub.service 'gatehouse-edge@*.service'
}

if [ "${1:-}" = --back ]; then
    [ -L "$prefix/previous" ] || { echo "There is no version before this one." >&2; exit 1; }
    switch "$(basename "$(readlink "$prefix/previous")")"
    restart
    exit 0
fi

(cd "$here" && sha256sum --quiet --check SHA256SUMS) || {
    echo "The bundle is damaged; nothing was installed." >&2
    exit 1
}
version=$(cat "$here/VERSION")
release=$prefix/releases/$version
python=${PYTHON:-python3}
if [ "$(readlink "$prefix/current" 2>/dev/null)" = "releases/$version" ]; then
    echo "Gatehouse $version is installed and current already." >&2
    exit 1
fi
rm -rf "$release"
mkdir -p "$prefix/releases"
trap 'rm -rf "$release"; echo "Nothing was changed." >&2' EXIT
"$python" -m venv "$release"
pip="$release/bin/python -m pip --disable-pip-version-check install --quiet --no-index"
$pip --require-hashes --find-links "$here/wheels" -r "$here/requirements.txt"
$pip --no-deps "$here"/gatehouse-*.whl
"$release/bin/gatehouse" --help >/dev/null
cp -r "$here/configs" "$here/docs" "$here/LICENSE" "$here/CHANGELOG.md" "$here/install.sh" "$release/"
trap - EXIT

if [ $system = yes ]; then
    id gatehouse >/dev/null 2>&1 ||
        useradd --system --home-dir /var/lib/gatehouse --shell /usr/sbin/nologin gatehouse
    mkdir -p /etc/gatehouse
    cp "$here"/configs/systemd/*.service /etc/systemd/system/
fi
switch "$version"
restart
