#!/usr/bin/env bash
# Shows without a container engine that the image will work: the Dockerfile's build, and then its
# user, environment and commands in a root directory with nothing but the program and the two files
# that an engine mounts. Everything runs in a network and a process namespace of its own, so that
# ports are free, nothing is reachable from outside, and nothing outlives the script.
#
#   tests/image/chroot.sh            builds (minutes), then checks; wants root, unshare and ip
#   tests/image/chroot.sh BINARY     checks a program that has been built before
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly SIZE_MAX=$((20 * 1000 * 1000))
readonly STOP_MS_MAX=1000
readonly READY_MS_MAX=5000
# A name that only the image's /etc/hosts knows.
readonly RECEIVER=merchant.internal

say() { printf '\n-- %s\n' "$*"; }

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# The last instruction of this name in the Dockerfile, without JSON's brackets, quotes and commas.
instruction() {
    sed -n "s/^$1 //p" Dockerfile | tail -n 1 | tr -d '[]",'
}

make_root() {
    mkdir "$root" "$root/etc"
    cp "$binary" "$root/vipps-mock"
    printf '127.0.0.1 localhost\n::1 localhost\n127.0.0.1 %s\n' "$RECEIVER" >"$root/etc/hosts"
    # An engine's own resolver; here nobody answers, and nobody needs to be asked.
    printf 'nameserver 127.0.0.11\n' >"$root/etc/resolv.conf"
    # The engine's work directory may be written to by root alone.
    chmod -R a+rX,go-w "$root"
}

check_content() {
    say 'content of the root directory'
    (cd "$root" && find . -type f -printf '%10s  %p\n')
    local size
    size="$(stat --format %s "$root/vipps-mock")"
    [ "$size" -lt "$SIZE_MAX" ] || fail "the program has $size bytes, more than $SIZE_MAX"
    if grep -q 'Requesting program interpreter' <(readelf --program-headers "$root/vipps-mock"); then
        fail 'the program is not static'
    fi
    echo "$size bytes, static"
}

# Runs the program in the root as the image would: its user, its environment, no other.
in_root() {
    local user environment
    user="$(instruction USER)"
    read -ra environment <<<"$(instruction ENV)"
    env -i "${environment[@]}" "$chroot" --userspec="$user" "$root" "$@"
}

health() {
    local words
    read -ra words <<<"$(instruction HEALTHCHECK | sed 's/.* CMD //')"
    in_root "${words[@]}"
}

now_ms() { date +%s%3N; }

# Starts it as process 1 of a namespace, and waits until its health check passes.
start() {
    local words environment started
    read -ra words <<<"$(instruction ENTRYPOINT) $(instruction CMD)"
    read -ra environment <<<"$(instruction ENV)"
    started="$(now_ms)"
    unshare --pid --fork --kill-child bash -c 'exec "$@"' - \
        env -i "${environment[@]}" "$chroot" --userspec="$(instruction USER)" "$root" "${words[@]}" \
        >"$log" 2>&1 &
    unshare_pid=$!
    until health >/dev/null 2>&1; do
        kill -0 "$unshare_pid" 2>/dev/null || fail "it ended: $(cat "$log")"
        [ $(($(now_ms) - started)) -lt "$READY_MS_MAX" ] || fail "not healthy: $(cat "$log")"
        sleep 0.02
    done
    # That file has no line end, which read takes for a failure.
    read -r mock_pid <"/proc/$unshare_pid/task/$unshare_pid/children" || true
    health
    sed 's/^/   /' "$log"
    grep -q "^Uid:.$(instruction USER | cut -d: -f1)" "/proc/$mock_pid/status" || fail 'another user'
    grep -q '^NSpid:.*[[:space:]]1$' "/proc/$mock_pid/status" || fail 'not process 1'
}

# SIGTERM, while somebody keeps a connection open.
stop() {
    local told took code=0
    exec 3<>/dev/tcp/127.0.0.1/8080
    told="$(now_ms)"
    kill -TERM "$mock_pid"
    wait "$unshare_pid" || code=$?
    took=$(($(now_ms) - told))
    exec 3>&-
    echo "SIGTERM to the end: $took ms, exit code $code"
    [ "$code" = 0 ] || fail 'it should end with 0'
    [ "$took" -lt "$STOP_MS_MAX" ] || fail "that is more than $STOP_MS_MAX ms"
}

# The end of a report in which nothing was left out: where webhooks do not come, the features that need
# them are not run, and that is no failure.
whole() {
    tail -n 2 "$report"
    if grep -q ' not run' "$report"; then fail "$(cat "$report")"; fi
}

inside() {
    ip link set lo up
    check_content

    say 'served as the image serves it, as process 1'
    start
    say 'the features from another place: webhooks go to a name from /etc/hosts'
    "$binary" conformance --target http://127.0.0.1:8080 --webhook-host "$RECEIVER" \
        >"$report" 2>&1 || fail "$(cat "$report")"
    whole
    say 'the features from the same image'
    in_root /vipps-mock conformance --target http://localhost:8080 >"$report" 2>&1 ||
        fail "$(cat "$report")"
    whole
    stop

    say 'the same without /etc/hosts: localhost is known all the same'
    rm "$root/etc/hosts"
    start
    in_root /vipps-mock health --url http://localhost:8080
    "$binary" conformance webhooks taxi --target http://127.0.0.1:8080 --webhook-host localhost \
        >"$report" 2>&1 || fail "$(cat "$report")"
    whole
    # And the check above can fail: that other name is known no longer.
    "$binary" conformance webhooks --target http://127.0.0.1:8080 --webhook-host "$RECEIVER" \
        >"$report" 2>&1 || fail "failed for another reason: $(cat "$report")"
    grep -m 1 'none came to this machine' "$report" ||
        fail "webhooks reached $RECEIVER without /etc/hosts"
    echo "$RECEIVER is not reached, as it should be"
    stop

    say 'all of it holds'
}

chroot="$(command -v chroot)"
if [ "${1:-}" = --inside ]; then
    work="$2" binary="$3"
    root="$work/root" log="$work/log" report="$work/report"
    inside
    exit
fi

[ "$(id -u)" = 0 ] || fail 'only root may change the root directory'
if [ $# -gt 0 ]; then
    binary="$(realpath "$1")"
else
    say 'the build of the Dockerfile'
    time binary="$(tests/image/build-static.sh)"
fi
work="$(mktemp -d)"
chmod a+rx "$work"
trap 'rm -r "$work"' EXIT
root="$work/root"
make_root
unshare --net --pid --fork --mount-proc --kill-child \
    "$PWD/tests/image/chroot.sh" --inside "$work" "$binary"
