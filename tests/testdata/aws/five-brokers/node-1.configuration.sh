#!/usr/bin/env bash
# Configuration of node 1 of the Kafka cluster orders.
# Written by kafkalink. Run as root on the machine itself; safe to run again.
# step: configure.sh
set -eu
umask 022
mkdir -p /var/lib/kafkalink /var/log/kafkalink
incoming=$(mktemp -d /var/lib/kafkalink/incoming.XXXXXX)
trap 'rm -rf "$incoming"' EXIT

cat >"$incoming/run.env" <<'KAFKALINK_END'
# What belongs to this sending of the configuration.
ATTEMPT=1
VM_DIGEST='${brokers-1-vm}/79ef13a88da84a76'
ALLOW_BLANK_DISK=0
FORCE=0
NEXT=1
DIGEST='<sha256>'
RUN='<sha256>'
KAFKALINK_END

cat >"$incoming/identity" <<'KAFKALINK_END'
NODE_ID=1
ROLES=broker,controller
CLUSTER_ID=CVZGrIYPTjSVnkQD0YZO0w
VOTERS=1@10.0.0.11:29092,2@10.0.64.12:29092,3@10.0.128.13:29092
ADDRESS=10.0.0.11
CONTROLLER_PORT=29092
INTERNAL_PORT=9092
KAFKALINK_END

cat >"$incoming/manifest" <<'KAFKALINK_END'
server.properties restart 0640 kafka /etc/kafka/server.properties
kafka.env restart 0644 root /etc/kafka/kafka.env
log4j.properties restart 0644 root /etc/kafka/log4j.properties
kafkalink.conf restart 0644 root /etc/systemd/system/kafka.service.d/kafkalink.conf
heap.env computed 0644 root /etc/kafka/heap.env
kernel.bounds none 0644 root /etc/kafkalink/kernel.bounds
node.env none 0644 root /etc/kafkalink/node.env
limits.env none 0644 root /etc/kafkalink/limits.env
host.sh none 0755 root /usr/local/lib/kafkalink/host.sh
quorum.sh none 0755 root /usr/local/lib/kafkalink/quorum.sh
partitions.sh none 0755 root /usr/local/lib/kafkalink/partitions.sh
disk.sh none 0755 root /usr/local/lib/kafkalink/disk.sh
kernel.sh none 0755 root /usr/local/lib/kafkalink/kernel.sh
install.sh none 0755 root /usr/local/lib/kafkalink/install.sh
safety.sh none 0755 root /usr/local/lib/kafkalink/safety.sh
ready.sh none 0755 root /usr/local/lib/kafkalink/ready.sh
report.sh none 0755 root /usr/local/lib/kafkalink/report.sh
configure.sh none 0755 root /usr/local/lib/kafkalink/configure.sh
kafkalink-host none 0755 root /usr/local/bin/kafkalink-host
kafkalink-host.sh none 0755 root /usr/local/lib/kafkalink/kafkalink-host.sh
KAFKALINK_END

cat >"$incoming/server.properties" <<'KAFKALINK_END'
# Written by kafkalink from the cluster's model; changes made here are lost.

# What this node is
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@10.0.0.11:29092,2@10.0.64.12:29092,3@10.0.128.13:29092
broker.rack=euc1-az1

# Listeners
listeners=INTERNAL://0.0.0.0:9092,CONTROLLER://10.0.0.11:29092,EXTERNAL://0.0.0.0:39092,EXTERNAL2://0.0.0.0:39093
advertised.listeners=INTERNAL://10.0.0.11:9092,EXTERNAL://b1.euc1-az1.kpl-7f3a.aws.plc.tidbcloud.com:9093,EXTERNAL2://b1.euc1-az1.x1y2.example.com:9093
inter.broker.listener.name=INTERNAL
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,EXTERNAL2:PLAINTEXT

# Data, on a disk of its own
log.dirs=/var/lib/kafka/data

# Copies of topics; unclean elections would lose acknowledged records
default.replication.factor=3
min.insync.replicas=2
unclean.leader.election.enable=false

# What only brokers read
auto.create.topics.enable=false
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
controlled.shutdown.enable=true
connections.max.idle.ms=180000

# From the user's configuration
num.io.threads=8
KAFKALINK_END

cat >"$incoming/kafka.env" <<'KAFKALINK_END'
JAVA_HOME=/opt/java
LOG_DIR=/var/log/kafka
KAFKA_LOG4J_OPTS=-Dlog4j.configuration=file:/etc/kafka/log4j.properties
KAFKA_OPTS=-XX:+ExitOnOutOfMemoryError
KAFKALINK_END

cat >"$incoming/log4j.properties" <<'KAFKALINK_END'
# Bounded: at most 11 files of 50 MB each, and errors to the journal.
log4j.rootLogger=INFO, file, journal

log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=/var/log/kafka/server.log
log4j.appender.file.MaxFileSize=50MB
log4j.appender.file.MaxBackupIndex=10
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=[%d] %p %m (%c)%n

log4j.appender.journal=org.apache.log4j.ConsoleAppender
log4j.appender.journal.Threshold=ERROR
log4j.appender.journal.layout=org.apache.log4j.PatternLayout
log4j.appender.journal.layout.ConversionPattern=%p %m (%c)%n

# One line per state change of every partition; of use only while debugging the controller.
log4j.logger.state.change.logger=WARN
KAFKALINK_END

cat >"$incoming/kafkalink.conf" <<'KAFKALINK_END'
[Service]
RestartSec=10
# Up to two minutes between attempts; systemd before 254 ignores these two.
RestartSteps=5
RestartMaxDelaySec=120
# Controlled shutdown moves every leadership away first.
TimeoutStopSec=300
# Two descriptors per log segment and one per connection.
LimitNOFILE=200000
LimitMEMLOCK=infinity

# No MemoryDenyWriteExecute: the JVM compiles at run time.
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
ReadWritePaths=/var/lib/kafka /var/log/kafka
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
UMask=0027
KAFKALINK_END

cat >"$incoming/kernel.bounds" <<'KAFKALINK_END'
# Load balancers drop idle flows silently (Azure after about 4 minutes): keep them alive.
net.ipv4.tcp_keepalive_time at-most 120
net.ipv4.tcp_keepalive_intvl at-most 30
net.ipv4.tcp_keepalive_probes at-most 4
# Kafka maps two index files per log segment.
vm.max_map_count at-least 262144
vm.swappiness at-most 1
# Listeners' ports, which no outgoing connection takes.
net.ipv4.ip_local_reserved_ports besides 9092,29092,39092,39093
KAFKALINK_END

cat >"$incoming/node.env" <<'KAFKALINK_END'
# What this node is. Written by kafkalink; read by the host scripts.
NODE_ID=1
ROLES='broker,controller'
CLUSTER_ID='CVZGrIYPTjSVnkQD0YZO0w'
VOTERS='1@10.0.0.11:29092,2@10.0.64.12:29092,3@10.0.128.13:29092'
ADDRESS='10.0.0.11'
CONTROLLER_PORT=29092
INTERNAL_PORT=9092
# Empty: a quarter of the machine's memory.
HEAP_MIB=''
# The data disk is the first of these that exists.
DISKS=(
  '/dev/sdf'
  '/dev/xvdf'
)
# Other brokers, to ask about partitions.
PEERS=(
  '10.0.64.12:9092'
  '10.0.128.13:9092'
)
# Listeners with their port and what they advertise.
LISTENERS=(
  'INTERNAL 9092 10.0.0.11:9092'
  'EXTERNAL 39092 b1.euc1-az1.kpl-7f3a.aws.plc.tidbcloud.com:9093'
  'EXTERNAL2 39093 b1.euc1-az1.x1y2.example.com:9093'
)
KAFKALINK_END

cat >"$incoming/limits.env" <<'KAFKALINK_END'
# Bounds of the host scripts' waits, in seconds. Override them in limits.local.
# for another configuration step to end
LOCK_SECONDS=180
# for cloud-init and the preparation of the machine
PREPARE_SECONDS=900
# for the data disk to appear
DISK_SECONDS=180
# for a quorum that could have a leader to have one
ELECTION_SECONDS=30
# until stopping this node is safe
SAFETY_SECONDS=600
# for a controlled shutdown; the unit's TimeoutStopSec and some
STOP_SECONDS=330
# until this node is registered
READY_SECONDS=300
# until its replicas have caught up
SYNC_SECONDS=900
# after it listens: longer than a load balancer's probes need, two of them 5 s apart
SETTLE_SECONDS=12
# for one of Kafka's tools
TOOL_SECONDS=60
# between two looks
POLL_SECONDS=1
# by which a voter may trail the leader's clock and count as up to date (milliseconds)
QUORUM_LAG_MS=5000
KAFKALINK_END

cat >"$incoming/kafkalink-host" <<'KAFKALINK_END'
#!/bin/sh
exec /usr/local/lib/kafkalink/kafkalink-host.sh "$@"
KAFKALINK_END

# kafkalink's own scripts, the same on every host: they are in /usr/local/lib/kafkalink afterwards.
base64 -d <<'KAFKALINK_END' | tar -xzf - -C "$incoming"
...
KAFKALINK_END

bash "$incoming/configure.sh"