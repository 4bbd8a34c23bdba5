// Apache Kafka on AWS, behind VPC endpoint services: all of it is configured in Pulumi.<stack>.yaml.
package main

import (
	"github.com/kafkalink/kafkalink/stacks/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(aws.Run)
}
