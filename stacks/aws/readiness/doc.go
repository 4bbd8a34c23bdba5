// Package readiness asks AWS, before anything is made, whether it will take what is planned: with these credentials'
// permissions, in this account, with its quotas, of these types of instances and images, in those zones. It only reads.
//
// What AWS does not tell beforehand is not asked: what policies say of certain resources, tags, sessions or of the whole
// organization, and whether a zone has room at the moment.
package readiness
