package host

import "fmt"

// userDataLimits holds what each cloud accepts, in bytes before base64.
// Azure customData 65,535; EC2 user data 16 KB; one Compute Engine metadata value 262,144.
var userDataLimits = map[string]int{
	"azure": 65535,
	"aws":   16384,
	"gcp":   262144,
}

// CheckUserDataSize fails when data is larger than the cloud takes.
func CheckUserDataSize(cloud, data string) error {
	limit, known := userDataLimits[cloud]
	if !known {
		return fmt.Errorf("user-data size: unknown cloud %q: use azure, aws or gcp", cloud)
	}
	if len(data) > limit {
		return fmt.Errorf("user-data is %d bytes, more than the %d that %s accepts: "+
			"shorten the source URLs, or use an image that has Java and Kafka", len(data), limit, cloud)
	}
	return nil
}
