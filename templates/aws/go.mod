module ${PROJECT}

go 1.26

require (
	github.com/kafkalink/kafkalink v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.230.0
)
