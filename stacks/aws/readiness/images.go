package readiness

import "github.com/kafkalink/kafkalink/stacks/examination"

// images checks that the machines' images are in the region and of the types' architecture.
func (e *examiner) images() []Check {
	wanted := func(m Planned) string { return examination.Text(m.Inputs, "ami") }
	return examination.Images{
		Region: e.caller.Region,
		Wanted: wanted,
		Architecture: func(m Planned) (string, bool, error) {
			architecture, err := e.Architecture(wanted(m))
			return architecture, architecture != "", err
		},
		Size:    func(m Planned) (string, []string) { return typeOf(m), e.types[typeOf(m)].Architectures },
		List:    func(Planned) string { return "aws ec2 describe-images --owners amazon --region " + e.caller.Region },
		Unknown: unknown,
	}.Checks(e.machines())
}
