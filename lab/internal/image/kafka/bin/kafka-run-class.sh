#!/usr/bin/env bash
# Runs a class of Kafka with the environment variables of the official archive's script of this name:
# JAVA_HOME, KAFKA_HEAP_OPTS, KAFKA_JVM_PERFORMANCE_OPTS, KAFKA_GC_LOG_OPTS, KAFKA_OPTS, KAFKA_LOG4J_OPTS,
# LOG_DIR. The jars of Maven Central come without scripts; these stand in for the archive's.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
java=java
if [[ -n ${JAVA_HOME:-} ]]; then
  java=$JAVA_HOME/bin/java
fi
log4j=${KAFKA_LOG4J_OPTS:--Dlog4j.configuration=file:$home/config/tools-log4j.properties}
logs=${LOG_DIR:-$home/logs}
performance=${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC -Djava.awt.headless=true}

# The variables hold several options each, as in the official script.
# shellcheck disable=SC2086
exec "$java" ${KAFKA_HEAP_OPTS:--Xmx256M} $performance ${KAFKA_GC_LOG_OPTS:-} \
  "-Dkafka.logs.dir=$logs" $log4j ${KAFKA_OPTS:-} -cp "$home/libs/*" "$@"
