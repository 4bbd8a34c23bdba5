// Apache Kafka on Azure, behind Private Link Services: all of it is configured in Pulumi.<stack>.yaml.
package main

import (
	"github.com/kafkalink/kafkalink/stacks/azure"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(azure.Run)
}
