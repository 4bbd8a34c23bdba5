package simcloud

import "io"

// Options say which clouds to serve and how they behave.
type Options struct {
	// Clouds to serve, each on its own port: azure.Cloud().
	Clouds []*Cloud
	// StateFile keeps what exists in the clouds between runs. Empty: it is forgotten on Close.
	StateFile string
	// DataPlane is where machines run. Nil: None.
	DataPlane DataPlane
	// FailOperation fails the k-th create, update or delete (counted from 1, over all clouds) once.
	FailOperation int
	// FailMatch fails, once, the first create, update or delete that it reports true for. It may be nil.
	FailMatch func(Operation) bool
	// Latency makes operations take time.
	Latency Latency
	// Log receives the operation log as lines of JSON, one when an operation starts and one when it ends.
	Log io.Writer
}

// Latency makes operations take their kind's rough time in a real cloud, scaled and shaken.
type Latency struct {
	// Scale multiplies the real time: 0 is instant, 0.001 makes 45 s of a VM 45 ms.
	Scale float64
	// Seed of the shaking: a time varies between half and one and a half of its kind's.
	Seed int64
}
