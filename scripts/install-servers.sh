#!/usr/bin/env bash
# Installs the servers that the integration suites talk to: Debian packages (needs root), FerretDB and a receiver of
# Fluentd's protocol (need Go), Apache Kafka (needs Maven and Java 17).
# usage: scripts/install-servers.sh
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || packages+=(mosquitto)
command -v mosquitto_pub >/dev/null || packages+=(mosquitto-clients)
command -v sshd >/dev/null || [ -x /usr/sbin/sshd ] || packages+=(openssh-server)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || packages+=(rabbitmq-server)
/usr/bin/python3 -c 'import proton' 2>/dev/null || packages+=(python3-qpid-proton)
# what the fault suite breaks things with
command -v strace >/dev/null || packages+=(strace)
ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || packages+=(libfaketime)
command -v promtool >/dev/null || packages+=(prometheus)
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "missing: ${packages[*]}; run this script as root or install them yourself" >&2
    exit 1
  fi
  # The packages must not start services of their own: the tests start what they need.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [ -z "${HAWSER_TEST_MONGODB_URI:-}" ] && [ -z "${MONGOD_BINARY:-}" ] && ! command -v mongod >/dev/null; then
  binary=node_modules/.cache/hawser/ferretdb
  if [ ! -x "$binary" ]; then
    mkdir -p "$(dirname "$binary")"
    (cd scripts/ferretdb && go build -o "../../$binary" .)
  fi
fi

receiver=node_modules/.cache/hawser/fluentreceiver
if [ ! -x "$receiver" ]; then
  mkdir -p "$(dirname "$receiver")"
  (cd scripts/fluentreceiver && go build -o "../../$receiver" .)
fi
node -e "import('./scripts/servers/kafka.mjs').then(({ fetchKafka }) => fetchKafka())"

echo "servers are installed"
