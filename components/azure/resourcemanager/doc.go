// Package resourcemanager reads from Azure Resource Manager directly what Pulumi's azure-native provider cannot ask for: the
// instance view of a Run Command or of a machine, for which that provider drops the query parameter ($expand), and what
// doctor asks before anything is made. It only reads.
//
// The token is the provider's own. It is sent to the Resource Manager for which it was issued, over HTTPS, and nowhere else:
// redirects are not followed. It is never logged.
package resourcemanager
