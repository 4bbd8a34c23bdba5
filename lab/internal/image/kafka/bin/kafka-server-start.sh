#!/usr/bin/env bash
# As the official script: the server logs by config/log4j.properties and has 1 GiB of heap unless told otherwise.
bin=$(dirname "$(readlink -f "$0")")
export KAFKA_LOG4J_OPTS=${KAFKA_LOG4J_OPTS:--Dlog4j.configuration=file:$bin/../config/log4j.properties}
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}
exec "$bin/kafka-run-class.sh" kafka.Kafka "$@"
