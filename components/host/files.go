package host

import "embed"

//go:embed files/* scripts/*.sh
var embedded embed.FS

// embeddedFile is the content of a file under files/ or scripts/; they are part of the binary, so a
// wrong name is a mistake in this package.
func embeddedFile(path string) string {
	content, err := embedded.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return string(content)
}
