package azure

import (
	"math"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

// reservedUntil is when a network interface may be deleted whose machine was.
const reservedUntil = "reservedUntil"

// reserve keeps a machine's interfaces for a while after it was deleted.
func (f Features) reserve(t *simcloud.Transaction) error {
	if f.Reservation == 0 {
		return nil
	}
	for _, id := range interfaceIDs(t.Before) {
		nic, ok := t.World.Get(id)
		if !ok {
			continue
		}
		kept := nic.Clone()
		kept.Computed[reservedUntil] = time.Now().Add(f.Reservation).Format(time.RFC3339Nano)
		t.Put(kept)
	}
	return nil
}

// notReserved refuses to delete an interface that is still kept for its machine.
func notReserved(t *simcloud.Transaction) error {
	until, err := time.Parse(time.RFC3339Nano, t.Before.Computed.Text(reservedUntil))
	if err != nil { // it was never reserved
		return nil
	}
	if left := math.Ceil(time.Until(until).Seconds()); left > 0 {
		return refuse(400, "NicReservedForAnotherVm", "Nic(s) in request is reserved for another Virtual Machine for %[1]v seconds. "+
			"Please provide another nic(s) or retry after %[1]v seconds. To learn more about this error see aka.ms/deletenicretain.", left)
	}
	return nil
}
