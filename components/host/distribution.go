package host

import (
	"maps"
	"slices"
)

// distribution is what differs between the images that hosts run on.
type distribution struct {
	// packages by command: a command that the image lacks brings its package.
	packages []commandPackage
	// files of this distribution alone.
	files []writeFile
}

type commandPackage struct{ command, packageName string }

// neededCommands with their packages on Debian and Ubuntu. Cloud images have nearly all of them.
var neededCommands = []commandPackage{
	{"awk", "mawk"},
	{"blkid", "util-linux"},
	{"cmp", "diffutils"},
	{"curl", "curl"},
	{"flock", "util-linux"},
	{"gzip", "gzip"},
	{"mkfs.ext4", "e2fsprogs"},
	{"ps", "procps"},
	{"tar", "tar"},
}

var distributions = map[string]distribution{
	"ubuntu-24.04": {
		packages: neededCommands,
		files:    []writeFile{aptNoReboot, needrestartLeavesKafka},
	},
	"debian-12": {
		packages: neededCommands,
		files:    []writeFile{aptNoReboot},
	},
	"amazon-linux-2023": {
		packages: with(neededCommands, commandPackage{"awk", "gawk"}, commandPackage{"ps", "procps-ng"},
			// The image's curl-minimal is enough, and conflicts with curl.
			commandPackage{"curl", "curl-minimal"}),
	},
}

var (
	aptNoReboot            = writeFile{"/etc/apt/apt.conf.d/90-kafkalink", "0644", embeddedFile("files/apt.conf")}
	needrestartLeavesKafka = writeFile{"/etc/needrestart/conf.d/kafkalink.conf", "0644", embeddedFile("files/needrestart.conf")}
)

// Distributions are the names that Config.Distribution takes, sorted.
func Distributions() []string { return slices.Sorted(maps.Keys(distributions)) }

// with replaces the packages of some commands.
func with(all []commandPackage, others ...commandPackage) []commandPackage {
	result := slices.Clone(all)
	for _, other := range others {
		i := slices.IndexFunc(result, func(c commandPackage) bool { return c.command == other.command })
		result[i] = other
	}
	return result
}
