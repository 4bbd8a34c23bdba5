package aws

import (
	"strconv"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/naming"
	"github.com/kafkalink/kafkalink/components/rolling"
)

// longestRun is when Systems Manager ends a payload. The host's own limits are shorter: it gives up first, and says why.
const longestRun = 90 * time.Minute

// sendsTag says what an association sends to whom, and by which document: no other has the same.
const sendsTag = "kafkalink-sends"

// Send runs a payload on a machine by an association of Systems Manager with a document of ours. An association runs when
// it is made and each time it is changed.
func (s machines) Send(ctx *pulumi.Context, shipment rolling.Shipment, opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	parameter, there := s.reports[shipment.Name]
	if !there {
		var err error
		if parameter, err = s.newReport(ctx, shipment); err != nil {
			return nil, err
		}
	}
	sends := pulumi.Sprintf("%s/%s/%s", shipment.Purpose, shipment.MachineID, s.document.Name)
	if shipment.Still {
		opts = append(opts, pulumi.IgnoreChanges([]string{"associationName", "parameters", "targets", "tags"}))
	}
	return ssm.NewAssociation(ctx, shipment.Name, &ssm.AssociationArgs{
		Name:            s.document.Name,
		AssociationName: pulumi.String(shipment.Machine.Name + "-" + shipment.Purpose),
		Targets: ssm.AssociationTargetArray{&ssm.AssociationTargetArgs{
			Key: pulumi.String("InstanceIds"), Values: pulumi.StringArray{shipment.MachineID},
		}},
		Parameters: pulumi.StringMap{
			"payload":   shipment.Text(func(p rolling.Payload) string { return escaped(p.Script()) }),
			"run":       shipment.Text(func(p rolling.Payload) string { return p.Run() }),
			"attempt":   shipment.Text(func(p rolling.Payload) string { return strconv.Itoa(p.Attempt) }),
			"machine":   shipment.MachineID,
			"parameter": parameter.Name,
			"region":    pulumi.String(s.account.region),
			"timeout":   pulumi.String(strconv.Itoa(int(longestRun.Seconds()))),
		},
		Tags: naming.Overlay(named(s.Tags, shipment.Machine.Name, nil), pulumi.StringMap{sendsTag: sends}),
	}, opts...)
}

// newReports makes the parameters for what is sent to one machine. The machine is made after them, so that it goes before them: its
// host writes as long as it is there, and what it wrote into a parameter that is deleted would stay.
func (s machines) newReports(ctx *pulumi.Context, m *rolling.Machine, parent pulumi.Resource) (all []pulumi.Resource, err error) {
	for _, purpose := range m.Purposes {
		to := rolling.Destination{Machine: m, Purpose: purpose, Parent: parent}
		name := m.ShipmentName(purpose)
		if s.reports[name], err = s.newReport(ctx, rolling.Shipment{Destination: to, Name: name}); err != nil {
			return nil, err
		}
		all = append(all, s.reports[name])
	}
	return all, nil
}

// newReport is the parameter in which a host reports, there from the beginning so that it goes when the cluster does. What
// is in it is the host's.
func (s machines) newReport(ctx *pulumi.Context, shipment rolling.Shipment) (*ssm.Parameter, error) {
	// A change of anything but tags would put the value back. overwrite counts when it is made.
	theirs := []string{"insecureValue", "value", "description", "overwrite"}
	if shipment.Still {
		theirs = append(theirs, "name", "tags")
	}
	return ssm.NewParameter(ctx, shipment.Name+"-report", &ssm.ParameterArgs{
		Name:          pulumi.String(reportOf(reports(s.Cluster.Name), shipment.Destination)),
		Type:          pulumi.String("String"),
		Description:   pulumi.String("What " + shipment.Machine.Name + " says of its " + shipment.Purpose),
		InsecureValue: pulumi.String(noReport),
		Overwrite:     pulumi.Bool(true), // a host may have written after a destroy had deleted it
		Tags:          named(s.Tags, shipment.Machine.Name, nil),
	}, pulumi.Parent(shipment.Parent), pulumi.IgnoreChanges(theirs))
}
